"""Tests of what a jongere may ask."""
