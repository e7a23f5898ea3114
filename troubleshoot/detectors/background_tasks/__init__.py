"""Detectors of background tasks."""
