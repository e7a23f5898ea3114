"""Patches of validation."""
