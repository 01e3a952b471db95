"""What is learned about one runner: how easy running is, when they run, how fast they recover. Pure, with uncertainty.

Nothing here overrules the policy: a learned choice acts inside every cap and veto (models/policy), and where too little
is known of somebody the policy's own rule stands.
"""
