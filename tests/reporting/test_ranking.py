"""Ranking alone: places, ties, list sizes."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from reporting.ranking import Placed, Standing, Sums, listed, rank, top_share

figures = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=40
).map(lambda pairs: [_standing(index, plus, minus) for index, (plus, minus) in enumerate(pairs, start=1)])  # fmt: skip


def _standing(index: int, plus: int, minus: int = 0) -> Standing:
    return Standing(index, index, 1, f"{index:04d}", "一组", quarter=Sums(Decimal(plus), Decimal(minus)))


def _places(rows: list[Placed]) -> list[tuple[int, int]]:
    return [(row.place, row.standing.id) for row in rows]


def test_same_points_share_the_place_and_the_next_is_skipped() -> None:
    rows = rank([_standing(1, 5), _standing(2, 8), _standing(3, 8), _standing(4, 2)], measure="positive")
    assert _places(rows) == [(1, 2), (1, 3), (3, 1), (4, 4)]


def test_whoever_has_no_deduction_is_not_ranked_by_deductions() -> None:
    rows = rank([_standing(1, 5), _standing(2, 0, 3)], measure="negative")
    assert _places(rows) == [(1, 2)]


def test_by_net_points_everybody_is_ranked() -> None:
    rows = rank([_standing(1, 0), _standing(2, 1, 5)], measure="net", order="lowest")
    assert _places(rows) == [(1, 2), (2, 1)]


def _earlier(index: int, plus: int, whole: Sums, minus: int = 0) -> Standing:
    return replace(_standing(index, plus, minus), cumulative=whole)


def _ids(rows: list[Placed]) -> list[int]:
    return [row.standing.id for row in rows]


def test_a_tie_at_the_last_place_is_broken_by_the_year_so_far() -> None:
    year = [(1, Sums(Decimal(7))), (2, Sums(Decimal(9))), (3, Sums(Decimal(9), Decimal(1)))]
    standings = [_earlier(index, 5, whole) for index, whole in year]
    rows = listed(standings, size=1, measure="positive", order="highest")
    assert _places(rows) == [(1, 2)]


def test_fewer_deductions_in_the_quarter_break_what_is_still_tied() -> None:
    whole = Sums(Decimal(9), Decimal(3))
    rows = listed([_earlier(1, 5, whole, minus=3), _earlier(2, 5, whole)], size=1, measure="positive", order="highest")
    assert _ids(rows) == [2]


def test_who_is_still_tied_at_the_last_place_is_left_off_together() -> None:
    standings = [_standing(index, 20 - min(index, 10)) for index in range(1, 13)]
    assert _ids(listed(standings, size=10, measure="positive", order="highest")) == list(range(1, 10))


def test_a_first_place_that_more_share_than_the_list_is_long_is_shown_whole() -> None:
    standings = [_standing(index, 5) for index in range(1, 13)]
    assert len(listed(standings, size=10, measure="positive", order="highest")) == 12


def test_a_black_list_is_never_longer_than_its_size_by_a_tie() -> None:
    standings = [_standing(index, 0, 5) for index in range(1, 13)]
    assert listed(standings, size=10, measure="negative", order="highest") == []
    assert _ids(listed([*standings, _standing(13, 0, 6)], size=10, measure="negative", order="highest")) == [13]


def test_seed_002_blacklists_the_one_with_the_lowest_total() -> None:
    rows = listed([_standing(1, 9), _standing(2, 3), _standing(3, 1, 4)], size=1, measure="net", order="lowest")
    assert [(row.standing.id, row.points) for row in rows] == [(3, Decimal(-3))]


def test_a_tie_at_the_bottom_without_deductions_blacklists_nobody() -> None:
    rows = listed([_standing(1, 9), _standing(2, 0), _standing(3, 0)], size=1, measure="net", order="lowest")
    assert rows == []


def test_a_tie_at_the_bottom_blacklists_those_with_deductions() -> None:
    rows = listed([_standing(1, 9), _standing(2, 0), _standing(3, 4, 4)], size=1, measure="net", order="lowest")
    assert [row.standing.id for row in rows] == [3]


def test_seed_001_rewards_about_five_per_cent_at_least_one() -> None:
    placed = rank([_standing(index, index) for index in range(1, 31)], measure="net")
    assert len(top_share(placed, Decimal("0.05"))) == 2
    assert len(top_share(placed[:5], Decimal("0.05"))) == 1


@given(figures)
def test_places_follow_points_and_count_those_before(standings: list[Standing]) -> None:
    for row in (rows := rank(standings, measure="net")):
        assert row.place == 1 + sum(other.points > row.points for other in rows)


@given(figures)
def test_the_order_does_not_depend_on_how_figures_come_in(standings: list[Standing]) -> None:
    assert rank(standings, measure="positive") == rank(reversed(standings), measure="positive")


@given(figures, st.integers(1, 10))
def test_a_red_list_keeps_its_size_and_passes_over_nobody_who_did_better(standings: list[Standing], size: int) -> None:
    ranking = rank(standings, measure="positive")
    rows = listed(standings, size=size, measure="positive", order="highest")
    assert len(rows) <= size or {row.place for row in rows} == {1}
    least = min((row.points for row in rows), default=Decimal(0))
    assert rows == [row for row in ranking if row in rows]
    assert all(row in rows for row in ranking if row.points > least)


@given(figures)
def test_gross_points_rank_only_those_who_have_some(standings: list[Standing]) -> None:
    assert all(row.points > 0 for row in rank(standings, measure="negative"))
