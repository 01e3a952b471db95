"""What goes to and from a watch or a phone: recordings, workouts, cues to listen to."""
