"""Detectors of databases."""
