"""The weekly decision: state, rules, caps, ladder, memory."""
