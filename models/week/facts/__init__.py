"""What the texts, days and reasons of a week need to know beyond the policy's state, as plain JSON values."""
