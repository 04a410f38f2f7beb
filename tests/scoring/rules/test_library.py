"""Reading scheme files: the templates, composition, and errors that name path and line."""

import pytest

from scoring.rules import library
from scoring.rules.library import SchemeInvalid, SchemeUnknown
from scoring.rules.spec import Scheme

SEED = library.text("seed_000")


def problems(source: str) -> list[tuple[str, int, str]]:
    with pytest.raises(SchemeInvalid) as refusal:
        library.parse(source)
    found: list[tuple[str, int, str]] = refusal.value.data["problems"]
    assert refusal.value.message.startswith("规则文件有")
    return found


def line_of(text: str) -> int:
    return next(number for number, line in enumerate(SEED.splitlines(), 1) if text in line)


def test_the_templates_of_all_four_seeds_and_the_composed_one_are_there() -> None:
    assert library.available() == ["seed_000", "seed_000_003", "seed_001", "seed_002", "seed_003"]


def test_an_unknown_template_is_refused_by_its_name() -> None:
    with pytest.raises(SchemeUnknown, match="seed_009"):
        library.load("seed_009")


def test_a_misspelt_key_is_named_with_its_line() -> None:
    [(path, line, message)] = problems(SEED.replace("    every: month\n    after", "    evry: month\n    after"))
    assert (path, line) == ("policy.review.evry", line_of("after: {value: filing") - 1)
    assert message == "没有这个键，请核对拼写"


def test_a_wrong_amount_is_named_with_its_line() -> None:
    source = SEED.replace(
        "{kind: per_unit, points: 2, unit: 半天, most: 4}", "{kind: per_unit, points: 两分, unit: 半天}", 1
    )
    [(path, line, message)] = problems(source)
    assert path == "rulebook.rules.2.amount.per_unit.points"
    assert line == line_of("{kind: per_unit, points: 2, unit: 半天, most: 4}")
    assert message == "“两分”不是数字，要写数字，例如 2 或 2.5"


def test_everything_wrong_is_told_in_chinese_with_the_item_and_the_line() -> None:
    source = SEED.replace("sign: positive", "sign: plus").replace("      title: 家庭卫生检查达标\n", "")
    with pytest.raises(SchemeInvalid) as refusal:
        library.parse(source)
    told = refusal.value.data["told"]
    assert len(told) == len(refusal.value.data["problems"]) > 7 and all(one in refusal.value.message for one in told)
    line = line_of("sign: positive")
    assert told[0] == f"第 {line} 行 “ws-01”的加分或扣分（sign）：只能是 加分（positive）、扣分（negative）"
    assert any(one.endswith("“ws-01”的名称（title）：缺少这一项") for one in told)
    assert not any("rulebook." in one or " or " in one for one in told)


def test_a_missing_part_is_named_at_what_should_hold_it() -> None:
    [(path, line, message)] = problems(SEED.replace("      title: 家庭卫生检查达标\n", ""))
    assert (path, message) == ("rulebook.rules.0.title", "缺少这一项")
    assert line == line_of("- code: ws-01")


def test_a_condition_with_an_unknown_name_is_explained() -> None:
    source = SEED.replace(
        "      matter: 入户检查\n", "      matter: 入户检查\n      conditions: [{when: x > 1, message: 否}]\n", 1
    )
    [(_, _, message)] = problems(source)
    assert "没有登记过 x 这个填写项" in message


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("", 1),
        ("a: [1", 1),
        ("code: x\ncode: y\n", 2),
        ("- 1\n", 1),
        ("a: b: c\n", 1),
        ("a: !!python/none x\n", 1),
        ("\x00", 1),
        ("a: &a [1]\nb: *a\n", 2),
        ("[" * 5000, 1),
        ("字" * 500_001, 1),
        ("1: 2\n1: 3\n", 2),
        ("? [a]\n: b\n", 1),
    ],
)
def test_what_is_no_scheme_at_all_is_refused_with_a_line(source: str, line: int) -> None:
    assert problems(source)[0][1] == line


def test_two_parents_with_the_same_section_ask_for_a_choice() -> None:
    source = library.text("seed_000_003").replace("  lists: {from: seed_000}\n", "")
    [(path, _, message)] = problems(source)
    assert path == "policy.lists"
    assert "请写 lists: {from: seed_000}" in message


def test_settings_come_from_the_parent_that_has_them_and_two_that_differ_ask_for_a_choice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    schemes = {code: library.load(code) for code in library.available()}

    def settled(code: str, places: int) -> Scheme:
        data = schemes[code].model_dump(mode="json")
        data["rulebook"]["settings"]["fractions"]["places"] = places
        return Scheme.model_validate(data)

    source = library.text("seed_000_003")
    monkeypatch.setattr(library, "load", schemes.__getitem__)
    schemes["seed_003"] = settled("seed_003", 0)
    assert library.parse(source).rulebook.settings.fractions.places == 0
    schemes["seed_000"] = settled("seed_000", 1)
    assert "settings 不一样" in problems(source)[0][2]
    assert library.parse(source + "rulebook:\n  settings: {}\n").rulebook.settings.fractions.places == 2


@pytest.mark.parametrize("extends", ["seed_000", "[seed_009]", "[]", "3"])
def test_only_known_templates_can_be_built_on(extends: str) -> None:
    source = library.text("seed_000_003").replace("[seed_000, seed_003]", extends)
    assert problems(source)[0][0] == "extends"


def test_a_section_comes_from_a_parent_only() -> None:
    source = library.text("seed_000_003").replace("lists: {from: seed_000}", "lists: {from: seed_002}")
    assert "from 只能是 seed_000、seed_003" in problems(source)[0][2]


def test_an_overridden_value_is_no_longer_an_example() -> None:
    source = library.text("seed_000_003").replace("notice: {from: seed_000}", "notice: {from: seed_000, days: 10}")
    notice = library.parse(source).policy.notice
    assert (notice.days, notice.is_example("days")) == (10, False)
    assert library.load("seed_000_003").policy.notice.is_example("days")


def test_a_rule_with_a_known_code_replaces_the_parents() -> None:
    own = (
        library.text("seed_003")
        .split("  rules:\n")[1]
        .split("    - code: hj-02")[0]
        .replace("points: 1,", "points: 2,")
    )
    source = library.text("seed_000_003") + "rulebook:\n  rules:\n" + own
    joined = library.parse(source).rulebook
    assert len(joined.rules) == len(library.load("seed_000_003").rulebook.rules)
    assert joined.rule("hj-01").price_text == "+2分/日"


def test_a_rule_is_found_by_its_code_or_not_at_all() -> None:
    with pytest.raises(KeyError):
        library.load("seed_002").rulebook.rule("zz-99")
