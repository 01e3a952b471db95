"""steadymile: from the files on a runner's watch to next week's training."""
