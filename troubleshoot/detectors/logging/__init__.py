"""Detectors of the family logging."""
