"""What votes make of a step, without a database."""

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jifen.approvals import quorum, steps
from jifen.approvals.errors import StepsWrong
from jifen.approvals.shares import Fraction
from jifen.kernel.cel import ExpressionInvalid

ANY = {"name": "核实", "who": {"role": "steward"}, "how": "any"}
ALL = {"name": "会签", "who": {"role": "committee"}, "how": "all"}
TWO_THIRDS = {
    "name": "票签",
    "who": {"role": "committee"},
    "how": "quorum",
    "quorum": {"numerator": 2, "denominator": 3},
}


def outcome(step: dict[str, Any], approve: int, reject: int, seats: int) -> str:
    words = ["approve"] * approve + ["reject"] * reject
    [parsed] = steps.parse([step])
    return steps.outcome(parsed, [steps.Vote(number, word) for number, word in enumerate(words)], range(seats))


@pytest.mark.parametrize(
    ("step", "approve", "reject", "seats", "result"),
    [
        (ANY, 0, 0, 3, "open"),
        (ANY, 1, 0, 3, "passed"),
        (ANY, 0, 1, 3, "refused"),
        (ALL, 2, 0, 3, "open"),
        (ALL, 3, 0, 3, "passed"),
        (ALL, 2, 1, 3, "refused"),
        (TWO_THIRDS, 3, 0, 5, "open"),
        (TWO_THIRDS, 4, 0, 5, "passed"),
        (TWO_THIRDS, 3, 1, 5, "open"),
        (TWO_THIRDS, 3, 2, 5, "refused"),
    ],
)
def test_the_votes_decide(step: dict[str, Any], approve: int, reject: int, seats: int, result: str) -> None:
    assert outcome(step, approve, reject, seats) == result


def test_the_word_of_somebody_recused_does_not_count() -> None:
    [step] = steps.parse([TWO_THIRDS])
    votes = [steps.Vote(1, "approve"), steps.Vote(2, "approve")]
    assert steps.outcome(step, votes, [1, 3, 4]) == "open"
    assert steps.outcome(step, votes, [1, 2, 3]) == "passed"


@pytest.mark.parametrize(
    ("share", "seats", "needed"),
    [((2, 3), 5, 4), ((2, 3), 6, 4), ((1, 2), 5, 3), ((1, 2), 4, 2), ((1, 1), 7, 7), ((1, 3), 0, 1)],
)
def test_a_share_of_the_seats_is_rounded_up(share: tuple[int, int], seats: int, needed: int) -> None:
    assert Fraction(numerator=share[0], denominator=share[1]).of(seats) == needed


def test_more_than_half_of_four_is_three() -> None:
    assert Fraction(numerator=1, denominator=2, more=True).of(4) == 3
    assert Fraction(numerator=1, denominator=2, more=True).of(5) == 3


@given(st.integers(1, 50), st.integers(1, 50), st.integers(0, 60), st.booleans())
def test_a_quorum_is_always_within_the_seats(numerator: int, denominator: int, seats: int, more: bool) -> None:
    share = Fraction(numerator=min(numerator, denominator), denominator=denominator, more=more)
    assert 1 <= share.of(seats) <= max(seats, 1)
    assert share.of(seats) <= share.of(seats + 1)


@given(st.sampled_from([ANY, ALL, TWO_THIRDS]), st.integers(0, 8), st.integers(0, 8), st.integers(1, 8))
def test_when_all_have_spoken_nothing_stays_open(step: dict[str, Any], approve: int, reject: int, seats: int) -> None:
    if approve + reject >= seats:
        assert outcome(step, min(approve, seats), max(0, seats - approve), seats) != "open"


def test_a_flow_says_how_many_it_needs() -> None:
    flow = SimpleNamespace(steps=[ANY, TWO_THIRDS])
    assert quorum.needed(flow, 5) == 4
    assert quorum.needed(SimpleNamespace(steps=[ALL]), 5) == 5
    assert quorum.needed(SimpleNamespace(steps=[ANY]), 5) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ([], "至少要有一步"),
        ([{**ANY, "who": {}}], "第1步:办理人"),
        ([ANY, {**ANY, "who": {"role": "steward", "seat": "主任"}}], "第2步:办理人"),
        ([{**ANY, "how": "quorum"}], "第1步:票签的步骤"),
        ([{**TWO_THIRDS, "quorum": {"numerator": 3, "denominator": 2}}], "不能大于全体"),
        ([{**ANY, "how": "both"}], "第1步:“how”"),
        ([{**ANY, "deadline": 3}], "第1步:“deadline”"),
        ("abc", "步骤"),
    ],
)
def test_a_wrong_flow_says_which_step_and_why(wrong: Any, said: str) -> None:
    with pytest.raises(StepsWrong, match=said):
        steps.parse(wrong)


def test_a_condition_chooses_the_steps() -> None:
    parsed = steps.parse([{**ANY, "when": "points > 20"}, ALL])
    assert steps.next_step(parsed, 0, {"points": "30"}, {"points": "number"}) == 0
    assert steps.next_step(parsed, 0, {"points": "20.00"}, {"points": "number"}) == 1
    assert steps.next_step(parsed, 2, {}, {}) is None


def test_a_condition_over_an_unknown_fact_is_refused() -> None:
    with pytest.raises(ExpressionInvalid):
        steps.check_conditions(steps.parse([{**ANY, "when": "price > 3"}]), {"points": "number"})
