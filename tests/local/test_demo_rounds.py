"""Where the newcomer's steward sits rounds are walked and activities have lists; a sheet a quarter has a substitute."""

import random
from typing import Any

import pytest

from jifen.local.demo import months, rounds
from scoring.models import Activity, Batch, Inspection, MeetingSeat
from tests.scoring import wide
from tests.scoring.desk import DAY, MONTH, Desk, rule

TIERED = rule("clean", "家庭卫生", {"kind": "tiers", "per": "月", "tiers": [
    {"code": "best", "name": "优", "points": 3}, {"code": "good", "name": "良", "points": 2}]})  # fmt: skip


@pytest.fixture
def desk(ready_desk: Desk) -> Desk:
    return ready_desk


def _hand_in(desk: Desk, kind: str, code: str, facts: dict[str, Any]) -> None:
    rows = [(desk.zhang, None, desk.rule_in_force(code), facts)]
    rounds.hand_in(village=desk.village, kind=kind, title="本月", happened_on=DAY, place="村里", rows=rows, by=desk.by)


def test_only_the_newcomers_village_walks_and_signs_in(desk: Desk) -> None:
    wide.install(desk, more=[TIERED])
    _hand_in(desk, "inspection", "clean", {"tier": "best"})
    assert (Inspection.objects.count(), Batch.objects.count()) == (0, 1)
    desk.steward.username = rounds.SHOWN
    desk.steward.save()
    _hand_in(desk, "inspection", "clean", {"tier": "best"})
    _hand_in(desk, "activity", "tidy", {})
    assert Inspection.objects.get().marks.get().tier == "best" and Inspection.objects.get().state == "submitted"
    assert Activity.objects.get().attendances.get().resident == desk.head()
    assert Batch.objects.count() == 3


def test_a_quarters_last_sheet_has_a_substitute_who_signs(desk: Desk, monkeypatch: Any) -> None:
    monkeypatch.setattr(months, "STOOD_IN", desk.village.code[-3:] if MONTH.month % 3 == 0 else "none")
    desk.record("tidy")
    sheet = desk.sheet()
    if MONTH.month % 3:
        months._stand_in(sheet, months._seats(sheet)[-1])
    months._decide(sheet, random.Random(1))
    seat = MeetingSeat.objects.exclude(substitute=None).get()
    assert sheet.seats.get(role=seat.role).resident == seat.substitute
