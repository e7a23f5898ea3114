"""What runs in the user's interpreter: only the standard library, their FastAPI and this folder; Python 3.8 and later."""
