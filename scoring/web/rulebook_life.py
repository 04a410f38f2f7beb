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
from scoring.models import EDITABLE, Deliberation, Draft, DraftFinding, DraftState, MeetingKind
from scoring.selectors import drafts as seen
from scoring.selectors import endings
from scoring.selectors import rulebooks as books
from scoring.services import draft_checks, draft_mends, resolutions, versions
from scoring.web import rulebook_scope as scopes
from scoring.web import rulebook_trial
from scoring.web import rulebook_votes as voting

STEPS = {"office": ["编辑", "检查", "试算", "报批"], "village": ["编辑", "检查", "试算", "表决", "报镇"]}

SUBMIT_WORDS = {"office": "报出以后按本镇的流程审批，批准后从那天起生效", "village": "报镇里以后按本镇的办法备案或审定"}


class SubmitForm(Form):
    effective_from = forms.DateField(label="从哪天起生效", widget=DateInput(), help_text="不能倒回已经审定的月份")
    effective_to = forms.DateField(
        label="到哪天停止",
        widget=DateInput(),
        required=False,
        help_text="从这一天起不再执行；长期有效的不填，到期前会提醒",
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


class DeliberationForm(Form):
    step = forms.ChoiceField(label="哪一步", choices=Deliberation.choices)
    held_on = forms.DateField(label="哪天", widget=DateInput())
    note = forms.CharField(label="说明", max_length=300, required=False, help_text="例如：党支部书记主持，7人到会")
    paper = forms.FileField(
        label="会议记录或公示照片", widget=forms.FileInput({"accept": "image/*,application/pdf"}), required=False
    )

    def __init__(self, *args: Any, left: list[Deliberation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(step.value, step.label) for step in left]  # type: ignore[attr-defined]


def content(draft: Draft) -> dict[str, Any]:
    """What a page shows of a draft's way."""
    area = "village" if seen.is_village(draft) else "office"
    stage, titles = _stage(draft), {line.code: line.rule.title for line in seen.lines(draft) if line.rule}
    return {
        "steps": STEPS[area],
        "stage": stage,
        "findings": _findings(draft, titles),
        "left": seen.open_findings(draft).count(),
        "trial": seen.trial_of(draft),
        "meeting": seen.resolution_of(draft),
        "votes": voting.votes(draft),
        "handed_in": draft.versions.order_by("-id").first(),
        "resolution_form": ResolutionForm(initial={"held_on": clock.today(), "meeting": voting.wanted(draft).value}),
        "submit_form": _submit_form(draft),
        "submit_words": SUBMIT_WORDS[area],
    } | (_deliberations(draft) if area == "village" else {})


def _deliberations(draft: Draft) -> dict[str, Any]:
    """四议两公开: the six steps with their days, and the form for the next one."""
    steps, left = seen.deliberations(draft), _steps_left(draft)
    vote = seen.resolution_of(draft)
    form = DeliberationForm(initial={"held_on": clock.today()}, left=left) if left else None
    wanted = {step.value for step in seen.missing_deliberations(draft)}
    return {
        "deliberations": [
            (step.label, row, step.value in wanted, vote if step == Deliberation.REPRESENTATIVES else None)
            for step, row in steps
        ],
        "deliberation_form": form,
        "deliberation_left": bool(wanted),
        "deliberation_words": "本镇要求前四步都记下才能报镇" if wanted else "按本村议事的先后记下；后两步生效以后再补",
        "meeting_title": voting.wanted(draft).label,
    }


def _steps_left(draft: Draft) -> list[Deliberation]:
    """Those that nobody has written down; a vote that passed is the resolution's."""
    done = {Deliberation.REPRESENTATIVES} if seen.resolution_of(draft) else set()
    return [step for step, row in seen.deliberations(draft) if row is None and step not in done]


Shown = tuple[DraftFinding, list[tuple[str, str]], bool, dict[str, str]]


def _findings(draft: Draft, titles: dict[str, str]) -> list[Shown]:
    """Each with its items, whether its proposal can be carried out with one button, and the ways to choose from."""
    rows = list(draft.findings.filter(revision=draft.revision))
    offered = draft_mends.offered(draft) if rows and draft.state in EDITABLE else {}
    may_choose = draft.state in EDITABLE
    return [
        (one, _named(titles, one), one.key in offered, draft_mends.choices(one) if may_choose else {}) for one in rows
    ]


def _named(titles: dict[str, str], finding: DraftFinding) -> list[tuple[str, str]]:
    """The items that a finding is about: code and title."""
    return [(code, titles[code]) for code in finding.codes if code in titles]


def hints(draft: Draft) -> tuple[list[ports.Finding], int]:
    """What a check would find now in the items that are finished, and how many are not.

    While some are not, an item that another names may be one of those: it is not missed.
    """
    book, overlay, left = seen.finished(draft)
    if book is None:
        return [], left
    examined = ports.Examined(book, draft.rulebook.village_id, seen.base_book(draft), overlay)
    found = [one for one in ports.findings(examined) if not (left and one.kind == "unknown_item")]
    return sorted(found, key=lambda one: not one.blocking), left


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
    today = clock.today()
    over = endings.lapsed(draft.rulebook.village, today)
    wanted = endings.resumes_on(over, today) if over else clock.next_month(today)
    day = books.first_open_day(draft.rulebook, wanted)
    return kind(data, initial={"effective_from": day})


def _check(request: HttpRequest, draft: Draft, by: Actor) -> str:
    checked = draft_checks.check(draft=draft, by=by)
    left = seen.open_findings(checked).count()
    return f"检查完了，有{left}处须处理：改好条目，或写明理由签署。" if left else "检查通过，可以试算了。"


def _sign(request: HttpRequest, draft: Draft, by: Actor) -> str:
    finding = reading.whole(request.POST.get("finding", "")) or 0
    draft_checks.sign_off(draft=draft, finding=finding, reason=request.POST.get("reason", ""), by=by)
    return "已签署。"


def _mend(request: HttpRequest, draft: Draft, by: Actor) -> str:
    finding, choice = reading.whole(request.POST.get("finding", "")) or 0, request.POST.get("choice", "")
    row = draft_mends.mend(draft=draft, finding=finding, choice=choice, by=by)
    draft.refresh_from_db()
    draft_checks.check(draft=draft, by=by)
    return f"已照建议改好：{draft_mends.choices(row).get(choice) or row.mend}。"


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
    why = voting.why_not(made, draft)
    return f"表决已记下：{why}。" if why else "表决已记下，通过。"


def _deliberate(request: HttpRequest, draft: Draft, by: Actor) -> str:
    told = _cleaned(DeliberationForm(request.POST, request.FILES, left=_steps_left(draft)))
    sent = told.pop("paper")
    paper = None
    if sent is not None:
        kind = sent.content_type or "application/octet-stream"
        paper = files.receive(kind="sheet", name=sent.name, content_type=kind, body=sent.read(), by=by)
    made = resolutions.deliberate(draft=draft, paper=paper, by=by, **told)
    return f"已记下：{made.get_step_display()}。"


def _submit(request: HttpRequest, draft: Draft, by: Actor) -> str:
    version = versions.submit(draft=draft, by=by, **_cleaned(_submit_form(draft, request.POST)))
    return f"已报出，现在是“{endings.state_on(version, clock.today())}”。"


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
    "check": _check, "sign": _sign, "mend": _mend, "try": rulebook_trial.start, "waive": _waive, "resolve": _resolve,
    "deliberate": _deliberate, "submit": _submit,
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
    shown |= {"problems": seen.problems(draft), "state": voting.state_word(draft)}
    shown |= rulebook_trial.shown_on_way(area, draft)
    return render(request, "scoring/rulebooks/way.html", shown)


way = scopes.both(_way)
step = scopes.both(require_POST(_step))
