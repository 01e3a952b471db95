"""From a decision to the days of a week, and what may change in it afterwards."""
