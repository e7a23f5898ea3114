"""Detectors of startup."""
