"""What was trained: sessions beside their plan, the last weeks, pauses, and the level at which somebody begins."""
