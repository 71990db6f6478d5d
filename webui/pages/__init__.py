"""What stands on each page? One module per page: library → values → template."""
