"""How an answer is written down: one file a format."""
