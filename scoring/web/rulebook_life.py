"""How far a draft is, and its next step: checked, tried, resolved by the meeting, handed in."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jifen.files import services as files
from jifen.kernel import clock, reading
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.web.forms import DateInput, Form
from scoring import ports
from scoring.models import EDITABLE, Draft, DraftFinding, DraftState, MeetingKind
from scoring.rulebook_errors import DraftUnfinished
from scoring.selectors import drafts as seen
from scoring.selectors import rulebooks as books
from scoring.services import draft_checks, resolutions, versions
from scoring.web import rulebook_scope as scopes

STEPS = {"office": ["编辑", "检查", "试算", "报批"], "village": ["编辑", "检查", "试算", "表决", "报镇"]}

SUBMIT_WORDS = {"office": "报出以后按本镇的流程审批，批准后从那天起生效", "village": "报镇里以后按本镇的办法备案或审定"}


class SubmitForm(Form):
    effective_from = forms.DateField(label="从哪天起生效", widget=DateInput(), help_text="不能倒回已经审定的月份")
    effective_to = forms.DateField(
        label="到哪天停止", widget=DateInput(), required=False, help_text="长期有效的不填；到期前会提醒"
    )
    resolution = forms.CharField(label="依据", max_length=200, help_text="例如：镇政发〔2026〕3号")


class VillageSubmitForm(SubmitForm):
    resolution = forms.CharField(label="依据", max_length=200, required=False, help_text="不填就写表决的会议")


class ResolutionForm(Form):
    meeting = forms.ChoiceField(label="会议", choices=MeetingKind.choices)
    held_on = forms.DateField(label="日期", widget=DateInput())
    place = forms.CharField(label="地点", max_length=80)
    members = forms.IntegerField(label="应到人数", min_value=1, max_value=100_000)
    present = forms.IntegerField(label="实到人数", min_value=0, max_value=100_000)
    votes_for = forms.IntegerField(label="赞成", min_value=0, max_value=100_000)
    votes_against = forms.IntegerField(label="反对", min_value=0, max_value=100_000)
    votes_abstained = forms.IntegerField(label="弃权", min_value=0, max_value=100_000)
    text = forms.CharField(
        label="决议内容", max_length=600, widget=forms.Textarea({"rows": 2}), initial="同意本村积分细则修订稿。"
    )
    minutes = forms.FileField(
        label="签字的会议记录", widget=forms.FileInput({"accept": "image/*,application/pdf"}), help_text="照片或扫描件"
    )


def content(draft: Draft) -> dict[str, Any]:
    """What a page shows of a draft's way."""
    area = "village" if seen.is_village(draft) else "office"
    stage, titles = _stage(draft), {line.code: line.rule.title for line in seen.lines(draft) if line.rule}
    return {
        "steps": STEPS[area],
        "stage": stage,
        "findings": [(one, _named(titles, one)) for one in draft.findings.filter(revision=draft.revision)],
        "left": seen.open_findings(draft).count(),
        "trial": seen.trial_of(draft),
        "meeting": seen.resolution_of(draft),
        "handed_in": draft.versions.order_by("-id").first(),
        "resolution_form": ResolutionForm(initial={"held_on": clock.today()}),
        "submit_form": _submit_form(draft),
        "submit_words": SUBMIT_WORDS[area],
    }


def _named(titles: dict[str, str], finding: DraftFinding) -> list[tuple[str, str]]:
    """The items that a finding is about: code and title."""
    return [(code, titles[code]) for code in finding.codes if code in titles]


def hints(draft: Draft) -> list[ports.Finding]:
    """What a check would find now; nothing while the draft is unfinished."""
    try:
        book = seen.whole(draft)
    except DraftUnfinished:
        return []
    overlay = seen.changes(draft) if seen.is_village(draft) else None
    examined = ports.Examined(book, draft.rulebook.village_id, seen.base_book(draft), overlay)
    return sorted(ports.findings(examined), key=lambda one: not one.blocking)


def _stage(draft: Draft) -> int:
    """The step that is next, from 1."""
    if draft.state not in EDITABLE:
        return 6
    if draft.state == DraftState.OPEN:
        return 2 if draft.findings.filter(revision=draft.revision).exists() else 1
    if draft.state == DraftState.CHECKED:
        return 3
    return 4 if not seen.is_village(draft) or not seen.resolution_of(draft) else 5


def _submit_form(draft: Draft, data: Any = None) -> SubmitForm:
    kind = VillageSubmitForm if seen.is_village(draft) else SubmitForm
    day = books.first_open_day(draft.rulebook, clock.next_month(clock.today()))
    return kind(data, initial={"effective_from": day})


def _check(request: HttpRequest, draft: Draft, by: Actor) -> str:
    checked = draft_checks.check(draft=draft, by=by)
    left = seen.open_findings(checked).count()
    return f"检查完了，有{left}处须处理：改好条目，或写明理由签署。" if left else "检查通过，可以试算了。"


def _sign(request: HttpRequest, draft: Draft, by: Actor) -> str:
    finding = reading.whole(request.POST.get("finding", "")) or 0
    draft_checks.sign_off(draft=draft, finding=finding, reason=request.POST.get("reason", ""), by=by)
    return "已签署。"


def _waive(request: HttpRequest, draft: Draft, by: Actor) -> str:
    draft_checks.waive_trial(draft=draft, revision=_revision(request), reason=request.POST.get("reason", ""), by=by)
    return "已记下不试算的理由。"


def _resolve(request: HttpRequest, draft: Draft, by: Actor) -> str:
    form = ResolutionForm(request.POST, request.FILES)
    told = _cleaned(form)
    sent = told.pop("minutes")
    kind = sent.content_type or "application/octet-stream"
    paper = files.receive(kind="sheet", name=sent.name, content_type=kind, body=sent.read(), by=by)
    made = resolutions.resolve(draft=draft, revision=_revision(request), minutes=paper, by=by, **told)
    return "表决已记下，通过。" if made.is_passed else "表决已记下：没有通过(到会或赞成人数不够)。"


def _submit(request: HttpRequest, draft: Draft, by: Actor) -> str:
    version = versions.submit(draft=draft, by=by, **_cleaned(_submit_form(draft, request.POST)))
    return f"已报出，现在是“{version.get_state_display()}”。"


class FormWrong(JifenError):
    """The first thing that is wrong with a form, in its own words."""

    code = "form_wrong"


def _cleaned(form: Form) -> dict[str, Any]:
    if form.is_valid():
        return dict(form.cleaned_data)
    raise FormWrong("".join(str(text) for texts in form.errors.values() for text in texts))


def _revision(request: HttpRequest) -> int:
    found = reading.whole(request.POST.get("revision", ""))
    return -1 if found is None else found


ACTS: dict[str, Callable[[HttpRequest, Draft, Actor], str]] = {
    "check": _check, "sign": _sign, "waive": _waive, "resolve": _resolve, "submit": _submit,
}  # fmt: skip


def _step(request: HttpRequest, area: str, pk: int, step: str) -> HttpResponse:
    """One step of a draft's way; what keeps it from being taken is said on the same page."""
    draft = scopes.draft_of(request, area, pk)
    if step not in ACTS:
        raise NotFound
    try:
        told = ACTS[step](request, draft, Actor.of(request.user))
    except JifenError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, told)
    return redirect(f"scoring:{area}_way", pk)


def _way(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """Where the draft stands, and the next step."""
    draft = scopes.draft_of(request, area, pk)
    shown = content(draft)
    links = scopes.urls(area, draft)
    if shown["handed_in"]:
        links["version"] = reverse(f"scoring:{area}_version", args=[shown["handed_in"].pk])
    shown |= {"area": area, "draft": draft, "urls": links, "village": draft.rulebook.village}
    shown["problems"] = seen.problems(draft)
    return render(request, "scoring/rulebooks/way.html", shown)


way = scopes.both(_way)
step = scopes.both(require_POST(_step))
