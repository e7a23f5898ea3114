"""Detectors of validation."""
