"""我的待办: everything that waits for a person, over all kinds of subjects; an item with where it stands; stand-ins.

``area`` is the part of the site the page is shown in: office, village, or a villager's own ("").
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_POST

from jifen.approvals import abilities, registry, selectors, services
from jifen.approvals.models import Item
from jifen.approvals.permissions import ApprovalsPermission as May
from jifen.approvals.selectors.people import holds
from jifen.approvals.web import story
from jifen.approvals.web.acts import ACTS, ActForm
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import Access, grants_of, page
from jifen.kernel.reading import whole

PER_PAGE = 40
TABS = (
    ("mine", "待我办"), ("returned", "退回给我"), ("asked", "问我的"), ("copies", "抄送我的"), ("started", "我发起的"),
    ("done", "我办过的"), ("resting", "暂停的"),
)  # fmt: skip


def frame(area: str) -> dict[str, Any]:
    """``layout`` and the prefix of this area's addresses."""
    layout = "web/staff.html" if area else "web/simple.html"
    return {"area": area, "layout": layout, "prefix": f"approvals:{area or 'own'}_"}


def waiting(user: Any) -> int:
    """How many things wait for the person: the menu's badge."""
    by = Actor.of(user)
    own = selectors.work_of(user.pk).count() + selectors.questions_for(user.pk).count()
    return own + selectors.returned_to(by).count()


@page(permission=Access.SIGNED_IN)
def work(request: HttpRequest, area: str) -> HttpResponse:
    tab = request.GET.get("tab", "mine")
    administers = holds(request.user, May.ADMINISTER, None)
    tabs = (*TABS, ("blocked", "停住的")) if administers else TABS
    if grants_of(request.user).scope(May.PAPER, "village"):
        tabs = (*tabs, ("paper", "纸上签的"))
    if tab not in dict(tabs):
        raise NotFound
    rows: Any = Paginator(_rows(tab, request.user), PER_PAGE).get_page(request.GET.get("page"))
    if tab == "paper":  # asked of a page's items alone: who stands back is told by each item
        rows.object_list = abilities.entered_by(rows, request.user)
    counts = _counts(request.user, administers)
    lines = story.lines(rows, tab)
    content = frame(area) | {
        "tab": tab,
        "tabs": [(label, f"?tab={code}", code == tab, counts.get(code, "")) for code, label in tabs],
        "page": rows,
        "lines": lines,
        "may_batch": any(line.can_tick for line in lines),
        "now": clock.now(),
    }
    return render(request, "approvals/work.html", content)


def _rows(tab: str, user: Any) -> Any:
    by = Actor.of(user)
    if tab == "returned":
        return selectors.returned_to(by).select_related("flow")
    if tab == "asked":
        return selectors.questions_for(user.pk)
    if tab == "copies":
        return selectors.copies_for(user.pk)
    if tab == "started":
        return Item.objects.filter(starter_realm=by.realm, starter_id=by.id).order_by("-started_at", "-id")
    if tab == "done":
        done = Item.objects.filter(stages__assignments__user=user.pk, stages__assignments__state="done")
        return done.distinct().order_by("-started_at", "-id")
    if tab == "paper":
        return abilities.on_paper(user)
    if tab == "resting":
        return abilities.resting(user)
    return selectors.blocked() if tab == "blocked" else selectors.work_of(user.pk)


def _counts(user: Any, administers: bool) -> dict[str, Any]:
    found: dict[str, Any] = {
        "mine": selectors.work_of(user.pk).count(),
        "returned": selectors.returned_to(Actor.of(user)).count(),
        "asked": selectors.questions_for(user.pk).count(),
        "copies": selectors.copies_for(user.pk).filter(read_at=None).count(),
        "resting": abilities.resting(user).count(),
    }
    if administers:
        found["blocked"] = selectors.blocked().count()
    return {code: number or "" for code, number in found.items()}


@require_POST
@page(permission=Access.SIGNED_IN)
def batch(request: HttpRequest, area: str) -> HttpResponse:
    """The same word on the items that were ticked."""
    ids = [number for text in request.POST.getlist("item") if (number := whole(text))]
    items = list(abilities.visible(request.user).filter(pk__in=ids))
    verdict, reason = request.POST.get("verdict", ""), request.POST.get("reason", "")
    if not items:
        messages.error(request, "请先勾选要办的事项。")
        return redirect(f"{frame(area)['prefix']}work")
    told = services.decide_many(items=items, verdict=verdict, reason=reason, by=Actor.of(request.user))
    refused = [(item, problem) for item, problem in told if problem is not None]
    if len(told) > len(refused):
        messages.success(request, f"已办{len(told) - len(refused)}件。")
    for item, problem in refused[:5]:
        messages.error(request, f"{story.title(item)}：{problem.message}")
    return redirect(f"{frame(area)['prefix']}work")


@page(permission=Access.SIGNED_IN)
def item(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    return _item_page(request, area, get_object_or_404(abilities.readable(request.user), pk=pk))


@require_POST
@page(permission=Access.SIGNED_IN)
def act(request: HttpRequest, area: str, pk: int, name: str) -> HttpResponse:
    """One operation; what the service refuses stands at its form, above the page when she can no longer do it."""
    row = get_object_or_404(abilities.visible(request.user), pk=pk)
    chosen = ACTS.get(name)
    if chosen is None:
        raise NotFound
    form = ActForm(request.POST)
    if form.is_valid():
        try:
            chosen.run(row, form.cleaned_data, Actor.of(request.user))
        except JifenError as refused:
            refused.field = "person" if refused.field == "to" and "person" in chosen.asks else refused.field
            form.add_error_from(refused)
        else:
            messages.success(request, chosen.done)
            return redirect(f"{frame(area)['prefix']}item", pk)
    row.refresh_from_db()
    if name not in abilities.of(row, request.user):
        for problem in form.errors.values():
            messages.error(request, str(problem[0]))
    return _item_page(request, area, row, name, form)


def _address(request: HttpRequest, row: Item, subject: registry.SubjectKind, area: str) -> str:
    if not area and row.is_started_by(Actor.of(request.user)):
        return subject.own_address(row)
    return _in_area(subject.address(row), area, getattr(request, "urlconf", None))


def _change(request: HttpRequest, row: Item, subject: registry.SubjectKind, area: str) -> str:
    address = subject.change_address(row)
    return _in_area(address, area, getattr(request, "urlconf", None)) if address else ""


def _in_area(address: str, area: str, urlconf: Any) -> str:
    """The same page in the part of the site where the person is, if it has one there."""
    here = address.replace("/office/", f"/{area}/", 1) if area else address
    try:
        resolve(here, urlconf)
    except Resolver404:
        return address
    return here


def _item_page(request: HttpRequest, area: str, row: Item, open_act: str = "", wrong: Any = None) -> HttpResponse:
    may = abilities.of(row, request.user)
    subject = registry.subject(row.subject_kind)
    content = frame(area) | {
        "item": row,
        "kind": subject,
        "title": story.title(row),
        "address": _address(request, row, subject, area),
        "change": _change(request, row, subject, area) if "resubmit" in may else "",
        "may": may,
        "acts": story.acts(row, request.user, may, open_act, wrong),
        "stages": story.standing(row),
        "way": story.way(row),
        "story": story.timeline(row, request.user),
        "recused": list(selectors.recused(row)),
        "facts": story.facts(row, request.user),
        "people": story.suggestions(row),
        "newcomers": story.newcomers(row, request.user) if may & {"transfer", "add"} else [],
    }
    return render(request, "approvals/item.html", content, status=422 if wrong is not None else 200)
