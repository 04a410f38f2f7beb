"""Which items of a list a rulebook has already, and that no other item gets a code that meant something."""

from collections.abc import Collection

import pytest

from scoring.rules import identity
from scoring.rules.identity import Known, Spare
from scoring.rules.spec import RuleSpec
from tests.scoring.rules.build import book, rule

TREES = Known("md-03", "positive", "植树", "参与植树，每棵计")
WALLS = Known("md-04", "positive", "刷墙", "粉刷外墙")


def codes(
    *rules: RuleSpec, said: Collection[str] = (), origin: RuleSpec | None = None, ever: Collection[Known] = ()
) -> list[str]:
    origins = {origin.code: origin} if origin else {}
    told = identity.codes(rules, said=said, origins=origins, present=[TREES, WALLS], ever=[TREES, WALLS, *ever])
    return [told[one.code] for one in rules]


def row(code: str, text: str, **more: object) -> RuleSpec:
    return rule(**{"code": code, "title": text[:6], "text": text, **more})


def test_another_item_never_gets_the_code_of_one_that_is_there() -> None:
    assert codes(row("md-03", "清理沟渠"), row("md-05", "夜间巡逻")) == ["md-06", "md-05"]


@pytest.mark.parametrize("text", ["参与植树，每棵计", " 参与植树,每棵计。", "植树"])
def test_the_same_words_are_the_same_item(text: str) -> None:
    assert codes(row("zz-01", text)) == ["md-03"]


@pytest.mark.parametrize("other", [row("zz-01", "参与植树"), row("zz-01", "植树", sign="negative")])
def test_half_the_words_or_the_other_side_are_another_item(other: RuleSpec) -> None:
    assert codes(other) == ["zz-01"]


def test_an_item_is_one_row_and_not_two() -> None:
    assert codes(row("zz-01", "植树"), row("zz-02", "植树")) == ["md-03", "zz-02"]


def test_a_figure_makes_another_item() -> None:
    there = Known("aa-01", "positive", "服务", "服务1.5小时")
    told = identity.codes([row("zz-01", "服务15小时")], said=(), origins={}, present=[there], ever=[there])
    assert told == {"zz-01": "zz-01"}


def test_the_file_says_which_item_it_is_whatever_it_is_called_now() -> None:
    renamed = row("md-03", "栽花种草")
    assert codes(renamed, said=["md-03"]) == ["md-03"]
    assert codes(renamed, said=["md-03"], origin=row("md-03", "植树")) == ["md-03"]


def test_a_file_of_another_town_says_nothing_about_this_ones_items() -> None:
    assert codes(row("md-03", "栽花种草"), said=["md-03"], origin=row("md-03", "种花")) == ["md-05"]


def test_a_code_of_old_stays_with_what_it_meant() -> None:
    old = Known("md-09", "positive", "扫雪", "门前扫雪")
    assert codes(row("md-09", "门前扫雪"), row("md-10", "除草"), said=["md-09", "md-10"], ever=[old]) == [
        "md-09", "md-10",
    ]  # fmt: skip
    assert codes(row("md-09", "除草"), said=["md-09"], ever=[old]) == ["md-10"]


def test_whatever_names_an_item_names_it_by_its_new_code() -> None:
    one = rule(code="a-1", not_with={"rules": ["a-2"]}, repair={"rules": ["a-3"]})
    other = rule(code="a-2", title="二", text="二")
    taken = rule(code="a-3", title="三", text="三", sign="negative", after_warning={"rule": "a-3"})
    limits = [{"kind": "points", "value": 9, "period": "year", "scope": "household", "rules": ["a-1", "a-2"]}]
    made = identity.recoded(book(one, other, taken, limits=limits), {"a-1": "b-1", "a-2": "b-2", "a-3": "b-3"})
    assert [each.code for each in made.rules] == ["b-1", "b-2", "b-3"]
    first, _, third = made.rules
    assert first.not_with and first.not_with.rules == ("b-2",)
    assert first.repair and first.repair.rules == ("b-3",)
    assert third.after_warning and third.after_warning.rule == "b-3"
    assert made.settings.limits[0].rules == ("b-1", "b-2")


@pytest.mark.parametrize(
    ("wanted", "found"), [("rj-01", "rj-03"), ("rj-f01", "rj-f02"), ("tidy", "tidy-02"), ("a" * 40, f"{'a' * 34}-02")]
)
def test_a_spare_code_keeps_its_letters(wanted: str, found: str) -> None:
    assert Spare({"rj-01", "rj-02", "rj-f01", "tidy", "a" * 40}).take(wanted) == found


def test_a_row_changes_what_it_says_and_no_more() -> None:
    old = rule(code="a-1", text="参与植树，要有照片", evidence="required", not_with={"rules": ["a-2"]}, note="镇里定")
    cap = {"kind": "points", "value": 9, "period": "year", "scope": "household"}
    row = rule(code="a-1", title="植树", text="植树", category="别的", limits=[cap], number="7",
               amount={"kind": "fixed", "points": 5})  # fmt: skip
    made = identity.laid_over(old, row)
    assert (made.price_text, made.number, [one.text for one in made.limits]) == ("+5分", "7", ["每户每年最多9分"])
    kept = ("text", "category", "evidence", "not_with", "note")
    assert [getattr(made, name) for name in kept] == [getattr(old, name) for name in kept]


def test_a_row_that_is_silent_of_caps_keeps_them_and_tells() -> None:
    cap = {"kind": "points", "value": 9, "period": "year", "scope": "household"}
    old = rule(code="a-1", limits=[cap], evidence="required", not_with={"rules": ["a-2"]})
    row = rule(code="rj-01", amount={"kind": "fixed", "points": 5}, evidence="none")
    assert identity.laid_over(old, row).limits == old.limits
    assert identity.kept(old, row) == ("limits", "not_with")


def test_a_group_of_another_list_is_a_group_of_its_own() -> None:
    honours = {"code": "honours"}
    there = {"a-1": rule(code="a-1", group=honours)}
    alien = [rule(code="b-1", group=honours), rule(code="b-2", group=honours), rule(code="b-3", group={"code": "own"})]
    groups = [one.group.code for one in identity.regrouped(alien, there) if one.group]
    assert groups == ["honours-02", "honours-02", "own"]
    same = [rule(code="a-1", group=honours), rule(code="b-2", group=honours)]
    assert identity.regrouped(same, there) == tuple(same)
