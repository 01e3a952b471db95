"""What each command does, without the terminal."""
