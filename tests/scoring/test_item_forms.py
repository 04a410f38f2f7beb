"""The form of an item says every part of a rule, and sends it back as it was."""

from typing import Any, get_args

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string
from pydantic import BaseModel, ValidationError

from scoring.rules import field_words, library, printing, problems
from scoring.rules.facts import PARTY_MEMBER
from scoring.rules.overlay import Bounds, Overlay
from scoring.rules.phrases import NOBODY
from scoring.rules.spec import Category, RuleSpec, Settings
from scoring.selectors.drafts import Line
from scoring.web import rulebook_fields as fields
from scoring.web import rulebook_half
from scoring.web import rulebook_more as more
from scoring.web import rulebook_words as words
from tests.scoring.desk import rule
from tests.scoring.page_forms import form_on
from tests.scoring.rules.odd_books import AMOUNTS, EXTRAS

LOOKING_BACK: list[dict[str, Any]] = [
    {"streak": {"length": 3, "period": "month", "bonus": "5", "again": True}},
    {"repeat": {"nth": 3, "factor": "1.5", "grows": True, "most": "4", "period": "quarter", "scope": "resident"}},
    {"repeat": {"amounts": ["3", "1.5", "0"], "period": "ever"}},
    {"sign": "negative", "streak": {"length": 3, "period": "quarter", "bonus": "10"}},
    {"cooldown": {"days": 7, "scope": "resident"}},
    {"sign": "negative", "after_warning": {"times": 2, "period": "month"}},
    {"sign": "negative", "after_warning": {"times": 1, "rule": "other"}},
    {"group": {"code": "honours", "counts": "first", "period": "ever"}},
    {"not_with": {"rules": ["other", "third"], "period": "day"}},
    {"repair": {"rules": ["other"], "share": "0.5", "ceiling": "10", "period": "year", "lifts": False}},
]
BEYOND: list[dict[str, Any]] = [
    {"effect": {"kind": "bar_honours", "until": "next_year_end", "text": "取消评优"},
     "effects": [{"kind": "bar_redemption", "until": "months", "months": 6, "text": "半年不能兑换"}]},
    {"effects": [{"kind": "freeze_positive", "until": "date", "day": "2026-12-01", "text": "暂停加分"},
                 {"kind": "downgrade_star", "stars": 2, "text": "降两星"}]},
    {"effect": {"kind": "bar_honours", "until": "next_year", "text": "取消次年评优资格"}},
    {"effect": {"kind": "leave_programme", "at_zero": True, "text": "扣完退出"}},
    {"subject": "resident", "shares": [{"to": "resident", "share": "0.5"}, {"to": "household", "share": "0.5"}]},
    {"attribution": "every_member", "sharing": "each"},
    {"attribution": "responsible", "responsible": "who",
     "inputs": [{"name": "who", "label": "责任人", "kind": "household"}]},
    {"multipliers": {"roles": [{"role": "party_member", "name": "党员", "factor": "1.5"},
                               {"role": "group_leader", "name": "组长", "factor": "2"}], "several": "product"}},
    {"shares": [{"to": "household", "share": "1/3"}, {"to": "head", "share": "2/3"}]},
    {"heads": "average"},
    {"since": "2026-01-01", "until": "2026-06-30"},
    {"expires": {"months": 9}}, {"expires": {"years": 2}}, {"ranked": False}, {"point_class": "good"},
    {"amount": {"kind": "range", "least": "1", "most": "10"},
     "rating": {"parts": [{"who": "self", "weight": "0.3"}, {"who": "neighbour", "weight": "0.7", "least": 3}],
                "method": "middle", "least": "1", "most": "10"}},
    {"declarers": ["steward", "feed"],
     "feed": {"code": "water", "name": "水表", "kind": "device", "reviewed": False}},
    {"amount": {"kind": "range", "least": "1", "most": "5"},
     "catch_all": {"most": "5", "approval": "town", "names_a_rule": True}},
    {"limits": [{"kind": "count", "value": "1", "period": "day", "by": "event"}],
     "inputs": [{"name": "event", "label": "活动", "kind": "text"}]},
    {"amount": {"kind": "bands", "unit": "户", "bands": [{"most": "3", "points": "1"}, {"least": "4", "points": "5"}]}},
    {"amount": {"kind": "tiers", "tiers": [
        {"code": "a", "name": "A等", "points": "5"}, {"code": "c", "name": "C等", "points": "0"},
        {"code": "d", "name": "D等", "points": "-3"}]}},
    {"amount": {"kind": "score_card", "items": [{"code": "a", "name": "总分", "most": "100"}],
                "grades": [{"code": "a", "name": "优", "least": "90", "points": "5"},
                           {"code": "d", "name": "差", "least": "0", "points": "-3"}]}},
    {"amount": {"kind": "score_card", "marks": "deduct",
                "items": [{"code": "a", "name": "院落", "most": "60", "least": "20"}]}},
    {"proofs": [{"kind": "photo", "least": 2}, {"kind": "witness"}], "evidence": "required"},
]  # fmt: skip


def content(body: dict[str, Any]) -> dict[str, Any]:
    """What the page of an item is filled with."""
    line = {"kind": "rule", "code": body["code"], "problems": ()}
    around = {
        "items": [("other", "另一条"), ("third", "第三条")],
        "groups": [("honours", "和表彰同类"), ("group-1", "新的一组")],
        "classes": [("good", "善行分")],
        "feeds": [((body.get("feed") or body)["code"], "新的来源")],
    }  # fmt: skip
    urls = {"items": "/items/", "draft": "/"}
    return {"body": body, "line": line, "is_own": True, "may_write": True, "urls": urls, **around, **words.blanks(body)}


def sent_back(body: dict[str, Any]) -> dict[str, Any]:
    """The item after its form went to a browser and came back untouched."""
    page = render_to_string("scoring/rulebooks/item.html", content(body))
    sent = QueryDict(mutable=True)
    for name, values in form_on(page).items():
        sent.setlist(name, values)
    made = fields.edited(sent, body)
    assert rulebook_half.rows_of(sent, body, made) == []
    return made


def same(body: dict[str, Any]) -> None:
    before = RuleSpec.model_validate(body)
    kept = before.model_dump(mode="json")
    assert RuleSpec.model_validate(sent_back(kept)) == before


@pytest.mark.parametrize("told", [*LOOKING_BACK, *BEYOND, *EXTRAS], ids=lambda told: "-".join(told) or "plain")
def test_each_part_comes_back_as_it_was(told: dict[str, Any]) -> None:
    same(rule("tidy", "庭院整洁", 2, **told))


@pytest.mark.parametrize("amount", AMOUNTS, ids=lambda amount: amount["kind"])
def test_each_kind_of_amount_comes_back_as_it_was(amount: dict[str, Any]) -> None:
    same(rule("tidy", "庭院整洁", 2, amount=amount))


@pytest.mark.parametrize("template", library.available())
def test_every_item_of_the_templates_comes_back_as_it_was(template: str) -> None:
    for one in library.load(template).rulebook.rules:
        same(one.model_dump(mode="json"))


MIXED = [
    {"when": "tables <= 15", "message": "不超过15桌"}, {"when": "tables > 1 && simple", "message": "两桌以上要简办"},
    {"when": 'kind == "婚事"', "message": "只管婚事"}, {"when": "simple == false", "message": "“简办”要是“否”"},
]  # fmt: skip
WEDDING: list[dict[str, Any]] = [
    {"name": "tables", "label": "桌数", "kind": "count", "unit": "桌"},
    {"name": "simple", "label": "简办", "kind": "yes_no"},
    {"name": "kind", "label": "种类", "kind": "choice", "choices": ["婚事", "丧事"]},
]  # fmt: skip


def test_picked_conditions_and_formulas_come_back_in_their_order() -> None:
    same(rule("wedding", "红事简办", 8, inputs=WEDDING, conditions=MIXED))


def test_a_condition_is_picked_and_words_itself() -> None:
    body = rule("wedding", "红事简办", 8, inputs=WEDDING)
    told = {"has-conditions": "1", "compare-field": ["tables", "kind", "simple", ""], "compare-sign": ["<="] * 4,
            "compare-value": ["15桌", "", "", ""], "compare-pick": ["", "kind=丧事", "", ""],
            "compare-message": ["", "丧事从简", "", ""], "condition-when": "桌数 不少于 2 并且 简办",
            "condition-message": "两桌以上要简办"}  # fmt: skip
    assert [(one.when, one.message) for one in edited(body, **told).conditions] == [
        ("tables <= 15", "桌数不超过15桌"),
        ('kind == "丧事"', "丧事从简"),
        ("tables >= 2 && simple", "两桌以上要简办"),
    ]


def edited(body: dict[str, Any], **blanks: Any) -> RuleSpec:
    sent = QueryDict(mutable=True)
    for name, value in blanks.items():
        sent.setlist(name.replace("__", "-"), value if isinstance(value, list) else [value])
    sent.setlist("has-part", list(more.PARTS))
    return RuleSpec.model_validate(fields.edited(sent, body))


def test_a_part_is_ticked_and_written() -> None:
    body = rule("tidy", "庭院整洁", 2)
    made = edited(body, part="streak", streak__length="3", streak__period="month", streak__bonus="5")
    assert made.streak is not None and made.streak.bonus == 5 and made.repeat is None
    assert edited(made.model_dump(mode="json")).streak is None


def test_who_leaves_when_nothing_is_left_is_said_in_words() -> None:
    blanks = {"part": "effects", "effect__text": "扣完即退出", "effect__kind": "leave_programme"}
    made = edited(rule("dump", "乱倒垃圾", 5, sign="negative"), **blanks, effect__at_zero="yes")
    line = Line("rule", "dump", None, made, None, ())
    assert words.sentence(line, NOBODY) == "乱倒垃圾：−5分。“扣完即退出”（退出积分制，积分扣完才退出）。"
    unused = {"effect__kind": "zero_year", "effect__at_zero": "yes", "effect__until": "next_year", "effect__stars": "3"}
    other = edited(made.model_dump(mode="json"), **blanks | unused).effect
    assert other is not None and (other.at_zero, other.until, other.stars) == (False, "year_end", 1)


HALVES: list[tuple[dict[str, Any], str]] = [
    ({"has_conditions": "1", "compare_field": "tables"}, "compare-value"),
    ({"has_conditions": "1", "compare_field": "simple"}, "compare-pick"),
    ({"has_conditions": "1", "compare_value": "15"}, "compare-field"),
    ({"has_conditions": "1", "compare_field": "gone", "compare_value": "15"}, "compare-field"),
    ({"has_inputs": "1", "input_unit": "桌"}, "input-label"),
    ({"evidence": "required", "photos": "两"}, "photos"),
    ({"evidence": "required", "proof_least": "2"}, "proof-kind"),
    ({"part": "people", "multiplier_role": "group_leader", "heads": "times"}, "multiplier-factor"),
    ({"part": "people", "multiplier_role": PARTY_MEMBER}, "multiplier-factor"),
    ({"part": "target", "share_to": "beneficiary"}, "share-percent"),
    ({"part": "rating", "rater_who": "neighbour"}, "rater-percent"),
    ({"part": "effects", "effect_kind": "zero_year", "effect_months": "6"}, "effect-text"),
    ({"part": "window"}, "since"),
    ({"part": "expires"}, "expires-months"),
]


@pytest.mark.parametrize(("blanks", "field"), HALVES, ids=[f"{field}-{n}" for n, (_, field) in enumerate(HALVES)])
def test_a_row_that_is_half_filled_names_its_blank(blanks: dict[str, str], field: str) -> None:
    asked = [
        {"name": "tables", "label": "桌数", "kind": "count"},
        {"name": "simple", "label": "从简", "kind": "yes_no"},
    ]
    body = rule("wed", "红事简办", 2, **({} if "has_inputs" in blanks else {"inputs": asked}))
    sent = QueryDict(mutable=True)
    for name, value in blanks.items():
        sent[name.replace("_", "-")] = value
    sent.setlist("has-part", list(more.PARTS))
    assert [one.field for one in rulebook_half.rows_of(sent, body, fields.edited(sent, body))] == [field]


@pytest.mark.parametrize(
    ("kind", "until", "is_half"),
    [("bar_redemption", "year_end", True), ("zero_year", "next_year_end", True), ("zero_year", "year_end", False)],
)
def test_a_further_consequence_without_a_sentence_is_told(kind: str, until: str, *, is_half: bool) -> None:
    body = rule("dump", "乱倒垃圾", 5, sign="negative")
    sent = QueryDict(mutable=True)
    sent.setlist("has-part", list(more.PARTS))
    rows = {"kind": ["bar_honours", kind], "until": ["year_end", until], "text": ["取消评优", ""], "at": ["", ""]}
    for name, values in ({"part": ["effects"]} | {f"effect-{name}": values for name, values in rows.items()}).items():
        sent.setlist(name, values)
    found = rulebook_half.rows_of(sent, body, fields.edited(sent, body))
    assert [one.field for one in found] == ["effect-text"] * is_half


def test_a_field_that_is_chosen_and_gone_is_told_and_not_dropped() -> None:
    event = {"name": "event", "label": "活动", "kind": "text"}
    body = rule("walk", "巡河", 1, limits=[{"kind": "count", "value": 1, "period": "day", "by": "event"}],
                beneficiary="event", inputs=[event])  # fmt: skip
    for asked in ([event], []):
        made = sent_back(body | {"inputs": asked})
        assert (made["limits"][0]["by"], made["beneficiary"]) == ("event", "event")
        with pytest.raises(ValidationError):
            RuleSpec.model_validate(made)


def test_papers_are_asked_for_beside_photos() -> None:
    body = rule("calm", "调解纠纷", 5, evidence="required", proofs=[{"kind": "photo", "least": 2}])
    blanks = {"photos": "2", "proof__kind": ["witness", "minutes", ""], "proof__least": ["2", "", ""]}
    made = edited(body, evidence="required", **blanks)
    assert [(one.kind, one.least) for one in made.proofs] == [("photo", 2), ("witness", 2), ("minutes", 1)]
    line = Line("rule", "calm", None, made, None, ())
    assert "佐证须有（照片2份、证明人2份、会议记录1份）" in words.sentence(line, NOBODY)
    again = edited(made.model_dump(mode="json"), evidence="required", photos="2", proof__kind=["", ""])
    assert [one.kind for one in again.proofs] == ["photo"]


def test_shares_are_written_in_per_cent() -> None:
    body = rule("help", "帮邻居", 2, inputs=[{"name": "who", "label": "帮了哪一户", "kind": "household"}])
    blanks = {"share__to": ["household", "beneficiary"], "share__percent": ["70", "30"], "beneficiary": "who"}
    made = edited(body, part="target", **blanks)
    assert [(one.to, str(one.share)) for one in made.portions] == [("household", "0.7"), ("beneficiary", "0.3")]


def test_a_village_changes_only_what_it_may_of_the_towns_items() -> None:
    body = rule("tidy", "庭院整洁", 2)
    page = render_to_string("scoring/rulebooks/item.html", content(body) | {"is_own": False})
    assert form_on(page)["has-part"] == ["cooldown"]


def fields_of(root: type[BaseModel], known: set[type[BaseModel]]) -> None:
    """All models that one may hold."""
    if root in known:
        return
    known.add(root)
    waiting = [field.annotation for field in root.model_fields.values()]
    while waiting:
        one = waiting.pop()
        waiting += get_args(one)
        if isinstance(one, type) and issubclass(one, BaseModel):
            fields_of(one, known)


def test_every_field_that_can_be_wrong_is_called_in_chinese() -> None:
    known: set[type[BaseModel]] = set()
    for root in (RuleSpec, Settings, Category, Overlay, Bounds):
        fields_of(root, known)
    assert len(known) > 40
    assert {name for one in known for name in one.model_fields} <= set(field_words.FIELDS)


def test_a_field_is_called_by_where_it_stands() -> None:
    assert field_words.label(["effects", "text"]) == "对村民说的话" and field_words.label(["text"]) == "行为"
    assert field_words.label(["amount", "fixed", "points"]) == "几分" and field_words.label([]) == "内容"


def test_the_sentence_says_where_the_points_go_and_what_else_holds() -> None:
    asked = [{"name": "who", "label": "帮了哪一户", "kind": "household"}]
    shares = [{"to": "household", "share": "0.7"}, {"to": "beneficiary", "share": "0.3"}]
    body = rule("help", "帮邻居", 2, inputs=asked, beneficiary="who", shares=shares, cooldown={"days": 7})
    line = Line("rule", "help", None, RuleSpec.model_validate(body), None, ())
    assert (
        words.sentence(line, NOBODY) == "帮邻居：+2分。计分后7天内不再计；积分分给本户70%、受益人30%，看“帮了哪一户”。"
    )


def test_the_sentence_names_the_items_that_shut_it_out() -> None:
    told = rule("sweep", "扫街", 2, not_with={"rules": ["meet", "walk", "gone"], "period": "day"})
    line = Line("rule", "sweep", None, RuleSpec.model_validate(told), None, ())
    meet = RuleSpec.model_validate(rule("meet", "参加会议", 1, number="3.2"))
    walk = RuleSpec.model_validate(rule("walk", "巡河", 1))
    others = [Line("rule", one.code, None, one, one, ()) for one in (meet, walk)]
    known = words.known(others)
    assert known.items == printing.cited([meet, walk]) == {"meet": "“参加会议”（3.2）", "walk": "“巡河”（WALK）"}
    assert words.sentence(line, known) == "扫街：+2分。与“参加会议”（3.2）、“巡河”（WALK）、GONE不重复计。"


FED = {"code": "tidy", "name": "智能水表", "kind": "device"}


def fed(before: dict[str, Any], **told: Any) -> RuleSpec:
    sent = {"has-flags": "1", "has-part": "feed", "part": "feed", "feed-name": "智能水表", "feed-kind": "device"}
    return edited(before, **(sent | {"declarers": ["self", "steward"]} | told))


def test_what_is_sent_by_a_system_alone_is_told_by_nobody_else() -> None:
    body = rule("tidy", "庭院整洁", 2)
    assert 'name="feed-only" checked' in render_to_string("scoring/rulebooks/item.html", content(body))
    alone = fed(body, **{"feed-only": "on"})
    assert alone.declarers == ("feed",) and alone.feed and alone.feed.code == "tidy"
    assert fed(body).declarers == ("self", "steward", "feed")
    assert edited(body | {"declarers": ["feed"], "feed": FED}, **{"has-part": "feed"}).declarers == ("steward",)


def test_parts_are_written_in_per_cent_with_decimals_or_as_fractions() -> None:
    body = rule("tidy", "庭院整洁", 2)
    for percents, shares in (
        (["33.3", "66.7"], ["0.333", "0.667"]),
        (["0.7", "99.3%"], ["0.007", "0.993"]),
        (["1/3", "2/3"], ["1/3", "2/3"]),
        (["33.3", "33.3", "33.3"], ["0.334", "0.333", "0.333"]),
    ):
        told = {"part": "target", "share__percent": percents,
                "share__to": ["household", "head", "responsible"][: len(percents)]}  # fmt: skip
        made = edited(body, **told).model_dump(mode="json")
        assert [one["share"] for one in made["shares"]] == shares


@pytest.mark.parametrize(
    ("percents", "why"),
    [
        (["70", "29"], "各方份额相加应当等于 1（100%）"),
        (["33.33333", "66.66667"], "最多四位小数"),
        (["150"], "不超过100的百分数"),
        (["一半", "50"], "要写大于0、不超过100的百分数"),
    ],
)
def test_parts_that_are_none_are_refused_in_per_cent(percents: list[str], why: str) -> None:
    told = {"part": "target", "share__percent": percents,
            "share__to": ["household", "head"][: len(percents)]}  # fmt: skip
    with pytest.raises(ValidationError) as refused:
        edited(rule("tidy", "庭院整洁", 2), **told)
    assert why in problems.told(refused.value.errors()[0])
