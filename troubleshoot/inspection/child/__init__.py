"""What runs in the user's interpreter (3.8 or later): the standard library, their FastAPI, and nothing else of ours."""
