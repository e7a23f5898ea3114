"""Detectors of deployment."""
