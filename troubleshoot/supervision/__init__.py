"""The user's own server, run under observation: its output passed on untouched, and read on the way."""
