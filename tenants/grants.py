"""What the serving role may do with each table, as the models say (``database_rights``).

An owner could lift its own triggers, so the serving role owns nothing. The rights are part of a town's template.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.db.models import Model
from psycopg import sql

from tenants import owner

FULL = ("SELECT", "INSERT", "UPDATE", "DELETE")
RIGHTS: dict[str, tuple[str, ...]] = {
    "full": FULL,
    "append_only": ("SELECT", "INSERT"),
    "notice": ("SELECT", "INSERT"),
    "balance": ("SELECT", "UPDATE (held)"),
    "posting": ("SELECT", "INSERT", "UPDATE (reversed_at)"),
    "objection": ("SELECT", "INSERT", "UPDATE"),
    "no_delete": ("SELECT", "INSERT", "UPDATE"),
    "read": ("SELECT",),
}


def tables_of(app_names: Iterable[str]) -> dict[str, str]:
    """Table -> kind of rights, for the models of the apps."""
    configs = {config.name: config for config in apps.get_app_configs()}
    models = [model for name in app_names for model in configs[name].get_models(include_auto_created=True)]
    return {model._meta.db_table: rights_of(model) for model in models if _is_table(model)}


def rights_of(model: type[Model]) -> str:
    return str(getattr(model, "database_rights", "full"))


def tables_in(schema: str) -> dict[str, str]:
    """Table -> kind of rights, for the public schema or a town's."""
    found = tables_of(settings.SHARED_APPS if schema == "public" else settings.TENANT_APPS)
    return {**found, "django_migrations": "read"}


def apply(connection: psycopg.Connection[Any], schema: str) -> None:
    """Give the serving role exactly its rights on ``schema``; what it had before is taken away."""
    present = {
        name
        for (name,) in connection.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace(%s) AND relkind IN ('r', 'p')", [schema]
        )
    }
    rights = {table: kind for table, kind in tables_in(schema).items() if table in present}
    for statement in statements(schema, rights):
        connection.execute(statement)


def statements(schema: str, rights: dict[str, str]) -> Iterator[sql.Composed]:
    role, space = sql.Identifier(owner.app_role()), sql.Identifier(schema)
    yield sql.SQL("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}").format(space, role)
    yield sql.SQL("GRANT USAGE ON SCHEMA {} TO {}").format(space, role)
    yield sql.SQL("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {} TO {}").format(space, role)
    for kind, granted in RIGHTS.items():
        tables = [sql.Identifier(schema, table) for table, its in sorted(rights.items()) if its == kind]
        if tables:
            verbs = sql.SQL(", ").join(map(sql.SQL, granted))
            yield sql.SQL("GRANT {} ON {} TO {}").format(verbs, sql.SQL(", ").join(tables), role)


def _is_table(model: type[Model]) -> bool:
    meta = model._meta
    return meta.managed and not meta.proxy and not meta.swapped
