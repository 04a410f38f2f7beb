"""The audit trail is only ever added to, and its seals show whether that is true."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from jifen.audit import selectors, services
from jifen.audit.models import AuditRow, AuditSeal, AuditSealed
from jifen.clocks import sealing
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import entered
from jifen.outbox.models import Unsealed
from tenants import owner
from tenants.models import Town
from tests.together import together

TABLES = ("audit_auditrow", "audit_auditseal", "audit_auditsealed")


def record(times: int = 1, **data: Any) -> None:
    for _ in range(times):
        services.record(by=SYSTEM, action="test.act", **data)


def as_owner(statement: str, schema: str) -> None:
    """Run ``statement`` with the role that owns the schemas, in the test's own database."""
    with owner.connect() as owned:
        owned.execute(f"SET search_path = {schema}, public")
        owned.execute(statement)


def test_a_row_says_who_did_what_to_which_thing(town: Town) -> None:
    by = Actor("t_alpha", 7, "王管理")
    services.record(by=by, action="review.decide", subject=town, village_id=3, points="2.5", ids=[1, 2])
    row = AuditRow.objects.get(action="review.decide")
    assert (row.actor_realm, row.actor_id, row.actor_name) == ("t_alpha", 7, "王管理")
    assert (row.subject_kind, row.subject_id, row.village_id) == ("tenants.town", town.pk, 3)
    assert row.data == {"points": "2.5", "ids": [1, 2]}


def test_each_schema_has_its_own_trail(town: Town, other_town: Town) -> None:
    record()
    with entered(other_town.schema_name):
        assert not AuditRow.objects.filter(action="test.act").exists()


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("act", ["UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_serving_role_has_no_right_to_change_the_trail(town: Town, table: str, act: str) -> None:
    column = "row_id" if table == "audit_auditsealed" else "id"
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(act.format(table, column, column))


def test_even_the_owner_is_refused_a_change_of_the_trail(committing_town: Town) -> None:
    record()
    services.seal()
    for table in TABLES:
        column = "row_id" if table == "audit_auditsealed" else "id"
        for act in ("UPDATE {} SET {} = {}", "DELETE FROM {}", "TRUNCATE {} CASCADE"):
            with pytest.raises(psycopg.DatabaseError, match="AUDIT: "):
                as_owner(act.format(table, column, column), committing_town.schema_name)


def test_a_seal_covers_all_rows_and_can_be_recomputed(town: Town) -> None:
    record(3)
    waiting = AuditRow.objects.filter(sealed=None).count()
    assert services.seal() == waiting
    assert services.seal() == 0
    assert selectors.broken_seals() == []
    assert AuditSealed.objects.count() == AuditRow.objects.count()


def test_each_seal_names_the_one_before(town: Town) -> None:
    for _ in range(3):
        record(2)
        services.seal()
    seals = list(AuditSeal.objects.order_by("id"))
    assert [seal.previous_id for seal in seals[-2:]] == [seal.pk for seal in seals[-3:-1]]
    assert selectors.problems() == []


def test_a_seal_takes_no_more_than_its_limit(town: Town) -> None:
    services.seal()
    record(5)
    assert [services.seal(limit=2) for _ in range(4)] == [2, 2, 1, 0]


def test_a_changed_row_is_found(committing_town: Town) -> None:
    record(2, points="1")
    services.seal()
    lifted = 'ALTER TABLE audit_auditrow DISABLE TRIGGER USER; UPDATE audit_auditrow SET data = \'{"points": "9"}\''
    as_owner(lifted, committing_town.schema_name)
    assert selectors.broken_seals() == [AuditSeal.objects.latest("id").pk]
    assert "对不上" in selectors.problems()[0]


def test_a_removed_seal_is_found(committing_town: Town) -> None:
    for _ in range(3):
        record()
        services.seal()
    middle, last = AuditSeal.objects.order_by("-id")[1], AuditSeal.objects.latest("id")
    lift = "ALTER TABLE audit_auditseal DISABLE TRIGGER USER; UPDATE audit_auditseal SET previous_id = NULL WHERE id = "
    as_owner(f"{lift}{last.pk}", committing_town.schema_name)
    assert selectors.broken_seals() == [last.pk]
    assert middle.pk not in selectors.broken_seals()


def test_a_row_without_a_seal_after_a_minute_is_a_problem(town: Town) -> None:
    services.seal()
    AuditRow.objects.create(
        **SYSTEM.columns(), at=timezone.now() - timedelta(minutes=2), business_at=timezone.now(), action="test.old"
    )
    assert selectors.problems() == ["有 1 条审计记录超过 60 秒没有封存"]


def test_sealers_at_the_same_moment_make_one_chain(committing_town: Town) -> None:
    services.seal()
    record(30)
    results = together(*[lambda: services.seal(limit=10)] * 4)
    assert sum(results) == 30
    assert selectors.broken_seals() == []


def test_the_recurring_seal_finds_the_towns_with_new_rows(town: Town) -> None:
    sealing.seal_new()
    record(2)
    assert sealing.waiting() == ["t_alpha"]
    assert sealing.seal_new() == 2
    assert sealing.waiting() == [] and selectors.unsealed_count() == 0


def test_a_row_that_committed_late_is_sealed_when_it_is_told(committing_town: Town) -> None:
    sealing.seal_new()
    with owner.connect() as slow:
        slow.execute("SET search_path = t_alpha, public")
        slow.execute("BEGIN")
        slow.execute(
            """INSERT INTO audit_auditrow
                (actor_realm, actor_id, actor_name, at, business_at, action, subject_kind, data)
            VALUES ('t_alpha', 1, '王管理', now(), now(), 'test.late', '', '{}')"""
        )
        record(1)
        assert sealing.seal_new() == 1
        slow.execute("COMMIT")
    assert sealing.waiting() == ["t_alpha"] and sealing.seal_new() == 1
    assert not AuditRow.objects.filter(sealed=None).exists() and selectors.broken_seals() == []


def test_a_suspended_towns_rows_are_sealed_when_it_is_served_again(town: Town) -> None:
    sealing.seal_new()
    record(1)
    Town.objects.filter(schema_name="t_alpha").update(state="suspended")
    assert sealing.waiting() == [] and sealing.seal_new() == 0
    Town.objects.filter(schema_name="t_alpha").update(state="ready")
    assert sealing.seal_new() == 1


def test_a_trail_of_before_the_telling_is_looked_through_whole(town: Town) -> None:
    record(3)
    Unsealed.objects.all().delete()
    Unsealed.objects.create(town="t_alpha", row_ids=None)
    waiting = AuditRow.objects.filter(sealed=None).count()
    assert waiting >= 3 and sealing.seal_new() == waiting


def test_what_could_not_be_sealed_stays_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    sealing.seal_new()
    record(1)
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(sealing, "_sealed", lambda rows: (_ for _ in ()).throw(RuntimeError))
        sealing.seal_new()
    assert sealing.seal_new() == 1
