"""What detectors ask about, one file a topic."""
