"""Runs the migrations on the connection that `service.storage.migrate` hands over."""

from alembic import context
from sqlalchemy import Connection

from service.storage.tables import METADATA

connection: Connection = context.config.attributes["connection"]
# SQLite is told to as well: the engine begins a real transaction before the first statement
context.configure(connection=connection, target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
