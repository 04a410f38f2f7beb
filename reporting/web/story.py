"""The way of an objection as a timeline, the second stage included."""

from typing import Any

from django.urls import reverse

from jifen.kernel import clock
from reporting.models import Objection, ObjectionState
from reporting.selectors import in_place, inquiries

Event = dict[str, Any]
_TONES = {"upheld": "good", "dismissed": "plain"}


def of(objection: Objection, *, inside: bool, linked: bool = False) -> list[Event]:
    """Raised, passed on, answered. ``inside``: the reader may know what was found; ``linked``: to the objector's own
    pages."""
    first = objection.appeal_of or objection
    second = objection if objection.appeal_of_id else Objection.objects.filter(appeal_of=objection).first()
    return [event for one in (first, second) if one for event in _events(one, inside=inside, linked=linked)]


def _events(one: Objection, *, inside: bool, linked: bool) -> list[Event]:
    title = "请镇里复核" if one.stage == 2 else ("直接向镇里提出" if one.is_direct else "提出异议")
    url = reverse("reporting:objection", args=[one.pk]) if linked else ""
    how = f"{one.get_channel_display()}提出"
    events: list[Event] = [{"title": title, "when": one.raised_on, "by": how, "url": url}]
    if one.escalated_on:
        events.append({"title": "转由镇里核实", "when": one.escalated_on, "tone": "info"})
    if one.overdue_on:
        events.append({"title": "镇里没有按期答复，已报区里", "when": one.overdue_on, "tone": "bad"})
    if one.answered_at is None:
        return [*events, {"title": _waiting(one), "when": one.answer_by, "tone": "wait"}]
    text = one.finding if inside else ""
    by = in_place.answerer(one) if inside else ""
    tone = _TONES[one.state]
    return [*events, {"title": one.get_state_display(), "when": one.answered_at, "by": by, "text": text, "tone": tone}]


def _waiting(one: Objection) -> str:
    in_town = in_place.is_asked(one)
    step = "" if in_town else inquiries.standing([one.pk]).get(one.pk)
    who = f"{step}：" if step else "镇里" if in_town or one.level == "town" else "村里"
    if one.state == ObjectionState.RAISED and one.answer_by < clock.today():
        return f"{who}核实中，已过期限"
    return f"{who}核实中，最迟这天答复"


def opinions(objection: Objection) -> list[Event]:
    """What those who decide it in a flow have found so far, newest first."""
    rows = objection.opinions.select_related("household").order_by("-id")
    return [
        {
            "title": f"{one}{'，重新登记到' + one.household.number if one.household else ''}",
            "when": one.given_at,
            "by": one.actor_name,
            "text": one.finding,
            "tone": "good" if one.upheld else "plain",
        }
        for one in rows
    ]
