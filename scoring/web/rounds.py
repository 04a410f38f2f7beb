"""入户检查 on a phone, house by house, and 集体活动 with a sign-in list."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import InvalidInput, JifenError
from jifen.kernel.permissions import page
from jifen.kernel.reading import whole
from scoring.models import Activity, Declarer, Inspection, Rule
from scoring.permissions import ScoringPermission as May
from scoring.rules.spec import RuleSpec
from scoring.selectors import rounds, rules_in_force, spec_of
from scoring.services import activities, inspections
from scoring.web import choices, photos, scope
from scoring.web.rounds_forms import ActivityForm, InspectionForm
from tenants.community.models import Resident, Village

MOST_AT_ONCE = 500
KEPT_OFFLINE = "X-Kept-Offline"
"""The header of a page that the phone keeps for a reload without a net."""
EVERYBODY = ("household", "resident")


@page(permission=May.RECORD)
def round_list(request: HttpRequest) -> HttpResponse:
    """What is under way, and what was handed in."""
    frame = scope.frame(request, May.RECORD)
    mine = {frame["village"].pk}
    content = {"inspections": rounds.inspections(mine)[:30], "activities": rounds.activities(mine)[:30]}
    return render(request, "scoring/rounds.html", frame | content)


@page(permission=May.RECORD)
def new_inspection(request: HttpRequest) -> HttpResponse:
    frame = scope.frame(request, May.RECORD)
    village: Village = frame["village"]
    initial = {"title": f"{clock.today().month}月家庭卫生检查", "place": village.name, "happened_on": clock.today()}
    form = InspectionForm(
        request.POST or None, rules=_rules(village, ("household",), rounds.is_walkable), initial=initial
    )
    if form.is_valid():
        try:
            made = inspections.open_inspection(village=village, **form.values(), by=Actor.of(request.user))
        except JifenError as error:
            form.add_error_from(error)
        else:
            return redirect("scoring:inspection", made.pk)
    return render(request, "scoring/inspection_new.html", frame | {"form": form}, status=422 if form.errors else 200)


@page(permission=May.RECORD)
def inspection(request: HttpRequest, pk: int) -> HttpResponse:
    """The walk: one line for each household; what is marked is kept on the phone until it has arrived."""
    found = _inspection(request, pk)
    marks = rounds.marks_of(found)
    homes = [(home, marks.get(home.pk)) for home in rounds.to_walk(found)]
    content = {
        "round": found,
        "homes": homes,
        "outcomes": rounds.outcomes(found),
        "results": rounds.results(found, homes) if found.state != "open" else [],
        "sure": whole(request.GET.get(ASKED, "")) or "",
        "done": sum(mark is not None for _, mark in homes),
        "evidence": any(spec_of(rule).evidence == "required" for rule in found.rules.all()),
        "now": clock.now(),
    }
    answer = render(request, "scoring/inspection.html", content)
    if found.state == "open":
        answer.headers[KEPT_OFFLINE] = "1"
    return answer


@page(permission=May.RECORD)
def worker(request: HttpRequest) -> HttpResponse:
    """What keeps an open inspection's page on the phone; it watches over the addresses beside its own."""
    content = {"static": settings.STATIC_URL, "header": KEPT_OFFLINE}
    return render(request, "scoring/walk_worker.js", content, content_type="text/javascript; charset=utf-8")


@page(permission=May.RECORD)
@require_POST
def marks(request: HttpRequest, pk: int) -> HttpResponse:
    """``{"marks": [{household, rule, tier, scores, note, made_at}]}`` → ``{"wrong": {household: message}, "at"}``.

    ``at``: when they arrived, in milliseconds; a page that is older does not show them yet.
    """
    found = _inspection(request, pk)
    try:
        wrong = inspections.mark(inspection=found, marks=_sent(request.body), by=Actor.of(request.user))
    except JifenError as error:
        return JsonResponse({"detail": error.message, "code": error.code}, status=409)
    at = int(clock.now().timestamp() * 1000)
    return JsonResponse({"wrong": {str(home): message for home, message in wrong.items()}, "at": at})


ASKED = "asked"
"""In the address once it has been said how many households are missing."""


@page(permission=May.RECORD)
@require_POST
def end_inspection(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    found, by, back = _inspection(request, pk), Actor.of(request.user), ""
    missing = 0 if act == "cancel" or request.POST.get("sure") else rounds.missing(found)
    if missing:
        messages.warning(request, f"还有{missing}户没有查，提交后不能再改。不再查的，再点一次“提交检查结果”。")
        carried = photos.carried(request)
        return redirect(f"{reverse('scoring:inspection', args=[pk])}{carried or '?'}{'&' if carried else ''}{ASKED}=1")
    try:
        if act == "cancel":
            inspections.cancel(inspection=found, by=by)
        else:
            inspections.submit(inspection=found, evidence=photos.evidence_of(request), by=by)
    except JifenError as error:
        messages.error(request, error.message)
        back = photos.carried(request)
    else:
        messages.success(request, "已取消。" if act == "cancel" else "已提交，等待本月审核。")
    return redirect(reverse("scoring:inspection", args=[pk]) + back)


@page(permission=May.RECORD)
def new_activity(request: HttpRequest) -> HttpResponse:
    frame = scope.frame(request, May.RECORD)
    village: Village = frame["village"]
    rules = {str(rule.pk): rule for rule in _rules(village, EVERYBODY, rounds.is_credited_at_once)}
    offered = {pk: rule for pk, rule in rules.items() if rounds.only_gives(spec_of(rule))}
    rule = rules.get(request.POST.get("rule", "")) or offered.get(request.GET.get("rule", ""))
    initial = {"place": village.name, "happened_on": clock.today(), "rule": request.GET.get("rule", "")}
    form = ActivityForm(request.POST or None, rules=offered, rule=rule, initial=initial)
    if request.method == "POST" and rule is not None and form.is_valid():
        try:
            made = activities.open_activity(village=village, rule=rule, **form.values(), by=Actor.of(request.user))
        except JifenError as error:
            form.add_error_from(error)
        else:
            return redirect("scoring:activity", made.pk)
    content = {"form": form, "rule": rule, "tile": choices.whole_tile(rule) if rule else None}
    return render(request, "scoring/activity_new.html", frame | content, status=422 if form.errors else 200)


@page(permission=May.RECORD)
def activity(request: HttpRequest, pk: int) -> HttpResponse:
    """The code to show, who is there, and the list to tick."""
    found = _activity(request, pk)
    words = request.GET.get("q", "").strip()
    content = {
        "round": found,
        "link": request.build_absolute_uri(reverse("scoring:sign_in", args=[found.secret])),
        "present": rounds.attendances(found),
        "away": rounds.to_sign(found, words) if found.state == "open" else [],
        "words": words,
        "tile": choices.whole_tile(found.rule),
        "evidence": spec_of(found.rule).evidence,
    }
    return render(request, "scoring/activity.html", content)


@page(permission=May.RECORD)
@require_POST
def act_on_activity(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """``sign`` ticked people, ``strike`` one, ``submit`` or ``cancel``."""
    found, back = _activity(request, pk), ""
    try:
        messages.success(request, _activity_act(request, found, act))
    except JifenError as error:
        messages.error(request, error.message)
        back = photos.carried(request)
    return redirect(reverse("scoring:activity", args=[pk]) + back)


@page(permission=May.DECLARE)
def sign_in(request: HttpRequest, secret: str) -> HttpResponse:
    """A villager before the code: one button."""
    found = rounds.activity_by_code(secret)
    resident = Resident.objects.filter(user=request.user.pk or 0).first()
    content: dict[str, Any] = {"round": found, "signed": None, "problem": ""}
    if request.method == "POST" and resident is not None:
        try:
            content["signed"] = activities.sign_in(activity=found, resident=resident, by=Actor.of(request.user))
        except JifenError as error:
            content["problem"] = error.message
    elif resident is not None:
        content["signed"] = found.attendances.filter(resident=resident).first()
    return render(request, "scoring/sign_in.html", content, status=422 if content["problem"] else 200)


def _rules(village: Village, subjects: tuple[str, ...], is_fit: Callable[[RuleSpec], bool]) -> list[Rule]:
    """Rules a round can be made of: a steward may tell of them, and what the round gathers is all they ask for."""
    today = clock.today()
    found = [(rule, spec_of(rule)) for rule in rules_in_force(village, today).filter(subject__in=subjects)]
    return [
        rule for rule, spec in found if is_fit(spec) and Declarer.STEWARD in spec.declarers and spec.counts_on(today)
    ]


def _inspection(request: HttpRequest, pk: int) -> Inspection:
    return rounds.inspection(pk, scope.village_ids(request, May.RECORD))


def _activity(request: HttpRequest, pk: int) -> Activity:
    return rounds.activity(pk, scope.village_ids(request, May.RECORD))


def _activity_act(request: HttpRequest, found: Activity, act: str) -> str:
    by = Actor.of(request.user)
    if act == "sign":
        sent = {pk for one in request.POST.getlist("resident") if (pk := whole(one)) is not None}
        return f"签到{activities.sign_by_hand(activity=found, residents=sent, by=by)}人。"
    if act == "strike":
        attendance = rounds.attendances(found).filter(pk=whole(request.POST.get("attendance", "")) or 0).first()
        if attendance is not None:
            activities.strike(attendance=attendance, by=by)
        return "已划去。"
    if act == "cancel":
        activities.cancel(activity=found, by=by)
        return "已取消。"
    activities.submit(activity=found, evidence=photos.evidence_of(request), by=by)
    return "已提交，到场的人都已登记，等待本月审核。"


def _sent(body: bytes) -> list[inspections.Mark]:
    """Raises:
    InvalidInput: the phone sent something that is no list of marks.
    """
    try:
        rows = json.loads(body)["marks"][:MOST_AT_ONCE]
        return [
            inspections.Mark(
                household=int(row["household"]),
                rule=int(row["rule"]) if row.get("rule") else None,
                made_at=datetime.fromtimestamp(int(row["made_at"]) / 1000, clock.TIME_ZONE),
                tier=str(row.get("tier", "")),
                scores={str(name): str(score) for name, score in dict(row.get("scores") or {}).items()},
                note=str(row.get("note", "")),
            )
            for row in rows
        ]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise InvalidInput("打分的格式不对，请刷新页面后重试。", field="marks") from error
