"""The way of a deed as a timeline."""

from datetime import date
from typing import Any

from jifen.web.wording import date_cn, points_text, without_code
from scoring.models import Declaration, Hearing, Posting
from scoring.selectors import awaited, ended
from scoring.services import posting

Event = dict[str, Any]
_TONES = {"approved": "good", "adjusted": "good", "rejected": "bad"}


def way_of(row: Declaration, *, for_household: bool = False) -> list[Event]:
    """Told, reviewed, filed, explained, posted, corrected: what has happened so far, in order.

    ``for_household``: who declared something negative about it, and by which channel, is not told.
    """
    events: list[Event] = [_told(row, hidden=for_household and row.points < 0)]
    changes = row.changes.order_by("pk")
    events += [{"title": one.get_kind_display(), "when": one.at, "text": _was(one.before)} for one in changes]
    if row.state == "withdrawn":
        events.append(_ended(row))
    item = getattr(row, "review_item", None)
    if item is not None and item.decided_at:
        verdict = f"审核委员会：{item.get_verdict_display()}"
        told = {"when": item.decided_at, "by": item.decided_by_name, "text": item.reason}
        events.append({"title": verdict, "tone": _TONES[item.verdict], **told})
    elif row.state == "rejected":
        events.append({"title": "未通过核实", "tone": "bad", "when": "", "text": row.refusal})
    return [*events, *_filed(row), *_heard(row, hidden=for_household), *_waits(row), *_posted(row)]


def _was(before: dict[str, Any]) -> str:
    """What the earlier row said of the deed."""
    day = date_cn(date.fromisoformat(before["happened_on"]))
    points = "待定" if before["undecided"] else f"{points_text(str(before['points']))}分"
    return f"原来：{day}，{before['place']}，{before['reason']}，{points}"


def _ended(row: Declaration) -> Event:
    found = ended.of(row)
    if found is None:
        return {"title": "已撤回", "when": ""}
    tone = {"tone": "bad"} if found.is_terminated else {}
    return {"title": found.title, "when": found.at, "by": found.by, "text": found.reason, **tone}


def _told(row: Declaration, *, hidden: bool) -> Event:
    if hidden:
        return {"title": "登记", "when": row.recorded_at}
    by = "" if row.is_accusation else row.actor_name
    told = {"when": row.recorded_at, "by": by, "text": f"渠道：{row.get_channel_display()}"}
    return {"title": f"{row.get_declared_by_display()}申报", **told}


def _heard(row: Declaration, *, hidden: bool) -> list[Event]:
    """What the household was told of before a deduction, said to it, and was answered."""
    events: list[Event] = []
    for one in row.hearings.exclude(outcome="void").order_by("pk"):
        events.append(_informed(one, hidden=hidden))
        if one.statement:
            events.append({"title": "该户说明", "when": one.stated_at, "by": one.stated_by_name, "text": one.statement})
        if one.outcome != "open":
            told = {"when": one.decided_at, "text": one.reason, "tone": "info"}
            events.append({"title": f"听取说明：{one.get_outcome_display()}", **told})
    return events


def _informed(one: Hearing, *, hidden: bool) -> Event:
    if one.until is None:
        return {"title": "等村里告知该户", "when": "", "text": "告知以前不会扣分。"}
    by = "" if hidden else one.told_by_name
    text = f"{one.get_told_how_display()}告知；{date_cn(one.until)}（含）前可以说明，期满没有说明的自动记账。"
    return {"title": "扣分前告知", "when": one.told_at, "by": by, "text": text}


def _waits(row: Declaration) -> list[Event]:
    """What is decided, for the end of the notice period; a repair, behind the deductions that it gives back."""
    item = getattr(row, "review_item", None)
    until = posting.open_until(item.review) if item is not None and row.state == "approved" else None
    shown = f"{date_cn(until)}（含）前没有异议的，第二天起记账；有异议的，答复以后再记。" if until else ""
    events = [("公示期，还没有记账", shown), ("等扣分先记账", awaited.told(row))]
    return [{"title": title, "when": "", "text": text} for title, text in events if text]


def _filed(row: Declaration) -> list[Event]:
    item = getattr(row, "review_item", None)
    if item is None:
        return []
    answered = item.review.filings.exclude(answered_at=None).order_by("pk")
    return [
        {"title": f"镇里{one.get_state_display()}", "when": one.answered_at, "text": one.note, "tone": "info"}
        for one in answered
    ]


def _posted(row: Declaration) -> list[Event]:
    events: list[Event] = []
    for one in row.postings.order_by("pk"):
        events.append(
            {"title": "记入台账", "when": one.posted_at, "tone": "good", "text": without_code(one.explanation)}
        )
        reversal = Posting.objects.filter(reverses=one).first()
        if reversal is not None:
            told = {"when": reversal.posted_at, "by": reversal.actor_name, "text": reversal.reason}
            events.append({"title": "更正", "tone": "bad", **told})
    return events
