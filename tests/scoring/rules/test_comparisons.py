"""A condition that is picked, the expression that it is, and formulas in people's own words."""

import pytest

from jifen.kernel import cel
from scoring.api.serializers import FactsIn
from scoring.rules import comparisons, inputs
from scoring.rules.comparisons import Comparison
from scoring.rules.errors import InputInvalid
from scoring.rules.spec import Input
from scoring.web import figures
from tests.scoring.rules.build import rule

INPUTS = [
    Input(name="f1", label="彩礼", kind="money"),
    Input(name="tables", label="宴席桌数", kind="count", unit="桌"),
    Input(name="kind", label="种类", kind="choice", choices=("婚事", "丧事")),
    Input(name="simple", label="是否简办", kind="yes_no"),
    Input(name="stay", label="外出", kind="date_range"),
    Input(name="held_on", label="办事日期", kind="date"),
]
KNOWN = comparisons.fields(INPUTS)


@pytest.mark.parametrize(
    ("name", "sign", "value", "when", "message"),
    [
        ("f1", "<=", "80000", "f1 <= 80000", "彩礼不超过80000元"),
        ("f1", "<=", "8万元", "f1 <= 80000", "彩礼不超过80000元"),
        ("f1", "<", "１．５万", "f1 < 15000", "彩礼小于15000元"),
        ("tables", ">=", "2桌", "tables >= 2", "宴席桌数不少于2桌"),
        ("kind", "!=", "丧事", 'kind != "丧事"', "种类不是丧事"),
        ("simple", "==", "否", "simple == false", "“是否简办”要是“否”"),
        ("held_on", ">=", "2025-03-05", 'held_on >= date("2025-03-05")', "办事日期不早于2025-03-05"),
        ("stay_days", ">", "30", "stay_days > 30", "外出的天数大于30天"),
    ],
)
def test_a_picked_condition_is_an_expression_and_comes_back(
    name: str, sign: str, value: str, when: str, message: str
) -> None:
    picked = Comparison(name, sign, value)
    assert comparisons.expression(picked, KNOWN[name]) == when
    assert comparisons.message(picked, KNOWN[name]) == message
    again = comparisons.read(when, KNOWN)
    assert again is not None and comparisons.expression(again, KNOWN[name]) == when
    cel.compile_expression(when, {one.name: one.kind for one in KNOWN.values()}, condition=True)


@pytest.mark.parametrize(
    "when",
    ["f1 <= 3 && tables <= 4", "f1<=3", "f1 <= 3.0.1", "f1 <= tables", 'kind <= "婚事"', "simple", "bride <= 3", ""],
)
def test_whatever_says_more_or_otherwise_stays_a_formula(when: str) -> None:
    assert comparisons.read(when, KNOWN) is None


@pytest.mark.parametrize(
    ("said", "when"),
    [
        ("彩礼 不超过 80000 并且 宴席桌数 ≤ 15", "f1 <= 80000 && tables <= 15"),
        ("彩礼不超过80000", "f1 <= 80000"),
        ("种类 是 “婚事” 或者 是否简办", 'kind == "婚事" || simple'),
        ("种类 不是 丧事", 'kind != "丧事"'),
        ('kind == "不超过" 并且 simple', 'kind == "不超过" && simple'),
        ("tables  <= 15", "tables  <= 15"),
    ],
)
def test_labels_and_words_are_understood_in_a_formula(said: str, when: str) -> None:
    assert comparisons.understood(said, KNOWN) == when


def test_what_two_fields_are_called_stands_for_neither() -> None:
    known = comparisons.fields([*INPUTS, Input(name="f2", label="彩礼", kind="money")])
    assert comparisons.understood("彩礼 <= 3", known) == "彩礼 <= 3"


def test_a_refusal_names_the_words_and_what_may_be_written() -> None:
    with pytest.raises(cel.ExpressionInvalid, match="没有登记过 嫁妆 这个填写项，登记过的有 f1（彩礼）"):
        cel.compile_expression("嫁妆 <= 3", {"f1": "number"}, labels={"f1": "彩礼"})
    with pytest.raises(cel.ExpressionInvalid, match="例如 f1 <= 15"):
        cel.compile_expression("f1", {"quantity": "number", "f1": "number"}, condition=True)


GIFT = Input.model_validate({"name": "gift", "label": "彩礼", "kind": "money"})


@pytest.mark.parametrize("sent", ["8万", "8万元", "80,000", "８００００", " 80000元 "])
def test_a_figure_is_read_alike_wherever_it_is_written(sent: str) -> None:
    assert inputs.written(GIFT, sent) == "80000"
    assert inputs.read(rule(inputs=[GIFT.model_dump(mode="json")]), {"gift": sent}) == {"gift": 80000}
    field = figures.FigureField(unit="元")
    assert field.clean(sent) == 80000
    assert comparisons.figure("8万", "万元") == "8"


def test_a_program_writes_a_quantity_as_people_do() -> None:
    form = FactsIn(data={"quantity": "8万"})
    assert form.is_valid() and form.validated_data["quantity"] == 80000
    assert not FactsIn(data={"quantity": "很多"}).is_valid()


def test_other_words_are_left_as_they_were_sent() -> None:
    told = Input.model_validate({"name": "said", "label": "说明", "kind": "text"})
    assert inputs.written(told, "8万") == "8万"
    with pytest.raises(InputInvalid, match="彩礼"):
        inputs.read(rule(inputs=[GIFT.model_dump(mode="json")]), {"gift": "很多"})
