"""Detectors of dependency injection."""
