"""Inside one recording: cleaning, distance, heart rate, elevation, gait, timeline."""
