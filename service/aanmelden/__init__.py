"""Signing in: accounts, sessions, second factors, keys of programs, the identity provider."""
