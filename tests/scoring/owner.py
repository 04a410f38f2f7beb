"""The schemas' owner, who is stopped by triggers alone, in the test's own transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from jifen.env import database


@contextmanager
def owner(schema: str) -> Iterator[psycopg.Connection[Any]]:
    """The owner's connection to the test's database, inside ``schema``; sees what is committed."""
    address = database(settings.ENV.owner_database_url)
    with psycopg.connect(
        host=str(address["HOST"]), port=str(address["PORT"]), user=str(address["USER"]),
        password=str(address["PASSWORD"]), dbname=str(connection.settings_dict["NAME"]), autocommit=True,
    ) as found:  # fmt: skip
        found.execute("SELECT set_config('search_path', %s, false)", [f"{schema}, public"])
        yield found


def refusal(statement: str, values: Any = None) -> str:
    """What the database says to the serving role; empty when it obeys."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except DatabaseError as error:
        return str(error)
    return ""
