"""Copies of an installation that can be put back, and the proof that they can (TRUST R2)."""
