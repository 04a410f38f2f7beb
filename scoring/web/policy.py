"""The town office: how months are reviewed, filed and posted; chosen anew from a day on."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jifen.approvals import wording
from jifen.approvals.definition import parse
from jifen.approvals.models import Activation
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import grants_of, page, require
from jifen.web.forms import DateInput, Form
from jifen.web.wording import date_cn
from scoring import policies
from scoring.models import ReviewPolicy
from scoring.permissions import ScoringPermission as May
from scoring.rules import policy as sections
from scoring.services import review_policies
from scoring.services.review_policies import WORDS

AFTER = [("filing", "报镇里备案（收存，不改决定）"), ("confirmation", "报镇里审定（可以退回）")]
LATE = [("same_sheet_while_open", "审核表还没审定的，并入当月"), ("next_month", "一律转入下月")]
POSTS = [
    ("decision", "村里审定就记账"),
    ("answer", "镇里备案或审定后记账"),
    ("notice", "镇里办理后，公示几天没有异议再记账"),
]


class PolicyForm(Form):
    effective_from = forms.DateField(label="从哪天起", widget=DateInput(), help_text="最早从明天起；以前报送的月份不变")
    after = forms.ChoiceField(label=WORDS["after"], choices=AFTER)
    filed_with = forms.CharField(label=WORDS["filed_with"], max_length=60, required=False)
    announced_on = forms.CharField(
        label=WORDS["announced_on"], max_length=60, required=False, help_text="例如：每月支部主题党日"
    )
    late = forms.ChoiceField(label=WORDS["late"], choices=LATE)
    posts = forms.ChoiceField(label=WORDS["posts"], choices=POSTS)
    notice_days = forms.IntegerField(
        label=WORDS["notice_days"], help_text="只在公示后再记账时用", min_value=0, max_value=60
    )
    hearing_days = forms.IntegerField(label=WORDS["hearing_days"], help_text="0天就是不听取", min_value=0, max_value=60)
    answer_days = forms.IntegerField(
        label=WORDS["answer_days"], help_text="没有人告知、没有答复的，超过这个期限告诉镇里", min_value=0, max_value=60
    )
    board_days = forms.IntegerField(
        label=WORDS["board_days"],
        help_text="联系不上的户，满这些天后开始计算说明期；0天就是不算",
        min_value=0,
        max_value=60,
    )
    mutual = forms.BooleanField(
        label=WORDS["mutual"], required=False, help_text="自家有单独登记的委员，不审同一张表上其他委员家单独登记的行为"
    )

    def changes(self) -> dict[str, Any]:
        """As the service takes them."""
        told = {name: value for name, value in self.cleaned_data.items() if name != "effective_from"}
        return told | {name: told[name] or None for name in ("filed_with", "announced_on")}


@page(permission=May.FILE)
def review_policy(request: HttpRequest) -> HttpResponse:
    """What holds, what is to come, what held before; POST chooses anew."""
    form = PolicyForm(request.POST or None, initial=_initial())
    if request.method == "POST":
        require(request.user, May.MANAGE_RULES)
        if form.is_valid() and _chosen(request, form):
            return redirect("scoring:review_policy")
    content = {
        "form": form,
        "now": told(policies.on(clock.today())),
        "quorum": _quorum(),
        "rows": [_row(row) for row in reversed(ReviewPolicy.objects.all())],
        "may_choose": grants_of(request.user).allows(May.MANAGE_RULES),
    }
    return render(request, "scoring/review_policy.html", content, status=422 if form.errors else 200)


def _chosen(request: HttpRequest, form: PolicyForm) -> bool:
    day = form.cleaned_data["effective_from"]
    try:
        review_policies.choose(changes=form.changes(), effective_from=day, by=Actor.of(request.user))
    except JifenError as error:
        form.add_error_from(error)
        return False
    messages.success(request, f"已定，从{date_cn(day)}起生效。")
    return True


def told(policy: policies.Policy) -> list[tuple[str, str]]:
    """A choice in words: (what, how)."""
    review = policy.review
    rows = [
        (WORDS["after"], dict(AFTER)[review.after]),
        (WORDS["filed_with"], review.filed_with or ""),
        (WORDS["announced_on"], review.announced_on or ""),
        (WORDS["late"], dict(LATE)[review.late]),
        (WORDS["posts"], dict(POSTS)[review.posts]),
        (WORDS["notice_days"], f"{review.notice_days}天" if review.posts == "notice" else ""),
        (WORDS["hearing_days"], f"{review.hearing_days}天" if review.hearing_days else "不听取"),
        (WORDS["answer_days"], f"{review.answer_days}天" if review.hearing_days else ""),
        (WORDS["board_days"], _board(review)),
        (WORDS["mutual"], "要回避" if review.mutual else "不要求"),
    ]
    return [(what, how) for what, how in rows if how]


def _board(review: sections.ReviewPolicy) -> str:
    if not review.hearing_days:
        return ""
    return f"{review.board_days}天" if review.board_days else "不算"


def _initial() -> dict[str, Any]:
    """What is to hold in the end, to be changed from tomorrow."""
    newest = ReviewPolicy.objects.last()
    policy = policies.on(newest.effective_from) if newest else policies.DEFAULT
    return policy.review.model_dump() | {"effective_from": clock.today() + timedelta(days=1)}


def _row(row: ReviewPolicy) -> dict[str, Any]:
    today = clock.today()
    state = "将生效" if row.effective_from > today else ""
    if not state:
        newest = ReviewPolicy.objects.filter(effective_from__lte=today).last()
        state = "现行" if newest == row else "已被替代"
    return {"row": row, "state": state, "lines": told(policies.Policy.model_validate(row.data))}


def _quorum() -> str:
    """The quorum of the committee's flow, in words; empty when the town has chosen no flow."""
    newest = Activation.objects.filter(subject_kind="review").select_related("flow").order_by("-id").first()
    steps = parse(newest.flow.steps).all_steps() if newest else ()
    return next((wording.how(step) for step in steps if step.quorum), "")
