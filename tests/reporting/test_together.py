"""What is committed: two who publish at once, the owner of the tables, posters by the worker, sums in every state."""

import time
from datetime import date

import psycopg
import pytest
from django.db import transaction

from jifen.accounts.models import User
from jifen.files.storage import ensure_bucket
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import outside
from jifen.outbox import services as outbox
from reporting import verify
from reporting.district import verify as district
from reporting.errors import ObjectionAnswered
from reporting.models import ListRow, Notice, Objection
from reporting.services import answers, notices, objections
from scoring.models import Entry
from tenants.community.models import Household
from tests.cast import Cast
from tests.reporting import months
from tests.scoring.owner import owner
from tests.together import together

JULY = date(2026, 7, 6)
BY_THE_OWNER = (
    "UPDATE reporting_notice SET title = '别的'",
    "DELETE FROM reporting_notice",
    "TRUNCATE reporting_notice CASCADE",
    "UPDATE reporting_listrow SET position = 9",
    "DELETE FROM reporting_listrow",
    "TRUNCATE reporting_listrow",
)


@pytest.fixture
def home(committing_town: object, cast: Cast) -> Household:
    months.set_up("seed_000_003")
    cast.committee(name="吴委员")
    found = cast.household(number="0001")
    months.deed(found, "植树", JULY, facts={"quantity": "2"})
    months.post(found.village, JULY)
    return found


def _member() -> Actor:
    return Actor.of(User.objects.get(display_name="吴委员"))


def _published(home: Household) -> Notice:
    return notices.publish_quarter(village=home.village, year=2026, quarter=3, by=SYSTEM)


def test_two_who_publish_at_once_publish_one_notice(home: Household) -> None:
    made = together(*[lambda: _published(home)] * 3)
    assert len({notice.pk for notice in made}) == 1
    assert Notice.objects.count() == 1
    assert ListRow.objects.count() == 1


def test_two_who_answer_at_once_reverse_once(home: Household) -> None:
    posting = Entry.objects.get(measure="merit").posting
    objection = objections.raise_objection(household=home, posting=posting, text="不对。", by=SYSTEM)
    acts = [lambda: answers.answer(objection=objection, upheld=True, finding="有误。", by=_member())] * 2
    results = together(*acts)
    assert sum(isinstance(result, Objection) for result in results) == 1
    assert sum(isinstance(result, ObjectionAnswered) for result in results) == 1
    assert Entry.objects.filter(cause="reversal", measure="merit").count() == 1


def test_even_the_owner_cannot_change_what_was_published(home: Household) -> None:
    _published(home)
    with owner("t_alpha") as sql:
        for statement in BY_THE_OWNER:
            with pytest.raises(psycopg.DatabaseError, match="I8: "):
                sql.execute(statement)
    assert verify.changed_notices() == 0


def test_a_broken_off_answer_changes_nothing(home: Household, monkeypatch: pytest.MonkeyPatch) -> None:
    posting = Entry.objects.get(measure="merit").posting
    objection = objections.raise_objection(household=home, posting=posting, text="不对。", by=SYSTEM)
    monkeypatch.setattr(answers, "_correct_notice", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        answers.answer(objection=objection, upheld=True, finding="有误。", by=_member())
    objection.refresh_from_db()
    assert objection.state == "raised"
    assert not Entry.objects.filter(cause="reversal").exists()


def test_the_districts_sums_hold_while_drains_race(home: Household) -> None:
    def drain() -> int:
        return outbox.drain(limit=2)

    with outside():
        together(drain, drain, drain)
        assert district.differences() == 0


@pytest.mark.slow
@pytest.mark.services
def test_the_worker_prints_what_was_published(home: Household, worker: None) -> None:
    ensure_bucket()
    notice = _published(home)
    deadline = time.monotonic() + 60
    while notice.posters.count() < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert sorted(notice.posters.values_list("form", flat=True)) == ["a3", "a4"]
