"""Patches of logging."""
