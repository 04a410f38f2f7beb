"""Every mark of a rating names who gave it, so that an average can be traced."""

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from jifen.kernel.actors import SYSTEM
from jifen.kernel.errors import JifenError
from scoring import errors, rater_errors
from scoring.models import Declaration
from scoring.selectors import raters
from tenants.community.models import Household
from tenants.community.services import relatives
from tests.cast import head_of
from tests.scoring import wide
from tests.scoring.desk import DAY, Desk, rule

Browser = Callable[..., Any]
NAMES = ["李四", "王五", "赵六"]
MARKS = ["8", "9", "7"]
PARTS = [{"who": "self", "weight": "0.3"}, {"who": "panel", "weight": "0.7", "least": 2}]
SPAN = {"kind": "range", "least": 0, "most": 10, "step": 1}
PANEL = rule("panel", "家风评议", SPAN, rating={"parts": PARTS, "most": 10})


@pytest.fixture
def homes(desk: Desk) -> list[Household]:
    """Three neighbours of 张三."""
    wide.install(desk, more=[PANEL])
    return [desk.cast.household(name=name, number=f"009{place}") for place, name in enumerate(NAMES)]


def rated(desk: Desk, names: list[str]) -> Declaration:
    return desk.record("neighbourly", facts={"ratings": {"neighbour": MARKS}, "raters": {"neighbour": names}})


def test_the_raters_are_found_and_kept_with_the_marks(desk: Desk, homes: list[Household]) -> None:
    told = rated(desk, ["李四", "0091", "0092 赵六"])
    people = [f"resident:{head_of(homes[0]).pk}", f"household:{homes[1].pk}", f"resident:{head_of(homes[2]).pk}"]
    assert told.points == 8 and told.facts["raters"] == {"neighbour": people}
    assert raters.lines(told, masked=False) == [("互评", "0090 李四 8分、0091 9分、0092 赵六 7分")]
    assert raters.lines(told, masked=True) == [("互评", "村民 8分、村民 9分、村民 7分")]


def test_the_same_deed_sent_again_is_the_first_record(desk: Desk, homes: list[Household]) -> None:
    first, again = (
        desk.record("neighbourly", idempotency_key="k", facts={
            "ratings": {"neighbour": MARKS}, "raters": {"neighbour": NAMES}})
        for _ in range(2)
    )  # fmt: skip
    assert first == again


@pytest.mark.parametrize(
    ("error", "names"),
    [
        (rater_errors.RatersMissing, []), (rater_errors.RatersMissing, NAMES[:2]),
        (rater_errors.RatersMissing, ["李四", "王五", " "]),
        (rater_errors.RaterTwice, ["李四", "王五", "李四"]), (rater_errors.RaterNear, ["李四", "王五", "张三"]),
        (errors.PartyUnknown, ["李四", "王五", "没有这个人"]), (errors.PartyUnknown, ["李四", "王五", "resident:0"]),
    ],
)  # fmt: skip
def test_a_mark_without_a_rater_who_may_give_it_is_refused(
    desk: Desk, homes: list[Household], error: type[JifenError], names: list[str]
) -> None:
    with pytest.raises(error) as refused:
        rated(desk, names)
    assert refused.value.field == "ratings" and not Declaration.objects.exists()


@pytest.mark.parametrize("name", ["李四", "0090"])
def test_a_declared_relative_does_not_rate(desk: Desk, homes: list[Household], name: str) -> None:
    relatives.declare(resident=desk.head(), other=head_of(homes[0]), kind="sibling", on=DAY, by=SYSTEM)
    with pytest.raises(rater_errors.RaterNear, match=name):
        rated(desk, [name, "王五", "赵六"])
    assert not Declaration.objects.exists()


def test_a_household_rates_itself_and_nobody_else_does_it(desk: Desk, homes: list[Household]) -> None:
    panel = {"panel": ["8", "9"]}
    told = desk.record("panel", facts={"ratings": {"self": ["10"], **panel}, "raters": {"panel": NAMES[:2]}})
    assert told.facts["raters"]["self"] == [f"household:{desk.zhang.pk}"]
    with pytest.raises(rater_errors.RaterOutside):
        desk.record("panel", facts={
            "ratings": {"self": ["10"], **panel}, "raters": {"self": ["赵六"], "panel": NAMES[:2]}})  # fmt: skip


def test_who_gave_marks_is_nothing_for_another_rule(desk: Desk, homes: list[Household]) -> None:
    with pytest.raises(errors.FactUnused):
        desk.record("tidy", facts={"raters": {"neighbour": NAMES}})


def test_the_form_takes_who_and_how_many_in_one_line(desk: Desk, homes: list[Household], client_for: Browser) -> None:
    browser = client_for(desk.steward)
    found = desk.rule_in_force("neighbourly")
    url = f"{reverse('scoring:record')}?household={desk.zhang.number}&rule={found.pk}"
    form = {"happened_on": DAY, "place": "村口", "reason": "评议", "channel": "oral", "declared_by": "steward"}
    for sent, why in (
        ("8、9、7", "每个分数都要写明是谁打的"),
        ("8 9 7", "没有找到"),
        ("李四 8、王五 9、孙七 7", "没有找到"),
    ):
        refused = browser.post(url, form | {"rating_neighbour": sent}).content.decode()
        assert why in refused and not Declaration.objects.exists()
    browser.post(url, form | {"rating_neighbour": "李四 8、王五：9分，0092 赵六 7"})
    told = Declaration.objects.get()
    assert told.points == 8 and told.facts["ratings"] == {"neighbour": ["8", "9", "7"]}


def test_who_reviews_reads_the_raters_and_the_household_does_not(
    desk: Desk, homes: list[Household], client_for: Browser, api_client: Browser
) -> None:
    told = rated(desk, NAMES)
    page = reverse("scoring:declaration", args=[told.pk])
    assert "0090 李四 8分" in client_for(desk.steward).get(page).content.decode()
    overseen = client_for(desk.cast.supervisor()).get(page).content.decode()
    assert "村民 8分" in overseen and "李四" not in overseen
    own = api_client(desk.cast.villager(desk.zhang)).get("/api/v1/own-declarations/").json()
    [facts] = [one["facts"] for one in own["results"]]
    assert "ratings" in facts and "raters" not in facts


def test_marks_told_before_raters_were_named_say_so() -> None:
    told = Declaration(facts={"ratings": {"neighbour": ["8", "9"]}})
    assert raters.lines(told, masked=False) == [("互评", "没有写是谁 8分、没有写是谁 9分")]
