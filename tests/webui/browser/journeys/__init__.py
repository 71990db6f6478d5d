"""What does a newcomer do here? One module per purpose, one function per journey."""
