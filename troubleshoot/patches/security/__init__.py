"""Patches of security."""
