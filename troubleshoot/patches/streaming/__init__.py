"""Patches of streaming."""
