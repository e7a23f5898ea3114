"""What FastAPI would build from the source, what runs where in it, and which calls do not belong there."""
