"""Joins alembic to our tables and to the connection it was given."""

from alembic import context

from storage.whole import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
