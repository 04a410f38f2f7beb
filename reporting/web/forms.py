from typing import Any, ClassVar

from django import forms

from jifen.web.forms import Form
from reporting import policies
from reporting.models import ObjectionChannel, ObjectionOpinion
from reporting.periods import Quarter
from scoring.selectors import raters
from scoring.web import figures
from scoring.web.forms import DeedForm
from tenants.community.models import Village

TOWN = "town"


class PublishForm(Form):
    """Which quarter of which village (or of the town itself) goes on the wall."""

    place = forms.ChoiceField(label="村（居）")
    period = forms.ChoiceField(label="季度")

    def __init__(self, *args: Any, villages: list[Village], town: str, quarters: list[Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(village.pk), village.name) for village in villages]
        own = [(TOWN, f"{town}（全镇）")] if town else []
        self.fields["place"].choices = [*own, *places]  # type: ignore[attr-defined]
        self.fields["period"].choices = [(str(one), one.title) for one in quarters]  # type: ignore[attr-defined]


class ObjectionForm(Form):
    text = forms.CharField(
        label="您的异议",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="请写清楚哪一点不对、实际情况是怎样的，最多 500 字。",
    )
    is_direct = forms.BooleanField(
        label="直接向镇里反映",
        required=False,
        help_text="不经过村里，由镇里核实答复，村里的人看不到。",
    )


class AppealForm(ObjectionForm):
    """To the town in any case."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["is_direct"]
        self.fields["text"].label = "为什么不服"
        self.fields["text"].help_text = "请写清楚对村里的答复哪一点不服，最多 500 字。"


class EnterForm(Form):
    """What somebody said in person, on the phone or on paper."""

    household = forms.CharField(
        label="提出的是哪一户", max_length=20, help_text="户号。姓名和户号只有核实的人看得到，您保存后也看不到。"
    )
    channel = forms.ChoiceField(
        label="怎么提出的",
        choices=[choice for choice in ObjectionChannel.choices if choice[0] != ObjectionChannel.ONLINE],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label="异议内容",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="照原话记，书面的照原件抄，最多 500 字。",
    )


VERDICTS = [("upheld", "异议成立，取消这笔"), ("dismissed", "维持原结果")]
AGAIN = ("corrected", "异议成立，按实际情况重新登记")


def _verdict(*, again: bool) -> forms.ChoiceField:
    choices = [VERDICTS[0], AGAIN, VERDICTS[1]] if again else VERDICTS
    return forms.ChoiceField(label="处理结果", choices=choices, widget=forms.RadioSelect)


def _finding() -> forms.CharField:
    return forms.CharField(
        label="调查结果",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="怎么查的、查到什么。提出异议的住户会看到；整份公示的异议成立时会公示，请不要写姓名。",
    )


class _AgreeingForm(Form):
    """``before``: what somebody has found already; who comes to the same result need not write it again."""

    before: ObjectionOpinion | None = None

    def ask_again(self, before: ObjectionOpinion | None) -> None:
        self.before = before
        if before is not None:
            finding = self.fields["finding"]
            finding.required = False
            finding.help_text = "和前面的核实意见一样的，可以不写，照那一份答复；不一样的，写明怎么查的、查到什么。"

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or {}
        if self.before is not None and not data.get("finding") and data.get("verdict") != self._found():
            self.add_error("finding", "处理结果和前面的核实意见不一样，请写明怎么查的、查到什么。")
        return data

    def _found(self) -> str:
        if self.before is None:
            return ""
        return "dismissed" if not self.before.upheld else "corrected" if self.before.household_id else "upheld"


class AnswerForm(_AgreeingForm):
    """What the people who looked into it found of something that no declaration stands behind."""

    entry = forms.ChoiceField(label="要更正的那笔积分", required=False)

    def __init__(
        self, *args: Any, entries: list[tuple[str, str]], before: ObjectionOpinion | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = {"entry": str(before.posting_id or "")} if before else {}
        super().__init__(*args, **kwargs)
        self.fields["verdict"], self.fields["finding"] = _verdict(again=False), _finding()
        self.ask_again(before)
        if entries:
            self.fields["entry"].choices = [("", "没有涉及具体积分"), *entries]  # type: ignore[attr-defined]
        else:
            del self.fields["entry"]
        self.order_fields(["verdict", "entry", "finding"])


class CorrectingForm(_AgreeingForm, DeedForm):
    """What they found of a deed, and how it should have been recorded: the rule's own figures, of which household."""

    household = forms.CharField(label="应当记在哪一户", max_length=20, required=False, help_text="户号")
    person = forms.CharField(label="应当记在谁名下", max_length=30, required=False, help_text="姓名；记给全家的不填")
    own: ClassVar[tuple[str, ...]] = ("verdict", "household", "person", "finding")

    def __init__(self, *args: Any, declaration: Any, before: ObjectionOpinion | None = None, **kwargs: Any) -> None:
        right: Any = before if before is not None and before.household_id else declaration
        person = right.resident.name if right.resident else ""
        initial = {"household": right.household.number, "person": person, **figures.initial(raters.told(right.facts))}
        super().__init__(*args, rule=declaration.rule, members=[], initial=initial, **kwargs)
        self.fields["verdict"], self.fields["finding"] = _verdict(again=True), _finding()
        for name in list(self.fields):
            if name in self.own or figures.is_figure(name):
                self.fields[name].required = name in ("verdict", "finding")
            else:
                del self.fields[name]
        self.ask_again(before)
        self.order_fields(["verdict", "finding", "household", "person"])

    @property
    def again(self) -> list[forms.BoundField]:
        """The fields of the right record."""
        return [self["household"], self["person"], *self.figures]


class HandlingForm(Form):
    """How the town handles objections from tomorrow on."""

    answer_days = forms.IntegerField(label="村里答复的天数", min_value=1, max_value=policies.LONGEST_DAYS)
    town_answer_days = forms.IntegerField(label="镇里答复的天数", min_value=1, max_value=policies.LONGEST_DAYS)
    appeal_days = forms.IntegerField(label="请镇里复核的天数", min_value=1, max_value=policies.LONGEST_DAYS)
    investigated_by = forms.MultipleChoiceField(
        label="由谁先核实",
        choices=[("committee", "村审核委员会"), ("town", "镇级办公室")],
        widget=forms.CheckboxSelectMultiple,
    )
