"""I8: a published notice never changes, whoever tries."""

from collections.abc import Callable
from datetime import date

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from jifen.kernel.actors import SYSTEM
from reporting import verify
from reporting.models import ListRow, Notice, Objection
from reporting.services import answers, notices, objections
from tests.cast import Cast
from tests.reporting import months
from tests.scoring.owner import owner

JULY = date(2026, 7, 6)


@pytest.fixture
def notice(cast: Cast) -> Notice:
    months.set_up("seed_000_003")
    home = cast.household(number="0001")
    months.deed(home, "植树", JULY, facts={"quantity": "2"})
    months.post(home.village, JULY)
    return notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)


ACTS: list[Callable[[], object]] = [
    lambda: Notice.objects.update(title="改过的标题"),
    lambda: Notice.objects.update(snapshot={}),
    lambda: Notice.objects.all()._raw_delete("default"),
    lambda: ListRow.objects.update(position=9),
    lambda: ListRow.objects.all()._raw_delete("default"),
]


@pytest.mark.parametrize("act", ACTS)
def test_the_role_that_serves_cannot_change_a_notice(notice: Notice, act: Callable[[], object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        act()
    assert verify.changed_notices() == 0


def test_an_answered_objection_is_final(notice: Notice, cast: Cast) -> None:
    home, member = cast.household(), months.investigator(cast)
    objection = objections.raise_objection(household=home, notice=notice, text="请查。", by=SYSTEM)
    answers.answer(objection=objection, upheld=False, finding="无误。", by=member)
    with pytest.raises(DatabaseError, match="answered once"), transaction.atomic():
        Objection.objects.update(state="upheld")


def test_objections_and_their_files_are_never_emptied(notice: Notice) -> None:
    with owner("t_alpha") as sql:
        for table in ("reporting_objection", "reporting_objectionfile"):
            with pytest.raises(psycopg.DatabaseError, match="I8: "), sql.transaction():
                sql.execute(f"TRUNCATE {table} CASCADE")


def test_verify_finds_nothing_in_a_sound_town(notice: Notice) -> None:
    assert [check.title for check in verify.checks() if check.breaches()] == []


def test_verify_sees_a_notice_that_does_not_give_its_hash(notice: Notice) -> None:
    Notice(**{**_columns(notice), "sha256": "0" * 64}).save(force_insert=True)
    assert verify.changed_notices() == 1


def test_the_triggers_are_there(notice: Notice) -> None:
    assert verify.missing_guards() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgname = ANY(%s)", [list(verify.GUARDS)])
        assert cursor.fetchone()[0] >= len(verify.GUARDS)


def _columns(notice: Notice) -> dict[str, object]:
    kept = {field.attname: getattr(notice, field.attname) for field in notice._meta.concrete_fields}
    return {**kept, "id": None, "number": "另一号", "token": "另一个", "quarter": 2}
