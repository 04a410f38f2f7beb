"""``jifen verify`` prices what was posted once more, and names what comes out otherwise."""

from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from jifen.kernel.database import connection
from scoring import verify_awards
from scoring.models import Declaration
from scoring.rules import engine
from scoring.services import ledger
from tests.scoring import wide
from tests.scoring.desk import Desk

[CHECK] = verify_awards.checks()


@pytest.fixture
def posted(desk: Desk) -> Desk:
    """Deeds of many kinds, one of them reckoned, one cut by a cap, one reversed."""
    wide.install(desk)
    for _ in range(8):
        desk.record("tidy")
    for code, facts in (("trees", {"quantity": "2"}), ("hours", {"quantity": "25"}), ("prize", {"tier": "town"})):
        desk.record(code, facts=facts)
    desk.record("crew")
    for _ in range(4):
        desk.record("help", resident=desk.head())
    desk.record("wedding", facts={"inputs": {"tables": "12", "simple": "true", "kind": "婚事"}})
    desk.post()
    ledger.reverse(posting=Declaration.objects.filter(rule__code="tidy")[0].postings.get(), reason="错", by=desk.by)
    return desk


def test_everything_comes_out_as_it_was_posted(posted: Desk) -> None:
    assert (CHECK.breaches(), verify_awards._first()) == (0, [])


def test_what_comes_out_otherwise_is_counted_and_named(posted: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = engine.price

    def dearer(rule, facts, settings):  # type: ignore[no-untyped-def]
        award = real(rule, facts, settings)
        return award._replace(points=award.points + 1) if rule.code == "tidy" else award

    monkeypatch.setattr(engine, "price", dearer)
    assert CHECK.breaches() == 7
    [told] = verify_awards._first()
    assert told.startswith("庭院整洁 ") and told.endswith("登记为2分，重算为3分")
    assert posted.zhang.number in told and "7条" in told and Decimal(2)


def test_the_command_prints_the_names(posted: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verify_awards, "_difference", lambda rule, deeds: "不一样")
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify", town=connection.schema_name, stdout=out)
    assert "不一样" in out.getvalue()
