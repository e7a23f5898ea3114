"""Patches of routing."""
