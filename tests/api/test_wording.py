"""What is wrong with an input is said by the name people use, with what to do."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from rest_framework import exceptions, serializers

from jifen.api.problems import problem
from jifen.api.wording import label_of

ANSWERS = ("Out", "Output", "Whole")
ROOMS = ("jifen", "tenants", "scoring", "redemption", "reporting")


class Row(serializers.Serializer[Any]):
    points = serializers.IntegerField(label="得分", min_value=1, max_value=99)


class Meeting(serializers.Serializer[Any]):
    place = serializers.CharField(label="地点", max_length=5)
    held_on = serializers.DateField(label="开会日期")
    how = serializers.ChoiceField(label="方式", choices=[("desk", "书面"), ("hall", "现场")])
    reason = serializers.CharField(required=False)
    price = serializers.DecimalField(label="单价", max_digits=6, decimal_places=2, required=False)
    seats = serializers.ListField(child=serializers.IntegerField(), label="席位", required=False)
    rows = Row(many=True, required=False)
    chair = serializers.CharField(label="主持人", required=False, error_messages={"blank": "写上谁主持。"})

    def validate_reason(self, reason: str) -> str:
        if reason == "无":
            raise serializers.ValidationError("请写一句真正的理由。")
        return reason


GOOD: dict[str, Any] = {"place": "村委会", "held_on": "2025-03-05", "how": "hall"}


def refused(**change: Any) -> dict[str, Any]:
    meeting = Meeting(data={**GOOD, **change})
    with pytest.raises(exceptions.ValidationError) as invalid:
        meeting.is_valid(raise_exception=True)
    answer = problem(invalid.value)
    assert answer is not None
    body: dict[str, Any] = answer.data
    return body


@pytest.mark.parametrize(
    ("change", "field", "detail"),
    [
        ({"place": ""}, "place", "请填写“地点”。"),
        ({"how": None}, "how", "请选择“方式”。"),
        ({"place": "村\x00委会"}, "place", "“地点”里有不能保存的字符，请删去后重填。"),
        ({"place": "村民委员会二楼"}, "place", "“地点”最多5个字。"),
        ({"place": {}}, "place", "“地点”要写成文字。"),
        ({"held_on": "05/03/2025"}, "held_on", "“开会日期”要写成日期，例如 2025-03-05。"),
        ({"held_on": "2025-03-05T10:00"}, "held_on", "“开会日期”要写成日期，例如 2025-03-05。"),
        ({"how": "phone"}, "how", "“方式”只能是：desk(书面)、hall(现场)。"),
        ({"price": "许多"}, "price", "“单价”要填数字，例如 3 或 3.5。"),
        ({"price": "1.234"}, "price", "“单价”最多填2位小数。"),
        ({"seats": "三"}, "seats", "“席位”要写成数组，例如 [1, 2]。"),
        ({"rows": [{"points": 5}, {"points": 100}]}, "rows.1.points", "第2项：“得分”要填1到99之间的数。"),
        ({"rows": [{"points": "三"}]}, "rows.0.points", "第1项：“得分”要填整数，例如 12。"),
    ],
)
def test_each_kind_of_mistake_is_told_with_its_remedy(change: dict[str, Any], field: str, detail: str) -> None:
    body = refused(**change)
    assert (body["field"], body["detail"]) == (field, detail)


def test_a_missing_field_is_asked_for_by_its_chinese_name() -> None:
    with pytest.raises(exceptions.ValidationError) as invalid:
        Meeting(data={}).is_valid(raise_exception=True)
    answer = problem(invalid.value)
    assert answer is not None
    assert answer.data["detail"] == "请填写“地点”。请填写“开会日期”。请选择“方式”。"
    assert [one["field"] for one in answer.data["errors"]] == ["place", "held_on", "how"]


def test_what_an_author_worded_stays() -> None:
    assert refused(chair="")["detail"] == "“主持人”：写上谁主持。"


def test_a_check_of_the_serializers_own_keeps_its_words() -> None:
    assert refused(reason="无")["detail"] == "“理由”：请写一句真正的理由。"


def test_a_body_that_is_no_object_is_refused_in_words() -> None:
    with pytest.raises(exceptions.ValidationError) as invalid:
        Meeting(data=[1]).is_valid(raise_exception=True)
    answer = problem(invalid.value)
    assert answer is not None
    assert answer.data["detail"] == "“内容”要写成对象，例如 {}。"


def inputs(kind: type[Any] = serializers.Serializer) -> Iterator[type[serializers.Serializer[Any]]]:
    """Every serializer of ours that reads what callers send."""
    for one in kind.__subclasses__():
        yield from inputs(one)
        if one.__module__.split(".")[0] in ROOMS and not one.__name__.endswith(ANSWERS):
            yield one


def test_every_field_that_callers_send_has_a_chinese_name() -> None:
    for name in ("jifen.urls.town", "jifen.urls.public"):
        import_module(name)
    known = list(inputs())
    sent = [(kind, name, field) for kind in known for name, field in kind().fields.items() if not field.read_only]
    nameless = [f"{kind.__name__}.{name}" for kind, name, field in sent if label_of(field, name).isascii()]
    assert len(sent) > 100
    assert not nameless
