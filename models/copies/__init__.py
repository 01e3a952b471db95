"""Which recordings are copies of one session, and which copy counts."""
