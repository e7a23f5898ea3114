"""Detectors of performance."""
