"""Settings of the property tests: a busy machine is no counter-example, so there is no deadline."""

from hypothesis import settings

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
