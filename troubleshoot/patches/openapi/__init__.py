"""Patches of the description of an API."""
