"""流程设置: a town's administrator puts a flow together, sees what it would stumble over, saves and activates it."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from jifen.approvals import catalog, drawing, editing, naming, registry, wording
from jifen.approvals.definition import Definition, Fork, Step
from jifen.approvals.errors import DraftChanged
from jifen.approvals.models import Flow, Item
from jifen.approvals.permissions import ApprovalsPermission as May
from jifen.approvals.services import drafting
from jifen.approvals.web import draft as drafts
from jifen.approvals.web.draft import Draft
from jifen.approvals.web.forms import ForkForm, PathForm, StepForm
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import grants_of, page
from jifen.kernel.reading import whole

MOST_ROWS = 12


@page(permission=May.READ)
def flow_list(request: HttpRequest) -> HttpResponse:
    """Every kind of subject with the flow it runs on, and how many are under way: items, and what no item carries."""
    under_way = Count("id", filter=Q(finished_at=None))
    running = dict(
        Item.objects.values_list("subject_kind").annotate(open=under_way).values_list("subject_kind", "open")
    )
    rows = [_line(kind, running.get(kind.kind, 0) + len(list(kind.under_way()))) for kind in registry.kinds()]
    return render(request, "approvals/flows.html", {"rows": rows, "may_design": _may_design(request)})


def _line(kind: registry.SubjectKind, running: int) -> dict[str, Any]:
    flow = drafts.in_force(kind.kind)
    definition = flow.definition if flow else drafts.standard(kind)
    return {"kind": kind, "flow": flow, "running": running, "steps": [step.name for step in definition.all_steps()]}


@page(permission=May.READ)
def designer(request: HttpRequest, kind: str) -> HttpResponse:
    return render(request, "approvals/designer.html", _content(request, drafts.load(kind)))


def _content(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    names = naming.names_of(draft.definition, draft.kind)
    found = naming.concerns(draft.definition, draft.kind)
    flow = drafts.in_force(draft.kind.kind)
    return {
        "draft": draft,
        "kind": draft.kind,
        "boxes": drawing.draw(draft.definition, names, found),
        "concerns": found,
        "flow": flow,
        "versions": Flow.objects.filter(subject_kind=draft.kind.kind).order_by("-version")[:8],
        "templates": catalog.for_kind(draft.kind.kind),
        "may_design": _may_design(request),
        "forks": wording.FORKS.items(),
    }


def _may_design(request: HttpRequest) -> bool:
    return grants_of(request.user).allows(May.DESIGN)


# Changes to the draft


@require_POST
@page(permission=May.DESIGN)
def edit(request: HttpRequest, kind: str) -> HttpResponse:
    """One change from the list: move, remove, a fork, a path; answers with the list and the drawing."""
    draft = drafts.load(kind)
    problem = ""
    try:
        draft = drafts.store(request, draft, _changed(draft.definition, request.POST))
    except JifenError as refused:
        problem = refused.message
    if not request.headers.get("HX-Request"):
        if problem:
            messages.error(request, problem)
        return redirect("approvals:designer", kind)
    content = _content(request, draft) | {"problem": problem}
    return render(request, "approvals/parts/canvas.html", content)


def _changed(definition: Definition, wish: Any) -> Definition:
    act, key, number = wish.get("act", ""), wish.get("key", ""), whole(wish.get("number", "")) or 0
    if act in ("up", "down"):
        return editing.move(definition, key=key, up=act == "up")
    if act == "remove":
        return editing.remove(definition, key=key)
    if act in wording.FORKS:
        return editing.add_fork(definition, spot=wish.get("spot", ""), kind=act)
    if act == "add_path":
        return editing.add_path(definition, key=key)
    if act == "remove_path":
        return editing.remove_path(definition, key=key, number=number)
    raise NotFound


@page(permission=May.DESIGN)
def step(request: HttpRequest, kind: str) -> HttpResponse:
    """``?key=`` changes a step, ``?spot=`` adds one there."""
    draft = drafts.load(kind)
    key, spot = request.GET.get("key", ""), request.GET.get("spot", "")
    known = _node(draft.definition, key, Step) if key else None
    form = _step_form(request, draft, known)
    asks_more = "more" in request.POST or "search" in request.POST
    if request.method == "POST" and not asks_more and form.is_valid():
        try:
            raw = form.raw()
            changed = (
                editing.replace(draft.definition, key=key, step=raw)
                if known
                else editing.add_step(draft.definition, spot=spot, step=raw)
            )
        except JifenError as refused:
            form.add_error_from(refused)
        else:
            drafts.store(request, draft, changed)
            return redirect("approvals:designer", kind)
    content = {"draft": draft, "kind": draft.kind, "form": form, "known": known}
    status = 422 if form.is_bound and not asks_more and form.errors else 200
    return render(request, "approvals/step.html", content, status=status)


def _step_form(request: HttpRequest, draft: Draft, known: Step | None) -> StepForm:
    rows = min(whole(request.POST.get("rows", "")) or 0, MOST_ROWS)
    rows += 1 if "more" in request.POST else 0
    words = request.POST.get("find", "")
    terms: dict[str, Any] = {
        "kinds": draft.kind.facts,
        "values": draft.kind.known_values(),
        "persons": draft.kind.persons,
        "step": known,
        "rows": rows,
        "words": words,
    }
    if request.method != "POST":
        return StepForm(**terms)
    return StepForm(request.POST, **terms)


@page(permission=May.DESIGN)
def fork(request: HttpRequest, kind: str) -> HttpResponse:
    """Name and kind of a fork, ``?key=``."""
    draft = drafts.load(kind)
    known = _node(draft.definition, request.GET.get("key", ""), Fork)
    form = ForkForm(request.POST or None, initial={"name": known.name, "kind": known.kind})

    def change() -> Definition:
        return editing.rename_fork(draft.definition, key=known.key, **form.cleaned_data)

    title = f"修改{wording.fork(known)}"
    return _form_page(request, draft, form, change, title)


@page(permission=May.DESIGN)
def path(request: HttpRequest, kind: str) -> HttpResponse:
    """Name and condition of a path, ``?key=&number=``."""
    draft = drafts.load(kind)
    known, number = _node(draft.definition, request.GET.get("key", ""), Fork), whole(request.GET.get("number", "")) or 0
    if number >= len(known.paths):
        raise NotFound
    row = known.paths[number]
    terms: dict[str, Any] = {"kinds": draft.kind.facts, "values": draft.kind.known_values(), "when": row.when}
    form = PathForm(request.POST or None, **terms, initial={"name": row.name})

    def change() -> Definition:
        name, when = form.cleaned_data["name"], form.condition()
        return editing.change_path(draft.definition, key=known.key, number=number, name=name, when=when)

    return _form_page(request, draft, form, change, f"{wording.fork(known)}的第{number + 1}路")


def _form_page(request: HttpRequest, draft: Draft, form: Any, change: Any, title: str) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            drafts.store(request, draft, change())
        except JifenError as refused:
            form.add_error_from(refused)
        else:
            return redirect("approvals:designer", draft.kind.kind)
    content = {"draft": draft, "kind": draft.kind, "form": form, "title": title}
    return render(request, "approvals/branch.html", content, status=422 if form.errors else 200)


def _node(definition: Definition, key: str, wanted: Any) -> Any:
    nodes: list[Step | Fork] = [*definition.all_steps(), *definition.all_forks()]
    found = next((node for node in nodes if node.key == key and isinstance(node, wanted)), None)
    if found is None:
        raise NotFound
    return found


# The draft as a whole


@require_POST
@page(permission=May.DESIGN)
def begin(request: HttpRequest, kind: str) -> HttpResponse:
    """Start over: from a template (``template=CODE``), from a version (``version=N``), or from what is in force."""
    draft = drafts.load(kind)
    template, version = request.POST.get("template", ""), whole(request.POST.get("version", ""))
    try:
        if template:
            drafts.store(request, draft, _template(kind, template))
        elif version is not None:
            drafts.store(request, draft, _version(kind, version).definition, base=version)
        else:
            drafts.drop(request, kind)
    except DraftChanged as refused:
        messages.error(request, refused.message)
    return redirect("approvals:designer", kind)


def _template(kind: str, code: str) -> Definition:
    found = next((flow for one, flow in catalog.for_kind(kind) if one.code == code), None)
    if found is None:
        raise NotFound
    return found


def _version(kind: str, number: int) -> Flow:
    row = Flow.objects.filter(subject_kind=kind, version=number).first()
    if row is None:
        raise NotFound
    return row


@require_POST
@page(permission=May.DESIGN)
def save(request: HttpRequest, kind: str) -> HttpResponse:
    """A new version, not in force yet; the next page asks how it comes into force."""
    draft = drafts.load(kind)
    try:
        by, revision = Actor.of(request.user), drafts.seen(request)
        flow = drafting.save(subject_kind=kind, steps=draft.definition, revision=revision, by=by)
    except JifenError as refused:
        messages.error(request, refused.message)
        return redirect("approvals:designer", kind)
    messages.success(request, f"已存为第{flow.version}版，还没有启用。")
    return redirect("approvals:version", kind, flow.version)
