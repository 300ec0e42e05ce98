"""The nightly watch over the models."""
