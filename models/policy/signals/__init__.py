"""What fills the fields of the state, each from its own evidence (models/policy/state.py)."""
