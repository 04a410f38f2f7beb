"""What a steward fills in to open an inspection or an activity."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms

from jifen.web.forms import DateInput, Form
from scoring.models import Rule
from scoring.selectors import spec_of
from scoring.web.figures import figure


class RoundForm(Form):
    title = forms.CharField(label="名称", max_length=80)
    happened_on = forms.DateField(label="日期", widget=DateInput)
    place = forms.CharField(label="地点", max_length=80)


class InspectionForm(RoundForm):
    rules = forms.MultipleChoiceField(
        label="检查结果", widget=forms.CheckboxSelectMultiple, help_text="每户从中得一种结果，例如“达标”和“不达标”"
    )
    items = forms.CharField(
        label="评分项目",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="只有“评议定分”的条目才用，打分表自带项目：一行一项，写名称和满分，例如“庭院整洁 3”",
    )

    def __init__(self, *args: Any, rules: Iterable[Rule], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["rules"]
        field.choices = [(str(rule.pk), f"{rule.title}（{spec_of(rule).price_text}）") for rule in rules]

    def values(self) -> dict[str, Any]:
        """What the service takes."""
        data = dict(self.cleaned_data)
        lines = [line.rsplit(maxsplit=1) for line in data["items"].splitlines() if line.strip()]
        data["items"] = [{"name": line[0], "most": line[1] if len(line) > 1 else ""} for line in lines]
        data["rules"] = [int(pk) for pk in data["rules"]]
        return data


class ActivityForm(RoundForm):
    """``rule`` is chosen first: it decides which figure everybody gets. One that is not offered is for the service."""

    rule = forms.ChoiceField(label="条目")

    def __init__(self, *args: Any, rules: Mapping[str, Rule], rule: Rule | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["rule"]
        listed = {**rules, **({str(rule.pk): rule} if rule else {})}
        field.choices = [("", "请选择条目"), *((pk, f"{one.category}：{one.title}") for pk, one in listed.items())]
        self.figure, asked = figure(spec_of(rule)) if rule else ("", None)
        if asked is not None:
            self.fields[self.figure] = asked

    def values(self) -> dict[str, Any]:
        """What the service takes besides the rule."""
        data = {name: self.cleaned_data[name] for name in ("title", "happened_on", "place")}
        return data | {"facts": {self.figure: self.cleaned_data[self.figure]} if self.figure else {}}
