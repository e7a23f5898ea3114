"""Patches of deployment."""
