"""What is remembered. DuckDB lives here and nowhere else. Imports models only."""
