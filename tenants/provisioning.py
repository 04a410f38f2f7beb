"""How schemas come to be: the public one and a template are migrated, a town is a replay of the template's dump.

Django's migrations take seconds per schema, whatever they do, and a built-in clone renames constraints; the replay
takes a fraction of a second and is exact. Everything here needs the owner's database role.
"""

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone
from psycopg import sql

from jifen.kernel.database import connection
from jifen.kernel.errors import Unavailable
from jifen.kernel.tenancy import PUBLIC, outside
from tenants import grants, owner
from tenants.models import Provisioning, TemplateDump, Town

TEMPLATE = "t_template_0"
ALL_TOWNS = "SELECT schema_name FROM tenants_town WHERE to_regnamespace(schema_name) IS NOT NULL ORDER BY schema_name"
LOCK = 0x6A6966656E  # "jifen"

Progress = Callable[[str], None]


class TemplateMissing(Unavailable):
    """No town can be opened before ``jifen migrate_all`` has run with this version."""

    code = "template_missing"
    message = "新镇的模板还没有准备好：请运维人员先运行 jifen migrate_all。"


class OwnerNeeded(Unavailable):
    """The process serves; it does not own the schemas."""

    code = "owner_needed"
    message = "这项工作要用数据库属主身份运行：请设置环境变量 JIFEN_DB_ROLE=owner。"


def silent(_line: str) -> None:
    """Progress that nobody reads."""


def fingerprint() -> str:
    """64 hex characters that change with any migration and with the rights of any town table."""
    digest = hashlib.sha256()
    for (label, name), migration in sorted(MigrationLoader(None).disk_migrations.items()):
        digest.update(f"{label}.{name}\n".encode())
        source = Path(str(sys.modules[migration.__module__].__file__))
        for file in (source, *sorted(source.parent.glob("sql/*.sql"))):
            digest.update(file.read_bytes())
    for schema in (PUBLIC, TEMPLATE):
        digest.update(repr(sorted(grants.tables_in(schema).items())).encode())
    return digest.hexdigest()


def template_ready() -> bool:
    """Whether towns can be opened by this version of the code."""
    with outside():
        return TemplateDump.objects.filter(fingerprint=fingerprint()).exists()


def migrate_all(progress: Progress = silent) -> list[str]:
    """Bring every schema to this version; returns the schemas that were changed. Does nothing when nothing is to do.

    Raises:
        OwnerNeeded: the process runs with the serving role.
    """
    if settings.ENV.db_role != "owner":
        raise OwnerNeeded
    with owner.connect() as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        guard.commit()
        return _migrate_all(progress)


def _migrate_all(progress: Progress) -> list[str]:
    mark, changed = fingerprint(), []
    if _is_pending(PUBLIC):
        progress("更新公共数据表")
        migrate(PUBLIC)
        changed.append(PUBLIC)
    if TemplateDump.objects.filter(fingerprint=mark).exists() and not pending_towns():
        return changed
    progress("准备新镇模板")
    make_template(mark)
    towns = pending_towns()
    for number, schema in enumerate(towns, start=1):
        progress(f"更新各镇数据表 {number}/{len(towns)}:{schema}")
        migrate(schema)
    grant_all()
    return [*changed, TEMPLATE, *towns]


def migrate(schema: str) -> None:
    """Run Django's migrations of one schema, with the owner's role."""
    which = {"shared": True} if schema == PUBLIC else {"tenant": True, "schema_name": schema}
    call_command("migrate_schemas", interactive=False, verbosity=0, **which)


def make_template(mark: str) -> None:
    """Migrate an empty template schema and keep its dump under ``mark``."""
    with owner.connect() as connection_:
        connection_.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(TEMPLATE)))
        connection_.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(TEMPLATE)))
    migrate(TEMPLATE)
    with owner.connect() as connection_:
        grants.apply(connection_, TEMPLATE)
    TemplateDump.objects.update_or_create(
        fingerprint=mark, defaults={"body": dump(TEMPLATE), "made_at": timezone.now()}
    )


def dump(schema: str) -> str:
    """The schema as SQL: tables, triggers, rights, and the rows that migrations made.

    pg_dump's ``\\restrict`` lines are commands of psql, not of the server.
    """
    text = owner.pg_dump(f"--schema={schema}", "--no-owner", "--inserts", "--rows-per-insert=500")
    lines = [line for line in text.splitlines() if not line.startswith(("--", "\\restrict", "\\unrestrict"))]
    return "\n".join(line for line in lines if line)


def provision(town: Town) -> bool:
    """Make the town's schema in one transaction; False when it was there already, so that it can be run again.

    How far it came, or why it did not, stands in the town's ``Provisioning`` row.

    Raises:
        TemplateMissing: ``migrate_all`` has not run with this version.
    """
    _note(town, step="正在建立数据表", percent=20, problem="")
    try:
        made = _replay(town)
    except Exception as error:
        _note(town, problem=getattr(error, "message", "建立数据表时出错，请联系运维人员查看日志。"))
        raise
    _note(town, step="正在安装细则、村居和账号", percent=60)
    return made


def _note(town: Town, **progress: object) -> None:
    with outside():
        Provisioning.objects.filter(town=town, finished_at=None).update(**progress)


def _replay(town: Town) -> bool:
    with outside():
        template = TemplateDump.objects.filter(fingerprint=fingerprint()).first()
    if template is None:
        raise TemplateMissing
    with owner.connect() as connection_:
        connection_.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK >> 32, town.schema_name])
        if connection_.execute("SELECT to_regnamespace(%s)", [town.schema_name]).fetchone() != (None,):
            return False
        connection_.execute(template.body.replace(TEMPLATE, town.schema_name).encode())
    return True


def grant_all() -> None:
    """Give the serving role its rights on the public schema and on every town's."""
    with owner.connect() as connection_:
        schemas = [schema for (schema,) in connection_.execute(ALL_TOWNS)]
        for schema in (PUBLIC, *schemas):
            grants.apply(connection_, schema)


def pending_towns() -> list[str]:
    """Towns that lack a migration, found by one query however many towns there are."""
    with owner.connect() as connection_:
        towns = [schema for (schema,) in connection_.execute(ALL_TOWNS)]
        if not towns:
            return []
        known = sorted(f"{label}.{name}" for label, name in MigrationLoader(None).disk_migrations)
        rows = sql.SQL(" UNION ALL ").join(_applied(schema) for schema in towns)
        behind = sql.SQL("SELECT schema FROM ({}) applied WHERE number < {} ORDER BY schema").format(rows, len(known))
        return [schema for (schema,) in connection_.execute(behind, {"known": known})]


def _applied(schema: str) -> sql.Composed:
    return sql.SQL("SELECT {} AS schema, count(*) AS number FROM {} WHERE app || '.' || name = ANY (%(known)s)").format(
        schema, sql.Identifier(schema, "django_migrations")
    )


def _is_pending(schema: str) -> bool:
    """Whether a schema that may have no table yet lacks a migration."""
    connection.set_schema(schema)
    try:
        applied = MigrationLoader(connection).applied_migrations
    finally:
        connection.set_schema_to_public()
    return not set(MigrationLoader(None).disk_migrations) <= set(applied)
