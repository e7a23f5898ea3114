"""Patches of background tasks."""
