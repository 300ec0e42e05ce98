"""Watching a running service: health, metrics, traces; never anything about a person."""
