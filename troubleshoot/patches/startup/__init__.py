"""Patches of starting and stopping."""
