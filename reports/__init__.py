"""What people see: page, coach page, calendar, watch workouts. Imports models only."""
