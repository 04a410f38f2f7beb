"""The town office: how villages adopt rules, when ends are announced, and in which month rules are looked at anew."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.approvals.shares import Fraction
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import page
from jifen.web.forms import Form
from scoring import policies
from scoring.permissions import ScoringPermission as May
from scoring.rules.adoption import RulesPolicy
from scoring.services import rule_policy

SHARES: dict[str, Fraction] = {
    "half": Fraction(numerator=1, denominator=2, more=True),
    "three_fifths": Fraction(numerator=3, denominator=5),
    "two_thirds": Fraction(numerator=2, denominator=3),
    "three_quarters": Fraction(numerator=3, denominator=4),
    "four_fifths": Fraction(numerator=4, denominator=5),
    "all": Fraction(percent=100),
}
WORDS = {
    "half": "过半数", "three_fifths": "五分之三以上", "two_thirds": "三分之二以上", "three_quarters": "四分之三以上",
    "four_fifths": "五分之四以上", "all": "全体",
}  # fmt: skip
AS_IT_IS = "as_it_is"
CONSENT = [("filing", "报镇里备案（收存，不改决定）"), ("consent", "要镇里同意才生效")]
NAMES = ("quorum", "majority", "assembly_quorum", "assembly_majority")
MONTHS = [("", "不提醒"), *((str(number), f"{number}月") for number in range(1, 13))]


class PolicyForm(Form):
    quorum = forms.ChoiceField(label="村民代表会议到会")
    majority = forms.ChoiceField(label="到会代表赞成")
    assembly_quorum = forms.ChoiceField(label="村民会议到会", help_text="写进村规民约的由村民会议表决")
    assembly_majority = forms.ChoiceField(label="到会村民赞成")
    consent = forms.ChoiceField(label="村里表决以后", choices=CONSENT)
    deliberations = forms.BooleanField(
        label="报镇以前要记下四议两公开的前四步", required=False, help_text="没有记全的，不能报出"
    )
    warn_days = forms.CharField(
        label="到期前几天提醒", max_length=60, help_text="几个数用、隔开，例如：90、60、30、7、1"
    )
    repeat_days = forms.IntegerField(label="到期没有接续的，每隔几天再提醒", min_value=1, max_value=400)
    confirm_days = forms.IntegerField(label="村里没确认镇里新版的，每隔几天提醒", min_value=1, max_value=400)
    revise_month = forms.ChoiceField(
        label="每年几月提醒修订", choices=MONTHS, required=False, help_text="那个月15日提醒镇里和有自己细则的村"
    )

    def __init__(self, *args: Any, now: RulesPolicy, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NAMES:
            self.fields[name].choices = _choices(getattr(now, name))  # type: ignore[attr-defined]

    def clean_warn_days(self) -> list[int]:
        told = str(self.cleaned_data["warn_days"]).replace("，", "、").replace(",", "、").split("、")
        days = [part.strip().removesuffix("天") for part in told if part.strip()]
        if not days or not all(day.isascii() and day.isdecimal() and len(day) <= 3 for day in days):
            raise forms.ValidationError(
                "“到期前几天提醒”写几个天数，用、隔开，例如：90、60、30。", code="warn_days_wrong"
            )
        return [int(day) for day in days]

    def changes(self) -> dict[str, Any]:
        """As the service takes them; a share that was left as it is stays."""
        told = {name: value for name, value in self.cleaned_data.items() if name not in NAMES}
        told["revise_month"] = int(told["revise_month"]) if told["revise_month"] else None
        chosen = {name: self.cleaned_data[name] for name in NAMES if self.cleaned_data[name] != AS_IT_IS}
        return told | {name: SHARES[key].model_dump(mode="json") for name, key in chosen.items()}


@page(permission=May.MANAGE_RULES)
def chosen(request: HttpRequest) -> HttpResponse:
    """What holds; POST chooses anew, from today on."""
    now = policies.on(clock.today()).rules
    form = PolicyForm(request.POST or None, now=now, initial=_initial(now))
    if request.method == "POST" and form.is_valid() and _kept(request, form):
        return redirect("scoring:rule_policy")
    content = {"form": form}
    return render(request, "scoring/rulebooks/policy.html", content, status=422 if form.errors else 200)


def _kept(request: HttpRequest, form: PolicyForm) -> bool:
    try:
        rule_policy.choose(rules=form.changes(), by=Actor.of(request.user))
    except JifenError as error:
        form.add_error_from(error)
        return False
    messages.success(request, "已定，从今天起按此办理；以前表决的按当时的比例。")
    return True


def _initial(now: RulesPolicy) -> dict[str, Any]:
    told = now.model_dump(mode="json") | {name: _key(getattr(now, name)) for name in NAMES}
    return told | {"warn_days": "、".join(map(str, now.warn_days)), "revise_month": str(now.revise_month or "")}


def _key(share: Fraction) -> str:
    return next((key for key, one in SHARES.items() if one == share), AS_IT_IS)


def _choices(share: Fraction) -> list[tuple[str, str]]:
    known = list(WORDS.items())
    return known if _key(share) != AS_IT_IS else [(AS_IT_IS, f"{_told(share)}（现在的）"), *known]


def _told(share: Fraction) -> str:
    if share.count is not None:
        return f"{share.count}人以上"
    if share.percent is not None:
        return f"{share.percent}%以上"
    return f"{share.denominator}分之{share.numerator}{'以上' if not share.more else ',多于'}"
