"""Patches of performance."""
