"""Alembic's entry: migrations run on the connection that the service hands over."""

from alembic import context

from store import (  # noqa: F401 - their tables are part of the metadata
    case_tables,
    content_tables,
    group_tables,
    notice_tables,
    recording_tables,
    rumour_tables,
)
from store.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
