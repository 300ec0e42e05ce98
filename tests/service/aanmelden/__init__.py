"""Signing in, from a password to a provider."""
