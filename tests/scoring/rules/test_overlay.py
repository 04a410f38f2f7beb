"""A village's changes on its town's rulebook, what they come to in sentences, and a new version of the town."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scoring.rules import bounds_diff
from scoring.rules.diffs import diff
from scoring.rules.library import load
from scoring.rules.overlay import Add, Amend, Bounds, Off, Overlay, OverlayInvalid, apply, violations
from scoring.rules.spec import Category, Rulebook
from scoring.rules.three_way import Choice, three_way
from tests.scoring.desk import RULES, rule

LOADED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""On a loaded machine the first item to be checked takes longer than the others."""
TOWN = Rulebook.model_validate({"categories": [{"name": "人居环境"}], "rules": RULES})
CODES = [one.code for one in TOWN.rules]


def overlay(*changes: Any, **more: Any) -> Overlay:
    return Overlay.model_validate({"changes": list(changes), **more})


def amend(code: str, **values: Any) -> dict[str, Any]:
    return {"kind": "amend", "code": code, "values": values}


def points(value: Any) -> dict[str, Any]:
    return {"kind": "fixed", "points": value}


def off(code: str) -> dict[str, Any]:
    return {"kind": "off", "code": code}


def add(code: str, title: str = "晒谷互助", value: Any = 2, **more: Any) -> dict[str, Any]:
    return {"kind": "add", "rule": rule(code, title, value, **more)}


def town(*changes: dict[str, Any], without: tuple[str, ...] = ()) -> Rulebook:
    """Another version of the town: some items with other fields, some gone, some new."""
    by_code = {one["code"]: one for one in changes}
    rules = [one | by_code.pop(one["code"], {}) for one in RULES if one["code"] not in without]
    return Rulebook.model_validate({"categories": [{"name": "人居环境"}], "rules": [*rules, *by_code.values()]})


_amends = st.builds(
    lambda code, value: Amend(code=code, values={"amount": points(value), "title": f"改{value}"}),
    st.sampled_from([code for code in CODES if code != "illegal"]),
    st.integers(1, 50),
)
_offs = st.builds(lambda code: Off(code=code), st.sampled_from(CODES))
_adds = st.builds(
    lambda n, value: Add.model_validate(add(f"own-{n}", value=value)), st.integers(1, 5), st.integers(1, 9)
)
OVERLAYS = st.lists(st.one_of(_amends, _offs, _adds), max_size=8, unique_by=lambda one: one.code).map(
    lambda changes: Overlay(changes=tuple(changes))
)
TOWNS = st.tuples(
    st.dictionaries(st.sampled_from(["tidy", "help", "trees"]), st.integers(1, 50), max_size=3),
    st.sets(st.sampled_from(["tidy", "class", "litter"]), max_size=2),
    st.booleans(),
).map(
    lambda drawn: town(
        *({"code": code, "amount": points(value)} for code, value in drawn[0].items() if code not in drawn[1]),
        *([rule("own-1", "镇里新增", 4)] if drawn[2] else []),
        without=tuple(drawn[1]),
    )
)


@pytest.mark.parametrize("code", ["seed_000", "seed_001", "seed_002", "seed_003"])
def test_an_overlay_of_nothing_is_the_town_s_rulebook(code: str) -> None:
    book = load(code).rulebook
    assert apply(book, Overlay()) == book and diff(book, book) == ()


@LOADED
@given(OVERLAYS)
def test_applying_twice_is_applying_once(own: Overlay) -> None:
    once = apply(TOWN, own)
    assert apply(once, own) == once


@LOADED
@given(OVERLAYS)
def test_every_change_is_told_and_nothing_else(own: Overlay) -> None:
    changed = {one.code for one in apply(TOWN, own).rules if one not in TOWN.rules}
    assert {line.code for line in diff(TOWN, apply(TOWN, own))} == changed


@LOADED
@given(OVERLAYS)
def test_a_town_that_changes_nothing_leaves_a_village_as_it_is(own: Overlay) -> None:
    view = three_way(TOWN, TOWN, own)
    assert view.conflicts == () and apply(TOWN, view.result) == apply(TOWN, own)


@LOADED
@given(TOWNS)
def test_a_village_without_changes_gets_the_town_s_whole(new: Rulebook) -> None:
    view = three_way(TOWN, new, Overlay())
    assert view.conflicts == () and apply(new, view.result) == new


@LOADED
@given(OVERLAYS, TOWNS, st.sampled_from(["town", "own"]))
def test_whatever_is_chosen_fits_the_new_version(own: Overlay, new: Rulebook, choice: Any) -> None:
    chosen = dict.fromkeys([one.code for one in three_way(TOWN, new, own).conflicts], choice)
    view = three_way(TOWN, new, own, chosen=chosen)
    assert view.open == ()
    assert apply(new, view.result).rules


def test_own_items_stand_behind_the_last_of_their_class() -> None:
    book = Rulebook.model_validate(
        {"categories": [{"name": "人居环境"}, {"name": "乡风"}],
         "rules": [rule("a", "甲", 1), rule("b", "乙", 1, category="乡风")]}
    )  # fmt: skip
    codes = [one.code for one in apply(book, overlay(add("own-1"))).rules]
    assert codes == ["a", "own-1", "b"]


def test_a_class_of_the_village_s_own_comes_last() -> None:
    own = overlay(add("own-1", category="渔业"), categories=[{"name": "渔业"}])
    book = apply(TOWN, own)
    assert (book.categories[-1].name, book.rules[-1].code) == ("渔业", "own-1")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (off("none"), "没有 none 这一条"),
        (amend("none", title="改名"), "没有 none 这一条"),
        (add("tidy"), "编号 tidy 和镇里的“庭院整洁”相同"),
        (add("own-1", category="渔业"), "大类“渔业”不在细则里"),
        (amend("tidy", amount=points(0)), "0分的条目"),
        (amend("tidy", amount={"kind": "fixed"}), "庭院整洁"),
    ],
)
def test_a_change_that_does_not_fit_names_its_item(change: dict[str, Any], words: str) -> None:
    with pytest.raises(OverlayInvalid, match=words):
        apply(TOWN, overlay(change))


@pytest.mark.parametrize(
    ("bound", "change", "words"),
    [
        ({"locked": True}, off("tidy"), "“庭院整洁”由镇里统一规定"),
        ({"locked": True}, amend("tidy", title="院子"), "“庭院整洁”由镇里统一规定"),
        ({"keep": True}, off("tidy"), "“庭院整洁”镇里要求保留"),
        ({"least": 2, "most": 4}, amend("tidy", amount=points(5)), "2至4分"),
        ({"least": 2}, amend("tidy", amount=points(1)), "不少于2分"),
        ({"most": 4}, amend("tidy", amount={"kind": "per_month", "points": 2}), "计分方式不能改"),
        ({"cap_most": 10}, amend("tidy", title="院子"), "要求设上限"),
        ({"cap_most": 10}, amend("tidy", limits=[{"kind": "points", "value": 12, "period": "month"}]), "规定的10"),
    ],
)
def test_what_the_town_bounds_is_said_of_the_item(bound: dict[str, Any], change: Any, words: str) -> None:
    bounds = Bounds.model_validate({"items": [{"code": "tidy", **bound}]})
    [problem] = violations(TOWN, overlay(change), bounds)
    assert problem.code == "tidy" and words in problem.text


def test_nothing_is_locked_by_default() -> None:
    own = overlay(*(off(code) for code in CODES[:3]), amend("class", amount=points(99)), add("own-1", value=999))
    assert violations(TOWN, own, Bounds()) == []


@pytest.mark.parametrize(
    ("slots", "words"),
    [
        ({"number": 1}, "最多自加1条，“晒谷互助”超出了"),
        ({"points": 1}, "“晒谷互助”每条最多1分"),
        ({"categories": ["乡风"]}, "“晒谷互助”只能放在乡风里"),
    ],
)
def test_own_items_keep_to_their_slots(slots: dict[str, Any], words: str) -> None:
    bounds = Bounds.model_validate({"slots": slots})
    found = violations(TOWN, overlay(add("own-1", "清沟", 1), add("own-2")), bounds)
    assert any(words in problem.text for problem in found)


def test_a_village_says_which_of_its_own_items_stay_where_there_is_room_for_fewer() -> None:
    bounds = Bounds.model_validate({"slots": {"number": 1}})
    own = overlay(add("own-1", "清沟", 1), add("own-2"))
    view = three_way(TOWN, TOWN, own, bounds=bounds)
    assert [(one.code, one.why, one.choices) for one in view.open] == [
        (code, "slot", ("town", "own")) for code in ("own-1", "own-2")
    ]
    chosen: dict[str, Choice] = {"own-1": "town", "own-2": "own"}
    view = three_way(TOWN, TOWN, own, bounds=bounds, chosen=chosen)
    assert not view.open and [rule.code for rule in view.result.own] == ["own-2"]
    both: dict[str, Choice] = {"own-1": "own", "own-2": "own"}
    view = three_way(TOWN, TOWN, own, bounds=bounds, chosen=both)
    assert [one.code for one in view.open] == ["own-2"] and "最多自加1条" in view.open[0].text


def test_an_amount_without_a_highest_does_not_fit_a_bound() -> None:
    free = {"kind": "percent", "percent": 5}
    bounds = Bounds.model_validate({"slots": {"points": 10}})
    assert violations(TOWN, overlay(add("own-1", value=free)), bounds)
    assert not violations(TOWN, overlay(add("own-1", value=free | {"most": 10})), bounds)


def test_at_most_some_of_the_town_s_items_are_changed() -> None:
    bounds = Bounds.model_validate({"amended_most": 1})
    [problem] = violations(TOWN, overlay(off("tidy"), off("help")), bounds)
    assert problem.code == "help" and problem.text == "镇里的条目最多改动1条，“帮助邻居”超出了"


def test_what_villages_may_change_differs_in_sentences() -> None:
    old = Bounds.model_validate({"items": [{"code": "tidy", "least": 1, "most": 3, "keep": True}]})
    new = Bounds.model_validate({"items": [{"code": "help", "locked": True}], "slots": {"number": 3, "points": 10}})
    told = [line.text for line in bounds_diff.diff(old, new, {"tidy": "庭院整洁", "help": "帮助邻居"})]
    assert told == [
        "村里能改什么：自加条目原来不设限，现在最多3条。",
        "村里能改什么：自加条目每条原来不设限，现在最多10分。",
        "村里能改什么：“庭院整洁”原来“分值1至3分，不能停用”，现在不设限。",
        "村里能改什么：“帮助邻居”原来不设限，现在不能改、不能停用。",
    ]
    assert bounds_diff.diff(new, new, {}) == ()


def test_a_difference_reads_like_a_sentence() -> None:
    cap = [{"kind": "points", "value": 30, "period": "month", "scope": "household"}]
    own = overlay(amend("trees", amount={"kind": "per_unit", "points": 4, "unit": "棵"}, limits=cap), off("litter"))
    assert [line.text for line in diff(TOWN, apply(TOWN, own))] == [
        "“植树”：分值原来+3分/棵，现在+4分/棵；上限原来不设，现在每户每月最多30分。",
        "停用“乱扔垃圾”。",
    ]


def test_a_difference_tells_what_came_and_went() -> None:
    new = town(rule("fire", "防火巡逻", Decimal("1.5")), {"code": "tidy", "title": "院子干净"}, without=("help",))
    assert [line.text for line in diff(TOWN, new)] == [
        "“庭院整洁”：改名为“院子干净”。",
        "新增“防火巡逻”：+1.5分。",
        "取消“帮助邻居”：+5分，每户每月最多12分。",
    ]


CONFLICTS = [
    (amend("tidy", amount=points(3)), town({"code": "tidy", "amount": points(5)}), "both", "都改了"),
    (amend("tidy", amount=points(3)), town(without=("tidy",)), "removed", "镇里取消了"),
    (add("fire"), town(rule("fire", "防火巡逻", 4)), "code", "编号相同"),
]


@pytest.mark.parametrize(("own", "new", "why", "words"), CONFLICTS)
def test_a_conflict_is_named(own: dict[str, Any], new: Rulebook, why: str, words: str) -> None:
    [conflict] = three_way(TOWN, new, overlay(own)).conflicts
    assert conflict.why == why and words in conflict.text


def test_a_kept_item_of_a_taken_code_gets_another() -> None:
    new = town(rule("fire", "防火巡逻", 4))
    view = three_way(TOWN, new, overlay(add("fire")), chosen={"fire": "own"})
    assert [change.code for change in view.result.changes] == ["fire-own"]


def test_an_item_that_the_town_gave_up_can_stay_as_the_village_s_own() -> None:
    view = three_way(TOWN, town(without=("tidy",)), overlay(amend("tidy", amount=points(3))), chosen={"tidy": "own"})
    [kept] = apply(town(without=("tidy",)), view.result).rules[-1:]
    assert (kept.code, kept.price_text) == ("tidy", "+3分")


def test_what_the_town_no_longer_allows_can_only_be_given_up() -> None:
    bounds = Bounds.model_validate({"items": [{"code": "tidy", "locked": True}]})
    view = three_way(TOWN, TOWN, overlay(amend("tidy", amount=points(3))), bounds=bounds)
    [conflict] = view.open
    assert (conflict.why, conflict.choices, view.result) == ("bound", ("town",), Overlay())


def test_changes_of_other_fields_go_together() -> None:
    new = town({"code": "tidy", "text": "房前屋后也要整洁。"})
    view = three_way(TOWN, new, overlay(amend("tidy", amount=points(3))))
    changed = apply(new, view.result).rule("tidy")
    assert view.conflicts == () and (changed.price_text, changed.text) == ("+3分", "房前屋后也要整洁。")


def test_a_change_that_the_town_made_as_well_is_no_change_any_more() -> None:
    new = town({"code": "tidy", "amount": points(3)})
    assert three_way(TOWN, new, overlay(amend("tidy", amount=points(3)))).result == Overlay()


def test_what_the_village_has_off_stays_off_in_the_view_whatever_the_town_changes() -> None:
    view = three_way(TOWN, town({"code": "tidy", "amount": points(5)}), overlay(off("tidy")))
    [row] = [one for one in view.rows if one.code == "tidy"]
    assert (row.result, [change.code for change in view.result.changes]) == ("停用", ["tidy"])


def test_the_three_views_stand_side_by_side() -> None:
    new = town({"code": "help", "amount": points(6)})
    rows = {row.code: row for row in three_way(TOWN, new, overlay(amend("tidy", amount=points(3)))).rows}
    assert rows["help"].town.startswith("“帮助邻居”：分值原来+5分，现在+6分") and rows["help"].own == ""
    assert rows["tidy"].own == rows["tidy"].result == "“庭院整洁”：分值原来+2分，现在+3分。"


def test_what_the_town_changed_in_the_whole_book_stands_above_the_items() -> None:
    above = TOWN.settings.model_copy(update={"redeem_above_base": True})
    new = TOWN.model_copy(update={"settings": above, "categories": (*TOWN.categories, Category(name="新风"))})
    first, second = three_way(TOWN, new, overlay(amend("tidy", amount=points(3)))).rows[:2]
    assert (first.title, first.town, first.own, first.result) == ("大类“新风”", "新增大类“新风”。", "", first.town)
    assert second.title == "整本细则" and second.town == second.result != ""
