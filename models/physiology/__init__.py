"""The body: load, fatigue, comfort, symptoms, and what is known of one athlete."""
