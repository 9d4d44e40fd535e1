"""Alembic's entry: on the connection that `app.migrate` hands in, else (the `alembic` command) on its own."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.database import metadata, url_of
from app.settings import Settings


def run_on(connection: Connection) -> None:
    """Run the command that Alembic was given."""
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()


async def run_on_own_connection() -> None:
    """Connect as the service would."""
    async with create_async_engine(url_of(Settings()), poolclass=NullPool).connect() as connection:
        await connection.run_sync(run_on)


handed_in: Connection | None = context.config.attributes.get("connection")
if handed_in is None:
    asyncio.run(run_on_own_connection())
else:
    run_on(handed_in)
