"""What an office tells many residents at once."""
