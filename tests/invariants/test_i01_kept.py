"""I1: ways around the guards, for somebody who holds the serving role's password, and for the tables' owner."""

import psycopg
import pytest

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM
from scoring.models import Entry, Posting
from scoring.services import years
from tenants.models import Town
from tests.invariants import book
from tests.scoring import closing
from tests.scoring.desk import NOW, Desk
from tests.scoring.owner import owner, refusal

BY_THE_SERVING_ROLE = [
    "SET ROLE jifen_owner",
    "SET SESSION AUTHORIZATION jifen_owner",
    "SET session_replication_role = replica",
    "ALTER TABLE scoring_entry DISABLE TRIGGER USER",
    "DROP TRIGGER scoring_entry_kept ON scoring_entry",
    "CREATE TRIGGER quiet BEFORE INSERT ON scoring_entry FOR EACH ROW EXECUTE FUNCTION scoring_refuse('x')",
    "CREATE OR REPLACE FUNCTION scoring_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "ALTER FUNCTION scoring_entries_posted() SET search_path = pg_temp",
    "CREATE RULE quiet AS ON INSERT TO scoring_entry DO INSTEAD NOTHING",
    "ALTER TABLE scoring_entry ADD COLUMN quiet text",
    "ALTER TABLE scoring_entry RENAME TO scoring_old",
    "DROP TABLE scoring_entry CASCADE",
    "CREATE TABLE scoring_new (id int)",
    "CREATE FUNCTION public.quiet() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "GRANT UPDATE ON scoring_entry TO CURRENT_USER; UPDATE scoring_entry SET amount = 9",
    "SELECT setval('scoring_entry_id_seq', 1)",
    "SELECT FROM scoring_entry FOR UPDATE",
    "MERGE INTO scoring_entry e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE",
    "MERGE INTO scoring_yearseal e USING (SELECT 1) s ON true WHEN MATCHED THEN UPDATE SET hash = ''",
    "INSERT INTO scoring_entry SELECT * FROM scoring_entry ON CONFLICT (id) DO UPDATE SET amount = 99",
    "WITH gone AS (DELETE FROM scoring_posting RETURNING id) SELECT * FROM gone",
    "UPDATE scoring_posting SET reason = 'x', reversed_at = now()",
    "UPDATE scoring_yearstanding SET net = 99",
    "DELETE FROM audit_auditsealed",
]
BY_THE_OWNER = [
    ("I1", "MERGE INTO scoring_entry e USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE"),
    ("I1", "INSERT INTO scoring_entry SELECT * FROM scoring_entry ON CONFLICT (id) DO UPDATE SET amount = 99"),
    ("I1", "WITH gone AS (DELETE FROM scoring_entry RETURNING id) SELECT * FROM gone"),
    ("I", "TRUNCATE scoring_account CASCADE"),
    ("I", "TRUNCATE community_household CASCADE"),
    ("I7", "UPDATE scoring_yearseal SET hash = repeat('0', 64)"),
    ("I7", "DELETE FROM scoring_yearseal"),
    ("I7", "TRUNCATE scoring_yearseal CASCADE"),
    ("I7", "UPDATE scoring_yearstanding SET net = 99"),
    ("I7", "TRUNCATE scoring_yearstanding"),
    ("I7", "UPDATE scoring_year SET state = 'open', sealed_at = NULL WHERE state = 'sealed'"),
    ("I7", "UPDATE scoring_year SET number = number + 50"),
    ("I2", "INSERT INTO scoring_balance SELECT * FROM scoring_balance"),
    ("I2", "TRUNCATE scoring_balance"),
    ("AUDIT", "MERGE INTO audit_auditrow r USING (SELECT 1) s ON true WHEN MATCHED THEN DELETE"),
]


def lived(desk: Desk) -> None:
    """A sealed year, a posted month, a sealed trail."""
    last = years.open_year(number=NOW.year - 1, by=SYSTEM)
    closing.seal(last)
    desk.record("tidy")
    desk.post()
    audit.seal()


@pytest.mark.parametrize("statement", BY_THE_SERVING_ROLE)
def test_the_serving_role_finds_no_way_around_the_guards(desk: Desk, statement: str) -> None:
    lived(desk)
    before = book.fingerprint()
    refused = refusal(statement)
    assert "permission denied" in refused or "must be owner" in refused, refused
    assert book.fingerprint() == before


def test_the_owner_finds_no_way_around_the_guards(committing_town: Town, desk: Desk) -> None:
    lived(desk)
    before = book.fingerprint()
    with owner("t_alpha") as sql:
        for code, statement in BY_THE_OWNER:
            with pytest.raises(psycopg.DatabaseError, match=f"{code}[A-Z0-9]*: "):
                sql.execute(statement)
    assert book.fingerprint() == before


def test_the_owner_cannot_switch_triggers_off_for_a_session(committing_town: Town, desk: Desk) -> None:
    with owner("t_alpha") as sql, pytest.raises(psycopg.errors.InsufficientPrivilege):
        sql.execute("SET session_replication_role = replica")


@pytest.mark.parametrize("shadow", ["scoring_year", "scoring_balance", "scoring_posting", "community_application"])
def test_a_temporary_table_of_the_same_name_deceives_no_guard(desk: Desk, shadow: str) -> None:
    lived(desk)
    line = Entry.objects.filter(rule=desk.rule_in_force("tidy")).earliest("pk")
    columns = "account_id, household_id, month, measure, amount, cause, rule_id, happened_on, posted_at"
    forged = f"""CREATE TEMP TABLE {shadow} (LIKE t_alpha.{shadow}) ON COMMIT DROP;
        SET LOCAL search_path = pg_temp, t_alpha, public;
        INSERT INTO t_alpha.scoring_entry (year_id, posting_id, {columns})
        SELECT y.id, {other_posting()}, {columns} FROM t_alpha.scoring_entry e, t_alpha.scoring_year y
        WHERE e.id = {line.pk} AND y.number = {NOW.year - 1}"""
    assert "I7: a sealed year takes no entry" in refusal(forged)


def other_posting() -> int:
    """One without entries."""
    made = Posting.objects.create(cause="base_grant", reason="入户", posted_at=clock.now(), **SYSTEM.columns())
    return made.pk
