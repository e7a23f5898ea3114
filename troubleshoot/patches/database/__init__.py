"""Patches of databases."""
