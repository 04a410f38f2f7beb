"""Tiers inside which the committee chooses: 一般1至3分, 较重4至6分, 严重10分; from the telling to the ledger."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from jifen.approvals import errors as wrong
from jifen.approvals import services as approvals
from jifen.kernel.actors import Actor
from scoring import errors
from scoring.models import Declaration, InspectionMark
from scoring.rules.errors import PointsOutOfRange
from scoring.rules.spec import Rulebook
from scoring.selectors import verifying
from scoring.selectors import whatif as seen
from scoring.selectors.exceptions import exceptions
from scoring.selectors.rounds import outcomes, results
from scoring.services import inspections, reviews
from scoring.services.inspections import Mark
from tests.clients import PageClient
from tests.scoring import wide
from tests.scoring.desk import DAY, Desk, rule
from tests.scoring.test_given_points import told
from tests.scoring.test_inspections import _at, _open
from tests.scoring.test_whatif import book, tried

Pages = Callable[..., PageClient]
TIERS = [
    {"code": "mild", "name": "一般", "least": 1, "most": 3},
    {"code": "bad", "name": "较重", "least": 4, "most": 6},
    {"code": "worst", "name": "严重", "points": 10},
]
DUMPING = rule("dump", "乱倒垃圾", {"kind": "tiers", "tiers": TIERS}, sign="negative", declarers=["steward"])
HONOUR = rule(
    "praise",
    "受表彰",
    {
        "kind": "tiers",
        "tiers": [
            {"code": "town", "name": "镇级", "points": 5},
            {"code": "sheng", "name": "省级", "least": 10, "most": 20},
        ],
    },
)


@pytest.fixture
def open_desk(desk: Desk) -> Desk:
    wide.install(desk, more=[DUMPING, HONOUR])
    return desk


def test_a_deed_without_points_waits_for_the_committee_within_its_tier(open_desk: Desk) -> None:
    deed = open_desk.record("dump", facts={"tier": "bad"})
    assert (deed.points, deed.undecided) == (0, "没有评定分数（较重4至6分）")
    sheet = open_desk.sheet()
    item = sheet.items.get()
    for points in ("-3", "-7", "5"):
        with pytest.raises(errors.AdjustedOutOfBounds, match=r"-6.*-4"):
            decide(open_desk, item, points)
    decide(open_desk, item, "-5")
    assert open_desk.post() > 0 and open_desk.merit() == -5


def decide(desk: Desk, item: Any, points: str) -> None:
    by = Actor.of(desk.li)
    reviews.decide(item=item, verdict="adjusted", points=Decimal(points), reason="按情节", by=by)


@pytest.mark.parametrize(("tier", "points"), [("bad", "3"), ("mild", "4"), ("worst", "9")])
def test_points_outside_the_tier_are_refused_at_their_field(open_desk: Desk, tier: str, points: str) -> None:
    with pytest.raises(PointsOutOfRange) as refusal:
        open_desk.record("dump", facts={"tier": tier, "points": points})
    assert refusal.value.field == "points" and not Declaration.objects.exists()


def test_only_an_open_tier_is_an_exception_of_judgement(open_desk: Desk) -> None:
    other = open_desk.cast.household(name="李四")
    chosen = open_desk.record("praise", facts={"tier": "sheng", "points": "12"})
    fixed = open_desk.record("praise", facts={"tier": "town"}, household=other)
    found = exceptions(open_desk.sheet())
    hints = {one.pk: {hint.code for hint in found.get(open_desk.item(one).pk, [])} for one in (chosen, fixed)}
    assert "discretion" in hints[chosen.pk] and "discretion" not in hints[fixed.pk]
    assert [verifying.facts(one)["discretionary"] for one in (chosen, fixed)] == [True, False]


def test_whoever_verifies_gives_points_inside_the_tier(open_desk: Desk) -> None:
    deed, item = told(open_desk, "praise", tier="sheng")
    with pytest.raises(wrong.PointsWrong):
        approvals.decide(item=item, verdict="approve", points=Decimal(9), reason="", by=open_desk.by)
    approvals.decide(item=item, verdict="approve", points=Decimal(15), reason="成效好", by=open_desk.by)
    deed.refresh_from_db()
    assert (deed.points, deed.undecided, deed.facts["points"]) == (15, "", "15")
    assert "在10至20分内评定，+15分" in deed.explanation


def test_the_form_shows_the_bounds_of_each_tier_and_keeps_both(open_desk: Desk, client_for: Pages) -> None:
    address = f"/village/record/?household={open_desk.zhang.number}&rule={open_desk.rule_in_force('dump').pk}"
    client = client_for(open_desk.steward)
    page = client.get(address).content.decode()
    assert "较重（4至6分）" in page and "严重（10分）" in page and "一般1至3分、较重4至6分；不填的由审核组评定" in page
    sent = {"happened_on": DAY.isoformat(), "place": "村口", "reason": "乱倒", "channel": "oral", "tier": "bad"}
    refused = client.post(address, sent | {"points": "9"})
    assert refused.status_code == 422 and "应在4至6分之间" in refused.content.decode()
    client.post(address, sent | {"points": "6"})
    assert Declaration.objects.get().points == -6


def test_the_sheet_asks_for_points_of_the_tier(open_desk: Desk, client_for: Pages) -> None:
    open_desk.record("dump", facts={"tier": "mild"})
    sheet = open_desk.sheet()
    page = client_for(open_desk.li).get(f"/village/sheets/{sheet.pk}/").content.decode()
    assert 'max="-1"' in page and 'min="-3"' in page
    assert "分值由评定" in page


def test_a_list_asks_each_row_for_tier_and_points(open_desk: Desk, client_for: Pages) -> None:
    client, pk = client_for(open_desk.steward), open_desk.zhang.pk
    address = f"/village/batch/?rule={open_desk.rule_in_force('dump').pk}"
    assert f'name="points_{pk}"' in client.get(address).content.decode()
    sent = {"rule": open_desk.rule_in_force("dump").pk, "kind": "inspection", "title": "检查", "place": "村口",
            "happened_on": DAY.isoformat(), "household": pk, f"tier_{pk}": "bad", f"points_{pk}": "4"}  # fmt: skip
    client.post(address, sent)
    assert Declaration.objects.get().points == -4


def test_a_walk_asks_for_the_points_of_an_open_tier(open_desk: Desk, client_for: Pages) -> None:
    mine = open_desk.rule_in_force("dump")
    found = _open(open_desk, rules=[mine.pk])
    page = client_for(open_desk.steward).get(f"/village/inspections/{found.pk}/").content.decode()
    assert 'min="4"' in page and 'max="6"' in page
    assert [one.scored for one in outcomes(found)] == [True, True, False]

    def mark(tier: str, scores: dict[str, str], minute: int) -> dict[int, str]:
        one = Mark(household=open_desk.zhang.pk, rule=mine.pk, made_at=_at(minute), tier=tier, scores=scores)
        return inspections.mark(inspection=found, marks=[one], by=open_desk.by)

    assert "4到6分" in mark("bad", {"": "7"}, 1)[open_desk.zhang.pk]
    assert "填" in mark("bad", {}, 2)[open_desk.zhang.pk]
    assert mark("bad", {"": "6"}, 3) == {}
    [row] = results(found, [(open_desk.zhang, InspectionMark.objects.select_related("rule").get())])
    assert row[2:] == ("乱倒垃圾：较重", "−6")
    inspections.submit(inspection=found, by=open_desk.by)
    assert Declaration.objects.get().points == -6


def test_what_if_prices_the_chosen_points_and_leaves_open_what_was_not_chosen(open_desk: Desk) -> None:
    open_desk.record("praise", facts={"tier": "sheng", "points": "12"})
    open_desk.record("tidy")
    open_desk.post()
    run = tried(open_desk, book())
    assert run.summary is not None and run.summary["merit"] == {"before": "14", "after": "14"}
    kept = book().model_dump(mode="json")
    for one in kept["rules"]:
        if one["code"] == "praise":
            one["amount"]["tiers"][1] |= {"least": "15", "most": "20"}
    run = tried(open_desk, Rulebook.model_validate(kept))
    assert run.summary is not None and run.summary["undecided"] == 1
    assert "要由人认定" in seen.households(run, "undecided").get().reasons[0]["why"]
