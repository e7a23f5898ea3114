"""Detectors of middleware."""
