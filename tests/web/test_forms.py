"""Forms answer in Chinese, name the field and carry a code."""

from datetime import date

from django import forms

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
    assert errors["day"] == ["“日期”要写成日期,例如 2025-03-05。"]
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
    assert form.non_field_errors() == ["情况已经变化,请刷新后再试。"]


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
    assert "没有提交成功,有 4 处要改" in html


def test_plain_date_and_number_inputs_suit_a_phone() -> None:
    class Plain(Form):
        day = forms.DateField(label="日期")
        trees = forms.IntegerField(label="棵数")

    html = Plain(initial={"day": date(2025, 3, 5)}).render()
    assert 'type="date" name="day" value="2025-03-05"' in html
    assert 'inputmode="decimal"' in html
