"""What people and exports state without a recording: lists, diaries, logged minutes, recordings without a day."""
