"""Patches of middleware."""
