"""The form of a deed: the same circumstances for every rule, and the rule's own figures."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms

from jifen.kernel import clock
from jifen.kernel.errors import JifenError
from jifen.web.forms import DateInput, Form, PointsInput
from scoring.models import Channel, Declaration, Declarer, Rule, Telling
from scoring.rules.spec import RuleSpec
from scoring.selectors import raters, spec_of
from scoring.selectors.promptness import asked_of
from scoring.services.telling import WAYS
from scoring.web import figures
from tenants.community.models import Resident, Village


class DeedForm(Form):
    """``rule`` decides which figures are asked for; ``members`` are the household's people."""

    resident = forms.ChoiceField(label="是谁做的", required=False)
    happened_on = forms.DateField(label="日期", widget=forms.DateInput)
    happened_time = forms.TimeField(label="时间", required=False, widget=forms.TimeInput(attrs={"type": "time"}))
    place = forms.CharField(label="地点", max_length=80)
    reason = forms.CharField(label="事由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    channel = forms.ChoiceField(label="从哪里得知", choices=Channel.choices)
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rule: Rule, members: Iterable[Resident], **kwargs: Any) -> None:
        self.spec = spec_of(rule)
        kwargs["initial"] = {
            "happened_on": clock.today(),
            "channel": Channel.WINDOW,
            "key": str(uuid.uuid4()),
            "reason": rule.title,
        } | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        people = [(str(one.pk), one.name) for one in members]
        self._ask_who(people)
        self.fields |= figures.fields(self.spec, _precedents(rule, self.spec))

    def ask_until(self, village: Village) -> None:
        """Says until when what happened there is to be recorded."""
        self.fields["happened_on"].help_text = asked_of(village.pk)

    def _ask_who(self, people: list[tuple[str, str]]) -> None:
        field: Any = self.fields["resident"]
        field.required = self.spec.subject == "resident"
        field.choices = people if field.required else [("", "全家"), *people]

    @property
    def figures(self) -> list[forms.BoundField]:
        """The rule's own fields, as they are shown first."""
        return [self[name] for name in self.fields if figures.is_figure(name)]

    def facts(self, photos: Iterable[int] = ()) -> dict[str, Any]:
        """What the engine is told; ``photos``: ids of the files sent with the form."""
        return figures.facts(self.spec, self.cleaned_data, list(photos))

    def add_error_from(self, error: JifenError) -> None:
        """A wrong input is shown at its own field."""
        for name in (f"{figures.INPUT}{error.field}", f"{figures.INPUT}{error.field}_start"):
            if name in self.fields:
                error.field = name
        super().add_error_from(error)


class DeclareForm(DeedForm):
    """A villager tells of her own household or of a neighbour's; by the net."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["channel"]


class AmendForm(DeclareForm):
    """What was sent back, with what had been told."""

    text = forms.CharField(label="补充了什么", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, declaration: Declaration, **kwargs: Any) -> None:
        told = {
            "resident": str(declaration.resident_id or ""),
            "happened_on": declaration.happened_on,
            "happened_time": declaration.happened_time,
            "place": declaration.place,
            "reason": declaration.reason,
        }
        kwargs["initial"] = told | figures.initial(raters.told(declaration.facts))
        super().__init__(*args, rule=declaration.rule, **kwargs)


def _precedents(rule: Rule, spec: RuleSpec) -> list[tuple[str, str]]:
    """Rules of the same version that a catch-all may be likened to."""
    if not (spec.catch_all and spec.catch_all.names_a_rule):
        return []
    rows = Rule.objects.filter(version=rule.version_id, sign=rule.sign).exclude(pk=rule.pk).order_by("position")
    return [(one.code, f"{one.category}：{one.title}") for one in rows]


def declarers_of(rule: Rule) -> list[tuple[str, str]]:
    """Who may have told the steward."""
    return [(str(one), one.label) for one in Declarer if str(one) in spec_of(rule).declarers]


class VerdictForm(Form):
    """The committee's word on one deed."""

    verdict = forms.CharField(label="决定")
    points = forms.DecimalField(label="认定分值", required=False, decimal_places=2, widget=PointsInput)
    reason = forms.CharField(label="理由", required=False, max_length=200)
    quick = forms.CharField(label="常用理由", required=False, max_length=200)

    def decision(self) -> dict[str, Any]:
        """As the service takes it; a common reason that was tapped wins."""
        data = dict(self.cleaned_data)
        quick = data.pop("quick")
        return data | {"reason": quick or data["reason"]}


class StatementForm(Form):
    """What a household says to a deduction."""

    statement = forms.CharField(
        label="您的说明", max_length=500, widget=forms.Textarea(attrs={"rows": 4}), help_text="当时的情况、已经怎么改了"
    )
    channel = forms.ChoiceField(label="怎么说的", choices=Channel.choices, required=False)

    def clean_channel(self) -> str:
        return self.cleaned_data["channel"] or str(Channel.ONLINE)


class ToldStatementForm(StatementForm):
    """The same, written down by the steward."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["statement"].label = "这户的说明"


class InformForm(Form):
    """Which households were told of a deduction, how and when."""

    how = forms.ChoiceField(label="怎么告知的", choices=[])
    told_on = forms.DateField(label="哪天告知的", widget=DateInput())

    def __init__(self, *args: Any, has_board: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["how"]
        field.choices = [(str(one), one.label) for one in WAYS if has_board or one != Telling.BOARD]


class HearingForm(Form):
    """The committee's answer to it."""

    outcome = forms.CharField(label="答复")
    points = forms.DecimalField(label="认定扣分", required=False, decimal_places=2, widget=PointsInput)
    reason = forms.CharField(label="理由", max_length=200)


class MeetingForm(Form):
    """When and where the committee sits, and what is said."""

    held_on = forms.DateField(label="会议日期", widget=forms.DateInput)
    place = forms.CharField(label="地点", max_length=80, required=False)
    minutes = forms.CharField(
        label="会议记录",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="主要意见和决定，会印在审核决定表上",
    )


class ScanForm(Form):
    paper = forms.FileField(
        label="签字的审核决定表",
        help_text="照片或PDF",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp,application/pdf"}),
    )


class ReasonForm(Form):
    reason = forms.CharField(label="原因", max_length=200, widget=forms.Textarea(attrs={"rows": 2}))


class BatchForm(Form):
    """What is common to all rows of a round or an activity."""

    kind = forms.ChoiceField(label="种类", choices=[("inspection", "入户检查"), ("activity", "集体活动")])
    title = forms.CharField(label="名称", max_length=80, help_text="例如：三月家庭卫生检查、清明义务植树")
    happened_on = forms.DateField(label="日期", widget=forms.DateInput)
    place = forms.CharField(label="地点", max_length=80)
    rule = forms.ChoiceField(label="条目")
