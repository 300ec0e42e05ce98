"""The JSON API under /api/v1, after the Dutch REST API Design Rules."""
