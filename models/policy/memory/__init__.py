"""What the policy remembers of the weeks that have been."""
