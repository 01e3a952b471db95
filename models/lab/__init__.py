"""A simulated population to try policies on, in closed loop. Not evidence about people (docs/results/evidence.md).

The virtual bodies know nothing of what steadymile computes: no training impulse, no 42- and 7-day averages, no
comfort score, no ladder. They run by critical speed, leg endurance, tissue that adapts slowly and a life of its own.
"""
