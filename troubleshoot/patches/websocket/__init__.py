"""Patches of WebSockets."""
