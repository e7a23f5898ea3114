"""The running application: a child process imports it, and what FastAPI really built is described and judged."""
