"""One case: what was handed over, the session, kept and taken up again, the answer."""
