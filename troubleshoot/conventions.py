"""What the tools around FastAPI take for granted."""

from __future__ import annotations

APPLICATIONS = ("main.py", "app.py", "api.py", "app/main.py", "app/app.py", "app/api.py")
"""Where the `fastapi` command looks for an application that nobody has named."""
