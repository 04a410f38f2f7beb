"""A saved version: putting it in force with a look at what moves, taking it out as a file and in again, trying it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jifen.accounts.models import User
from jifen.approvals import directory, drawing, drive, exchange, naming, registry, selectors, services
from jifen.approvals.directory import Person
from jifen.approvals.models import Activation, Flow, Running
from jifen.approvals.permissions import ApprovalsPermission as May
from jifen.approvals.persons import Trial
from jifen.approvals.web import choices
from jifen.approvals.web import draft as drafts
from jifen.approvals.web.draft import Draft
from jifen.approvals.web.forms import DriveForm, FileForm
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import grants_of, page

LARGEST = 200_000
"""Bytes of a flow file."""


@page(permission=May.READ)
def version(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """A version, what would become of what is under way, and the question how it comes into force."""
    flow = _flow(kind, number)
    subject = drafts.kind_of(kind)
    current = drafts.in_force(kind)
    definition = flow.definition
    found = naming.concerns(definition, subject)
    shifts = list(subject.preview_shifts(flow))
    content = {
        "flow": flow,
        "kind": subject,
        "current": current,
        "is_current": current == flow,
        "boxes": drawing.draw(definition, naming.names_of(definition, subject), found),
        "concerns": found,
        "landings": [] if current == flow else _landings(flow),
        "here": [one for one in subject.under_way() if one.version == number],
        "shifts": shifts,
        "can_shift": any(one.can_move for one in shifts),
        "history": Activation.objects.filter(subject_kind=kind).select_related("flow").order_by("-id")[:10],
        "may_design": grants_of(request.user).allows(May.DESIGN),
    }
    return render(request, "approvals/version.html", content)


def _landings(flow: Flow) -> list[dict[str, Any]]:
    """Every item under way: where it is, where it would land, who gets work, or why it cannot move."""
    found = services.preview_move(flow)
    names = naming.names({user for one in found for user in one.people}).users
    titles = {step.key: step.name for step in flow.definition.all_steps()}
    return [
        {
            "landing": one,
            "now": "、".join(one.now),
            "steps": "、".join(titles.get(key, key) for key in one.steps),
            "people": "、".join(names.get(user, "") for user in one.people),
        }
        for one in found
    ]


@require_POST
@page(permission=May.DESIGN)
def move(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """What was ticked goes over to the version in force."""
    things = [int(one) for one in request.POST.getlist("things") if one.isdecimal()]
    if not things:
        messages.error(request, "请先勾选要转的。")
        return redirect("approvals:version", kind, number)
    try:
        found = services.move(flow=_flow(kind, number), things=things, by=Actor.of(request.user))
    except JifenError as refused:
        messages.error(request, refused.message)
        return redirect("approvals:version", kind, number)
    moved = [one for one in found if one.can_move]
    if moved:
        messages.success(request, f"{len(moved)}件已转到第{number}版。")
    for one in found:
        if one.problem:
            messages.warning(request, f"{one.thing.title}没有转：{one.problem}。")
    return redirect("approvals:version", kind, number)


@require_POST
@page(permission=May.DESIGN)
def activate(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    flow, running = _flow(kind, number), request.POST.get("running", "")
    if running not in Running.values:
        messages.error(request, "请先选择在办的事项怎么办。")
        return redirect("approvals:version", kind, number)
    try:
        row = services.activate(flow=flow, running=running, by=Actor.of(request.user))
    except JifenError as refused:
        messages.error(request, refused.message)
        return redirect("approvals:version", kind, number)
    tail = f"，{row.moved}件在办事项已转到新流程" if row.moved else ""
    messages.success(request, f"第{number}版已启用{tail}。")
    left = [one.title for one in registry.subject(kind).under_way() if one.version != number]
    if left and running == Running.MOVE:
        messages.warning(request, f"{'、'.join(left)}没有转，原因在第{number}版的页面上。")
    return redirect("approvals:flows")


@page(permission=May.READ)
def export(request: HttpRequest, kind: str) -> HttpResponse:
    """The draft, or the version in force, as a YAML file."""
    draft = drafts.load(kind)
    ids = naming.named_in(draft.definition)
    usernames = dict(User.objects.filter(pk__in=ids, is_active=True).values_list("pk", "username"))
    text = exchange.dump(draft.definition, kind=kind, usernames=usernames)
    headers = {"Content-Disposition": f'attachment; filename="{kind}.yaml"'}
    return HttpResponse(text, content_type="application/yaml; charset=utf-8", headers=headers)


@page(permission=May.DESIGN)
def bring(request: HttpRequest, kind: str) -> HttpResponse:
    """Take a file over into the draft."""
    draft = drafts.load(kind)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            drafts.store(request, draft, _read(draft, form.cleaned_data["file"]))
        except JifenError as refused:
            form.add_error_from(refused)
        else:
            messages.success(request, "已导入，检查后请保存。")
            return redirect("approvals:designer", kind)
    content = {"draft": draft, "kind": draft.kind, "form": form}
    return render(request, "approvals/bring.html", content, status=422 if form.errors else 200)


def _read(draft: Draft, file: Any) -> Any:
    if file.size > LARGEST:
        raise exchange.FileWrong(line=1, place="", reason="文件太大，不像一份流程")
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise exchange.FileWrong(line=1, place="", reason="不是 UTF-8 编码的文本文件") from wrong
    users = dict(User.objects.filter(is_active=True).values_list("username", "pk"))
    found = exchange.load(text, users=users)
    if found.kind != draft.kind.kind:
        reason = f"这是“{found.kind}”的流程，这里要“{draft.kind.kind}”（{draft.kind.name}）的"
        raise exchange.FileWrong(line=1, place="", reason=reason)
    registry.check(found.definition, found.kind)
    return found.definition


@page(permission=May.READ)
def test_drive(request: HttpRequest, kind: str) -> HttpResponse:
    """What would happen to a deed worth 25 points by 张三 of 三组?"""
    draft = drafts.load(kind)
    villages = list(directory.here().villages())
    asked = request.GET if "village" in request.GET else None
    form = DriveForm(asked, villages=villages, kind=draft.kind)
    content: dict[str, Any] = {"draft": draft, "kind": draft.kind, "form": form}
    if form.is_valid():
        try:
            content |= _driven(draft, form)
        except JifenError as refused:
            form.add_error_from(refused)
    return render(request, "approvals/drive.html", content, status=422 if form.errors else 200)


def _driven(draft: Draft, form: DriveForm) -> dict[str, Any]:
    village = form.cleaned_data["village"]
    words = form.cleaned_data["person"].strip()
    found = list(directory.here().people(village, words)) if words else []
    if words and not found:
        form.add_error("person", "这个村没有找到这个人，请核对姓名。")
        return {}
    person = found[0] if found else None
    starter = form.cleaned_data["starter"].strip()
    begins = choices.named(starter) if starter else []
    if starter and len(begins) != 1:
        form.add_error("starter", "有几个人叫这个名字，请填账号。" if begins else "没有找到这个账号，请核对姓名。")
        return {}
    trial = _trial(village, person, begins[0].pk if begins else None, form.values())
    lines = drive.drive(draft.definition, _case(draft, trial, person))
    return {"lines": lines, "ends": drive.ends(lines), "person": person, "others": found[1:6]}


def _trial(village: int, person: Person | None, starter: int | None, facts: dict[str, Any]) -> Trial:
    people = dict(directory.here().accounts(person)) if person else {}
    return Trial(village, facts, people | ({"starter": {starter}} if starter else {}))


def _case(draft: Draft, trial: Trial, person: Person | None) -> drive.Case:
    people = naming.people_in(draft.kind, trial, person.group_id if person else None)
    office, instead = naming.office(), selectors.delegations(draft.kind.kind)
    meant = {who: people(who) for step in draft.definition.all_steps() for who in _whos(step)}
    asked = {user for users in meant.values() for user in users or ()} | set(instead.values())
    return drive.Case(
        facts=trial.facts,
        kinds=draft.kind.facts,
        start=clock.now(),
        names=naming.names(asked | office | naming.named_in(draft.definition), draft.kind.persons),
        people=lambda who: people(who) or set(),
        kin={*(directory.here().related(person) if person else ()), *naming.barred_in(draft.kind, trial, asked)},
        office=office,
        about=person.name if person else "",
        later=[who for who, users in meant.items() if users is None],
        instead=instead,
    )


def _whos(step: Any) -> list[Any]:
    return [one for who in step.who for one in (who, who.substitute) if one is not None]


def _flow(kind: str, number: int) -> Flow:
    row = Flow.objects.filter(subject_kind=kind, version=number).first()
    if row is None:
        raise NotFound
    return row
