"""Patches of environments."""
