from typing import Any

from django import forms

from jifen.web.forms import Form
from reporting.periods import Quarter
from tenants.community.models import Village

TOWN = "town"


class PublishForm(Form):
    """Which quarter of which village (or of the town itself) goes on the wall."""

    place = forms.ChoiceField(label="村(居)")
    period = forms.ChoiceField(label="季度")

    def __init__(self, *args: Any, villages: list[Village], town: str, quarters: list[Quarter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(str(village.pk), village.name) for village in villages]
        own = [(TOWN, f"{town}(全镇)")] if town else []
        self.fields["place"].choices = [*own, *places]  # type: ignore[attr-defined]
        self.fields["period"].choices = [(str(one), one.title) for one in quarters]  # type: ignore[attr-defined]


class ObjectionForm(Form):
    text = forms.CharField(
        label="您的异议",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="请写清楚哪一点不对、实际情况是怎样的,最多 500 字。",
    )


class AnswerForm(Form):
    """What the people who looked into it found."""

    verdict = forms.ChoiceField(
        label="处理结果",
        choices=[("upheld", "异议成立,更正"), ("dismissed", "维持原结果")],
        widget=forms.RadioSelect,
    )
    entry = forms.ChoiceField(label="要更正的那笔积分", required=False)
    finding = forms.CharField(
        label="调查结果",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="提出异议的住户会看到;整份公示的异议成立时会公示,请不要写姓名。",
    )

    def __init__(self, *args: Any, entries: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if entries:
            self.fields["entry"].choices = [("", "没有涉及具体积分"), *entries]  # type: ignore[attr-defined]
        else:
            del self.fields["entry"]
