"""What a file is that nobody can read, and what would be needed."""
