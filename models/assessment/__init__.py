"""From recordings, answers and mornings to sessions and daily rows of one athlete."""
