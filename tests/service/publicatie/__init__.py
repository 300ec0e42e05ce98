"""What the system tells the public of itself."""
