"""Alembic migrations: each step of the database schema, forward and back."""
