"""Where evidence comes from: one file a source, all of which produce the same values."""
