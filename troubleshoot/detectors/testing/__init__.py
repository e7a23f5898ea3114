"""Detectors of tests."""
