"""The store: SQLAlchemy tables, one repository per noun, migrations."""
