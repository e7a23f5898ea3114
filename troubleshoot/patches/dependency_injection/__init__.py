"""Patches of dependency injection."""
