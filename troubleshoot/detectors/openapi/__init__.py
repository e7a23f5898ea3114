"""Detectors of API documentation and OpenAPI."""
