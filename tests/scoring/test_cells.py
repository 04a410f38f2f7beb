"""Points of a deed for a cell: shared by the households that were in it on the day, told on each one's entry."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.checks import town_checks
from scoring.models import Entry, Posting
from scoring.services import ledger, reviews, years
from tenants.community.models import Cell, Household
from tenants.community.services import cells
from tests.scoring import wide
from tests.scoring.desk import DAY, Desk, rule
from tests.scoring.owner import owner

Caller = Callable[..., Any]
COLUMNS = "cell_id, household_id, from_date"
RULES = [
    rule("cell", "联户互助", 4, attribution="cell"),
    rule("each", "联户达标", 2, attribution="cell", sharing="each"),
    rule("mixed", "带动联户", 6, shares=[{"to": "household", "share": "0.5"}, {"to": "cell", "share": "0.5"}]),
    rule("blame", "联户失管", 3, sign="negative", attribution="cell"),
]


def _with_cell(desk: Desk) -> list[Household]:
    wide.install(desk, more=RULES, since=date(DAY.year - 1, 1, 2))
    homes = [desk.zhang, *(desk.cast.household(name=name, number=f"9000{name}") for name in "李王")]
    cell = cells.make(village=desk.village, name="第一组", by=SYSTEM)
    cells.put_in(cell=cell, numbers=[home.number for home in homes], on=DAY, by=SYSTEM)
    return homes


@pytest.fixture
def homes(desk: Desk) -> list[Household]:
    """张三 and two neighbours, in one cell since the month's first day."""
    return _with_cell(desk)


def _merits(desk: Desk, homes: list[Household]) -> list[Decimal]:
    return [desk.merit(home) for home in homes]


def _breaches() -> dict[str, int]:
    return {check.title: found for check in town_checks() if (found := check.breaches())}


def test_a_deed_is_shared_to_the_cent_by_who_was_in_the_cell(desk: Desk, homes: list[Household]) -> None:
    told = desk.record("cell")
    assert sorted(told.facts["people"]["cell"]) == sorted(str(home.pk) for home in homes)
    desk.post()
    assert sorted(_merits(desk, homes)) == [Decimal("1.33"), Decimal("1.33"), Decimal("1.34")]
    assert set(Entry.objects.values_list("share", flat=True)) == {"cell"}
    assert "联户组3户平分" in Posting.objects.get().explanation
    assert _breaches() == {}


def test_every_household_of_the_cell_or_half_to_the_one_that_did_it(desk: Desk, homes: list[Household]) -> None:
    desk.record("each")
    desk.record("mixed")
    desk.post()
    assert _merits(desk, homes) == [Decimal(6), Decimal(3), Decimal(3)]


def test_what_is_taken_is_taken_of_all_of_them(desk: Desk, homes: list[Household]) -> None:
    desk.record("blame")
    desk.post()
    assert _merits(desk, homes) == [Decimal(-1)] * 3


def test_who_came_or_went_counts_by_the_day_of_the_deed(desk: Desk, homes: list[Household]) -> None:
    cell = Cell.objects.get()
    cells.take_out(cell=cell, household=homes[2], on=DAY, by=SYSTEM)
    desk.record("cell")
    cells.take_out(cell=cell, household=homes[1], on=DAY, by=SYSTEM)
    desk.post()
    assert _merits(desk, homes) == [Decimal(2), Decimal(2), Decimal(0)]
    years.open_year(number=(DAY - timedelta(days=1)).year, by=SYSTEM)
    before = desk.record("cell", happened_on=DAY - timedelta(days=1))
    assert "联户组" in before.undecided


def test_a_household_that_takes_no_part_leaves_its_share(desk: Desk, homes: list[Household]) -> None:
    out = desk.cast.household(name="孙", joined=False)
    cells.put_in(cell=Cell.objects.get(), numbers=[out.number], on=DAY, by=SYSTEM)
    desk.record("cell")
    desk.post()
    assert (_merits(desk, homes), desk.merit(out)) == ([Decimal(1)] * 3, Decimal(0))
    assert "联户组成员户当日未参加积分制，这一份不计" in Posting.objects.get().explanation


def test_a_correction_takes_back_every_share(desk: Desk, homes: list[Household]) -> None:
    desk.record("cell")
    desk.post()
    ledger.reverse(posting=Posting.objects.get(), reason="不是联户组的事", by=desk.by)
    assert _merits(desk, homes) == [Decimal(0)] * 3
    assert _breaches() == {}


def test_a_neighbour_reads_her_share_and_no_other(
    desk: Desk, homes: list[Household], client_for: Caller, api_client: Caller
) -> None:
    desk.record("mixed")
    desk.post()
    here = reverse("scoring:posting", args=[Posting.objects.get().pk])
    page = client_for(desk.cast.villager(homes[1])).get(here).content.decode()
    assert "作为联户组成员户分得" in page and f"户号{desk.zhang.number}" in page and "联户组3户平分" in page
    assert "+1<" in page and "+4<" not in page
    own = client_for(desk.cast.villager(desk.zhang)).get(here).content.decode()
    assert "+4<" in own and "谁家做的" not in own
    told = api_client(desk.steward).get("/api/v1/entries/").json()["results"]
    assert {one["share"] for one in told} == {"", "cell"}
    staff = client_for(desk.steward).get(reverse("scoring:village_posting", args=[Posting.objects.get().pk]))
    assert f"户号{homes[1].number}，作为联户组成员户分得" in staff.content.decode()


def test_verify_finds_a_share_of_who_was_not_in_it(committing_desk: Desk) -> None:
    _with_cell(committing_desk)
    committing_desk.record("cell")
    committing_desk.post()
    assert not {title for title in _breaches() if "联户组" in title}
    far = committing_desk.cast.village("白江洞村")
    with owner("t_alpha") as sql:
        for statement in (
            "ALTER TABLE scoring_declaration DISABLE TRIGGER USER",
            "UPDATE scoring_declaration SET facts = jsonb_set(facts, '{people,cell}', '[]')",
            "ALTER TABLE community_cellmember DROP CONSTRAINT community_cell_of_one",
            f"INSERT INTO community_cellmember ({COLUMNS}) SELECT {COLUMNS} FROM community_cellmember",
            f"UPDATE community_cell SET village_id = {far.pk}",
        ):
            sql.execute(statement)
    found = {title: count for title, count in _breaches().items() if "联户组" in title}
    assert found == {
        "联户组的积分只计给行为当日在组的户": 6, "每户同一天只在一个联户组": 3, "联户组的户都是本村的": 6,
    }  # fmt: skip


def test_verify_finds_who_decided_on_what_she_gets_a_part_of(committing_desk: Desk) -> None:
    neighbour = _with_cell(committing_desk)[1].head
    committing_desk.record("cell")
    reviews.decide_rest(review=committing_desk.sheet(), by=Actor.of(committing_desk.wu))
    assert neighbour is not None and not _breaches()
    with owner("t_alpha") as sql:
        sql.execute("ALTER TABLE scoring_reviewitem DISABLE TRIGGER USER")
        sql.execute(f"UPDATE scoring_reviewitem SET decided_by_resident_id = {neighbour.pk}")
    assert _breaches()["没有人审定、核实自己家或亲属家分得的行为"] == 1
