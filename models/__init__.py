"""What is true of a body and a road: vocabulary, metrics, load, fatigue, ladder, rules, plan, lab.

Everything here is pure: values and frames in, values and frames out. No files, no clock, no database, no logging,
no randomness without a generator passed in. tests/test_architecture.py keeps it so.
"""
