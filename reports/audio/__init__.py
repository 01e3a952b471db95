"""The week's running sessions to listen to: who has no watch that counts the steps out hears when to walk and run."""
