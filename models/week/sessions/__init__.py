"""A session of a week: what it is made of, how it is said, and the days that suit it."""
