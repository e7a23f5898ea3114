"""Detectors of streams and downloads."""
