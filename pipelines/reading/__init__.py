"""Reading and measuring files: one worker a process, many side by side."""
