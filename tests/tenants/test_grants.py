"""The serving role owns nothing and has exactly the rights that the models name."""

import pytest
from django.db import ProgrammingError, transaction

from jifen.kernel.database import connection
from tenants import grants
from tenants.models import Town

MAY = "SELECT has_table_privilege(current_user, c.oid, %s) FROM pg_class c WHERE c.oid = to_regclass(%s)"


def may(table: str, right: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(MAY, [right, table])
        [[allowed]] = cursor.fetchall()
    return bool(allowed)


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except ProgrammingError as error:
        return "permission denied" in str(error) or "must be owner" in str(error)
    return False


@pytest.mark.parametrize("schema", ["public", "t_alpha"])
def test_every_table_has_the_rights_its_model_names(town: Town, schema: str) -> None:
    whole = {"SELECT", "INSERT", "UPDATE", "DELETE"}
    for table, kind in grants.tables_in(schema).items():
        granted = {right for right in whole if may(f"{schema}.{table}", right)}
        assert granted == whole & set(grants.RIGHTS[kind]), (table, kind)


def test_the_serving_role_lifts_no_guard(town: Town) -> None:
    for statement in (
        "ALTER TABLE audit_auditrow DISABLE TRIGGER ALL",
        "TRUNCATE audit_auditrow",
        "UPDATE audit_auditrow SET action = ''",
        "DELETE FROM audit_auditrow",
        "DROP TABLE community_household",
        "CREATE TABLE t_alpha.mine (id int)",
        "CREATE TABLE public.mine (id int)",
        "CREATE SCHEMA t_mine",
    ):
        assert refused(statement), statement


def test_a_balance_lets_only_its_hold_be_changed(town: Town) -> None:
    assert refused("UPDATE scoring_balance SET posted = 0")
    assert not refused("UPDATE scoring_balance SET held = held")


def test_no_towns_table_refers_to_a_public_one(town: Town) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint k JOIN pg_class a ON a.oid = k.conrelid JOIN pg_class b"
            " ON b.oid = k.confrelid WHERE a.relnamespace <> b.relnamespace"
        )
        assert cursor.fetchall() == []
