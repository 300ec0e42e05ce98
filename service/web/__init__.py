"""The pages: one module per screen, templates, static files."""
