"""Forms answer in Chinese, name the field and carry a code."""

from datetime import date

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from jifen.kernel.errors import Conflict, InvalidInput
from jifen.web.forms import DateInput, Form, PhotoInput


class Deed(Form):
    day = forms.DateField(label="日期", widget=DateInput)
    rule = forms.ChoiceField(label="条目", choices=[("a", "植树")])
    note = forms.CharField(label="事由", error_messages={"required": "写一句为什么。"}, help_text="一句话")
    photo = forms.FileField(label="照片", widget=PhotoInput, required=False)
    agreed = forms.BooleanField(label="属实")


class FutureDeed(InvalidInput):
    code = "deed_in_future"
    message = "日期不能晚于今天。"


def filled() -> Deed:
    return Deed({"day": "2025-03-05", "rule": "a", "note": "植树节", "agreed": "on"})


def test_missing_answers_are_asked_for_by_name() -> None:
    errors = Deed({"day": "35号"}).errors
    assert errors["day"] == ["“日期”要写成日期，例如 2025-03-05。"]
    assert errors["rule"] == ["请选择“条目”。"]
    assert errors["agreed"] == ["请勾选“属实”后再提交。"]


def test_an_authors_own_wording_stays() -> None:
    assert Deed({}).errors["note"] == ["写一句为什么。"]


def test_a_services_refusal_stands_at_its_field_with_its_code() -> None:
    form = filled()
    form.add_error_from(FutureDeed(field="day"))
    html = form.render()
    assert form.errors["day"] == ["日期不能晚于今天。"]
    assert 'data-code="deed_in_future"' in html
    assert 'href="#id_day"' in html


def test_a_refusal_that_names_no_field_of_the_form_stands_above_it() -> None:
    form = filled()
    form.add_error_from(Conflict(field="sheet"))
    assert form.non_field_errors() == ["情况已经变化，请刷新后再试。"]


def test_each_field_is_drawn_with_label_help_and_big_input() -> None:
    html = Deed().render()
    assert '<label class="label" for="id_day">日期' in html
    assert 'type="date"' in html
    assert 'class="form-control"' in html
    assert 'id="id_note_helptext">一句话' in html
    assert "拍照或选图片" in html


def test_a_wrong_field_is_announced_and_points_to_its_message() -> None:
    html = Deed({}).render()
    assert 'aria-invalid="true"' in html
    assert 'id="id_day_error"' in html
    assert "没有提交成功，有 4 处要改" in html


def test_plain_date_and_number_inputs_suit_a_phone() -> None:
    class Plain(Form):
        day = forms.DateField(label="日期")
        trees = forms.IntegerField(label="棵数")

    html = Plain(initial={"day": date(2025, 3, 5)}).render()
    assert 'type="date" name="day" value="2025-03-05"' in html
    assert 'inputmode="decimal"' in html


class Order(Form):
    quantity = forms.IntegerField(label="数量", min_value=1, max_value=99)
    price = forms.DecimalField(label="单价", min_value=0, max_digits=6, decimal_places=2)
    place = forms.CharField(label="地点", max_length=4, min_length=2)
    how = forms.ChoiceField(label="方式", choices=[("a", "自取")])
    at = forms.TimeField(label="时间")
    paper = forms.FileField(label="名册")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("quantity", "100", "“数量”要填1到99之间的数。"),
        ("quantity", "0", "“数量”要填1到99之间的数。"),
        ("quantity", "三", "“数量”要填整数，例如 12。"),
        ("quantity", "", "请填写“数量”。"),
        ("price", "-1", "“单价”要填不小于0的数。"),
        ("price", "1.234", "“单价”最多填2位小数。"),
        ("price", "12345678", "“单价”的数太大了，最多6位。"),
        ("place", "村民委员会", "“地点”最多写4个字，现在有5个字，请删短。"),
        ("place", "村", "“地点”至少写2个字。"),
        ("place", "村\x00委", "“地点”里有不能保存的字符，请删去后重填。"),
        ("how", "b", "“方式”里没有这一项，请重新选择。"),
        ("at", "下午", "“时间”要写成时间，例如 14:30。"),
    ],
)
def test_each_kind_of_mistake_is_told_with_its_remedy(name: str, value: str, text: str) -> None:
    assert text in Order({name: value}).errors[name]


def test_an_empty_file_is_asked_for_again() -> None:
    form = Order({}, {"paper": SimpleUploadedFile("名册.xlsx", b"")})
    assert form.errors["paper"] == ["“名册”选的文件是空的，请重新选择。"]


def test_bounds_that_a_form_sets_itself_are_told() -> None:
    class Least(Form):
        def __init__(self, data: dict[str, str]) -> None:
            super().__init__(data)
            self.fields["stars"] = forms.IntegerField(label="星级", min_value=1, max_value=5)

    assert Least({"stars": "9"}).errors["stars"] == ["“星级”要填1到5之间的数。"]
