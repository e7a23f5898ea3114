"""The knowledge as a folder of pages that need no network: one a cause, one a symptom, one a family, and a search."""
