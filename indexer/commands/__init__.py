"""What does each command do, and how does it say so? One module per command."""
