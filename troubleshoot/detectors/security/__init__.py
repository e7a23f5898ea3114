"""Detectors of securitys."""
