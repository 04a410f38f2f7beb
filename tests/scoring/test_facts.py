"""A deed under a rule of any kind is told with the facts that its rule counts, and priced by them."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from jifen.kernel.errors import JifenError
from scoring import errors
from scoring.models import Declaration
from scoring.rules.facts import ROLES
from scoring.services import declarations, pricing
from scoring.web.forms import DeedForm
from tenants.community.models import Household, Resident, Role
from tests.clients import PageClient
from tests.scoring import wide
from tests.scoring.desk import DAY, Desk, photo

NEIGHBOURS = ["李四", "王五", "赵六"]
TOLD: list[tuple[str, dict[str, Any], str]] = [
    ("hours", {"quantity": "60"}, "5"),
    ("gift", {"inputs": {"money": "28000"}}, "10"),
    ("gift", {"inputs": {"money": "79999.99"}}, "5"),
    ("income", {"quantity": "1234.56"}, "12.35"),
    ("yard", {"scores": {"tidy": "55", "green": "38"}}, "5"),
    ("yard", {"scores": {"tidy": "40", "green": "30"}}, "3"),
    ("neighbourly", {"ratings": {"neighbour": ["8", "9", "7.5"]}, "raters": {"neighbour": NEIGHBOURS}}, "8"),
    ("stay", {"inputs": {"stay": "2026-03-01/2026-03-04"}}, "8"),
    ("crew", {}, "2"),
    ("other", {"points": "3", "precedent": "tidy"}, "3"),
]


@pytest.fixture
def wide_desk(desk: Desk) -> Desk:
    wide.install(desk)
    for name in NEIGHBOURS:
        desk.cast.household(name=name)
    return desk


@pytest.mark.parametrize(("code", "facts", "points"), TOLD, ids=[f"{row[0]}-{row[2]}" for row in TOLD])
def test_each_kind_is_priced_by_its_own_facts(wide_desk: Desk, code: str, facts: dict[str, Any], points: str) -> None:
    told = wide_desk.record(code, facts=facts)
    assert told.points == Decimal(points) and not told.undecided
    assert declarations.record.__doc__ and "，" in told.explanation


def test_a_party_members_deed_counts_more_and_says_so(wide_desk: Desk) -> None:
    head = wide_desk.head()
    head.is_party_member = True
    head.save()
    told = wide_desk.record("lead", resident=head)
    assert told.points == 3 and "党员" in told.explanation
    assert told.facts["people"]["roles"] == ["head", "party_member"]


def test_who_sits_for_the_village_committees_is_a_cadre(wide_desk: Desk) -> None:
    head = Resident.objects.get(user=wide_desk.cast.committee(name="孙支书"))
    told = wide_desk.record("lead", household=Household.objects.get(head=head), resident=head)
    assert told.facts["people"]["roles"] == ["cadre", "committee", "head"]
    assert set(ROLES) > set(Role.values)


def test_points_times_the_members_of_that_day(wide_desk: Desk) -> None:
    wide_desk.cast.member(wide_desk.zhang)
    assert wide_desk.record("crew").points == 4


def test_who_was_around_is_kept_so_that_the_deed_can_be_priced_again(wide_desk: Desk) -> None:
    wide_desk.cast.member(wide_desk.zhang)
    told = wide_desk.record("crew")
    wide_desk.cast.member(wide_desk.zhang, "张小宝")
    again = pricing.facts_of(told.facts, DAY, subject="household", people=None)
    assert again.people is not None and len(again.people.members) == 2


WRONG: list[tuple[type[JifenError], str, dict[str, Any], str]] = [
    (errors.FactsMissing, "hours", {}, "facts"),
    (errors.FactsMissing, "gift", {}, "facts"),
    (errors.FactsMissing, "yard", {}, "facts"),
    (errors.FactUnused, "hours", {"quantity": "3", "tier": "a"}, "tier"),
    (errors.FactUnused, "tidy", {"scores": {"tidy": "3"}}, "scores"),
    (errors.FactsUnknown, "tidy", {"people": {}}, "facts"),
]


@pytest.mark.parametrize(("error", "code", "facts", "field"), WRONG)
def test_what_does_not_fit_the_rule_is_refused_at_its_field(
    wide_desk: Desk, error: type[JifenError], code: str, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(error) as refused:
        wide_desk.record(code, facts=facts)
    assert refused.value.field == field and not Declaration.objects.exists()


def test_papers_and_photos_are_counted_by_kind(wide_desk: Desk) -> None:
    told = wide_desk.record("proven", evidence=[photo("ready")])
    assert told.undecided == "还缺照片1份、证书1份" and told.points == 0


def test_the_form_asks_for_what_the_rule_counts(wide_desk: Desk) -> None:
    fields = {code: list(_form(wide_desk, code).fields) for code in ("yard", "stay", "neighbourly", "other", "hours")}
    assert {"score_tidy", "score_green"} <= set(fields["yard"])
    assert {"input_stay_start", "input_stay_end"} <= set(fields["stay"])
    assert "rating_neighbour" in fields["neighbourly"] and "precedent" in fields["other"]
    assert "quantity" in fields["hours"]


def _form(desk: Desk, code: str) -> DeedForm:
    return DeedForm(rule=desk.rule_in_force(code), members=[desk.head()])


def test_the_steward_records_a_range_of_days_on_the_page(
    wide_desk: Desk, client_for: Callable[..., PageClient]
) -> None:
    page, rule = client_for(wide_desk.steward), wide_desk.rule_in_force("stay")
    sent = {"input_stay_start": DAY, "input_stay_end": DAY, "happened_on": DAY, "place": "村口", "reason": "陪护",
            "channel": "oral"}  # fmt: skip
    page.post(f"/village/record/?household={wide_desk.zhang.number}&rule={rule.pk}", sent)
    assert Declaration.objects.get().points == 2
