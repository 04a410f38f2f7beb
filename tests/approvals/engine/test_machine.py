"""Where an item stands and what words make of a step, without a database."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.approvals import machine, quorum
from jifen.approvals.definition import Definition, parse
from jifen.approvals.machine import Facts, Work
from jifen.approvals.shares import Fraction

WHO = {"role": "committee"}
ANY = {"name": "核实", "who": {"role": "steward"}}
ALL = {"name": "会签", "who": WHO, "how": "all"}
IN_ORDER = {"name": "依次", "who": WHO, "how": "in_order"}
TWO_THIRDS = {"name": "票签", "who": WHO, "how": "quorum", "quorum": {"numerator": 2, "denominator": 3}}
CHAIRED = TWO_THIRDS | {"who": [{"seat": "主任", "required": True}, WHO]}
BIG = {"name": "大额", "when": "points >= 20", "steps": [{"name": "镇级", "who": {"role": "town_officer"}}]}
FORKED = [
    {"name": "核实", "who": {"role": "steward"}},
    {"name": "分路", "kind": "choose", "paths": [BIG, {"name": "其他"}]},
    {"name": "两边", "kind": "parallel", "paths": [
        {"name": "甲", "steps": [{"name": "甲一", "who": WHO}, {"name": "甲二", "who": WHO}]},
        {"name": "乙", "steps": [{"name": "乙一", "who": WHO}]}]},
    {"name": "汇总", "who": {"role": "town_admin"}},
]  # fmt: skip


def facts(**values: Any) -> Facts:
    return Facts(values, {"points": "number"})


def said(*words: str, parts: tuple[int, ...] = (0,)) -> list[Work]:
    """One seat for each word; an empty one is still to speak."""
    return [Work(number, "done" if word else "waiting", number, word, parts=parts) for number, word in enumerate(words)]


def words(approve: int, reject: int, seats: int) -> list[Work]:
    return said(*["approve"] * approve, *["reject"] * reject, *[""] * (seats - approve - reject))


def outcome(step: dict[str, Any], works: list[Work]) -> str:
    [parsed] = parse([step]).all_steps()
    return machine.count(parsed, works).outcome


def at(definition: Definition, *done: str, **values: Any) -> list[str]:
    return [step.name for step in machine.walk(definition, done, {}, facts(**values)).waiting]


@pytest.mark.parametrize(
    ("step", "approve", "reject", "seats", "result"),
    [
        (ANY, 0, 0, 3, "open"),
        (ANY, 1, 0, 3, "passed"),
        (ANY, 0, 1, 3, "refused"),
        (ALL, 2, 0, 3, "open"),
        (ALL, 3, 0, 3, "passed"),
        (ALL, 2, 1, 3, "refused"),
        (IN_ORDER, 2, 0, 3, "open"),
        (IN_ORDER, 3, 0, 3, "passed"),
        (TWO_THIRDS, 3, 0, 5, "open"),
        (TWO_THIRDS, 4, 0, 5, "passed"),
        (TWO_THIRDS, 3, 1, 5, "open"),
        (TWO_THIRDS, 3, 2, 5, "refused"),
        (ALL, 0, 0, 0, "empty"),
    ],
)
def test_the_words_decide(step: dict[str, Any], approve: int, reject: int, seats: int, result: str) -> None:
    assert outcome(step, words(approve, reject, seats)) == result


def test_the_word_of_somebody_recused_does_not_count() -> None:
    works = [*said("approve", "approve", ""), Work(9, "recused", 9)]
    assert outcome(TWO_THIRDS, works) == "passed"
    assert outcome(TWO_THIRDS, [*works, Work(8, "waiting", 8)]) == "open"


def test_weights_count_for_more_than_heads() -> None:
    heavy = [Work(1, "done", 0, "approve", weight=3), *[Work(n, "waiting", n) for n in (2, 3)]]
    assert outcome(TWO_THIRDS | {"quorum": {"percent": 60}}, heavy) == "passed"


def test_without_the_required_seat_nothing_passes() -> None:
    votes = [Work(1, "waiting", 0, parts=(0,)), *[Work(n, "done", n, "approve", parts=(1,)) for n in (2, 3, 4)]]
    assert outcome(CHAIRED, votes) == "open"
    assert outcome(CHAIRED, [Work(1, "done", 0, "reject", parts=(0,)), *votes[1:]]) == "refused"
    assert outcome(CHAIRED, [Work(1, "recused", 0, parts=(0,)), *votes[1:]]) == "passed"


def test_in_order_it_is_the_first_ones_turn() -> None:
    [step] = parse([IN_ORDER]).all_steps()
    assert machine.count(step, said("approve", "", "")).turn == {1}
    assert machine.count(parse([ALL]).steps[0], said("approve", "", "")).turn == {1, 2}  # type: ignore[arg-type]


def test_a_chain_speaks_one_after_the_other_and_counts_once() -> None:
    [step] = parse([ALL]).all_steps()
    chain = [Work(1, "waiting", 0, rank=0), Work(2, "waiting", 0, rank=-1), Work(3, "waiting", 1)]
    assert machine.count(step, chain).turn == {2, 3}
    spoken = [chain[0], Work(2, "done", 0, "approve", rank=-1), Work(3, "done", 1, "approve")]
    assert machine.count(step, spoken).turn == {1}
    assert machine.count(step, [*spoken[1:], Work(1, "done", 0, "approve")]).outcome == "passed"


def test_who_claims_it_keeps_the_others_waiting() -> None:
    [step] = parse([ANY]).all_steps()
    assert machine.count(step, [Work(1, "waiting", 0), Work(2, "claimed", 1)]).turn == {2}


def test_an_item_walks_through_forks_and_joins() -> None:
    flow = parse(FORKED)
    assert at(flow, points="5") == ["核实"]
    assert at(flow, "核实", points="30") == ["镇级"]
    assert at(flow, "核实", points="5") == ["甲一", "乙一"]
    assert at(flow, "核实", "甲一", "乙一", points="5") == ["甲二"]
    assert at(flow, "核实", "甲一", "甲二", "乙一", points="5") == ["汇总"]
    assert at(flow, "核实", "甲一", "甲二", "乙一", "汇总", points="5") == []


def test_a_choice_stands_when_the_facts_change() -> None:
    flow = parse(FORKED)
    routes = machine.walk(flow, ["核实"], {}, facts(points="5")).routes
    waiting = machine.walk(flow, ["核实"], routes, facts(points="50")).waiting
    assert [step.name for step in waiting] == ["甲一", "乙一"]


def test_what_cannot_be_told_is_asked_and_not_chosen() -> None:
    assert at(parse([ANY | {"when": "points > 3"}])) == ["核实"]
    assert at(parse(FORKED), "核实") == ["甲一", "乙一"]


def test_later_and_earlier_follow_the_way() -> None:
    flow = parse(FORKED)
    assert machine.later(flow, "甲一") == {"甲一", "甲二", "汇总"}
    assert machine.later(flow, "分路") >= {"镇级", "两边", "甲一", "汇总"}
    assert [step.name for step in machine.earlier(flow, "甲二")] == ["核实", "镇级", "甲一"]


def test_a_jump_passes_over_what_lies_between() -> None:
    flow = parse(FORKED)
    routes = machine.routes_to(flow, [], {}, "甲二")
    assert [step.name for step in machine.walk(flow, [], routes, facts(points="1")).waiting] == ["甲二"]
    assert [step.name for step in machine.walk(flow, ["甲二"], routes, facts(points="1")).waiting] == ["汇总"]


@pytest.mark.parametrize(
    ("share", "seats", "needed"),
    [
        ({"numerator": 2, "denominator": 3}, 5, 4),
        ({"numerator": 1, "denominator": 2}, 4, 2),
        ({"numerator": 1, "denominator": 2, "more": True}, 4, 3),
        ({"percent": 60}, 5, 3),
        ({"percent": 50, "more": True}, 4, 3),
        ({"count": 3}, 5, 3),
        ({"count": 3}, 2, 2),
        ({"numerator": 1, "denominator": 3}, 0, 1),
    ],
)
def test_a_share_of_the_seats_is_rounded_up(share: dict[str, Any], seats: int, needed: int) -> None:
    assert Fraction.model_validate(share).of(seats) == needed


@given(st.integers(1, 50), st.integers(1, 50), st.integers(0, 60), st.booleans())
def test_a_quorum_is_always_within_the_seats(numerator: int, denominator: int, seats: int, more: bool) -> None:
    share = Fraction(numerator=min(numerator, denominator), denominator=denominator, more=more)
    assert 1 <= share.of(seats) <= max(seats, 1)
    assert share.of(seats) <= share.of(seats + 1)


@given(st.sampled_from([ANY, ALL, IN_ORDER, TWO_THIRDS]), st.integers(0, 8), st.integers(1, 8))
def test_when_all_have_spoken_nothing_stays_open(step: dict[str, Any], approve: int, seats: int) -> None:
    approve = min(approve, seats)
    assert outcome(step, words(approve, seats - approve, seats)) in ("passed", "refused")


def test_a_flow_says_how_many_it_needs() -> None:
    assert quorum.needed(SimpleNamespace(steps=[ANY, TWO_THIRDS]), 5) == 4
    assert quorum.needed(SimpleNamespace(steps=[ALL]), 5) == 5
    assert quorum.needed(SimpleNamespace(steps=[ANY]), 5) == 1
