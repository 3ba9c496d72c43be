"""What the office does, and by when."""
