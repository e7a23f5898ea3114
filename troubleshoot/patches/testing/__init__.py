"""Patches of tests."""
