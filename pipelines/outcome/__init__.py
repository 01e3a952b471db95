"""What a run leaves about itself: its log, and what it depended on. Nothing here needs a library or a database."""
