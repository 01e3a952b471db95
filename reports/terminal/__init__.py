"""Text blocks for the terminal."""
