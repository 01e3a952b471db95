"""The cases by area: each module holds one table, CASES."""
