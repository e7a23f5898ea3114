"""Detectors of routing."""
