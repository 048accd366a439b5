"""Kotisatama: the open platform of a regional centre for integration work."""
