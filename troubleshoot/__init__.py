"""A troubleshooting wizard for FastAPI applications."""

__version__ = "0.1.0"
