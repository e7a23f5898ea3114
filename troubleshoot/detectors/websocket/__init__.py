"""Detectors of WebSockets."""
