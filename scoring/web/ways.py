"""The way of a deed as a timeline."""

from typing import Any

from scoring.models import Declaration, Posting

Event = dict[str, Any]
_TONES = {"approved": "good", "adjusted": "good", "rejected": "bad"}


def way_of(row: Declaration) -> list[Event]:
    """Told, reviewed, filed, posted, corrected: what has happened so far, in order."""
    channel = f"渠道:{row.get_channel_display()}"
    events: list[Event] = [
        {
            "title": f"{row.get_declared_by_display()}申报",
            "when": row.recorded_at,
            "by": row.actor_name,
            "text": channel,
        }
    ]
    if row.state == "withdrawn":
        events.append({"title": "已撤回", "when": ""})
    item = getattr(row, "review_item", None)
    if item is not None and item.decided_at:
        verdict = f"审核委员会:{item.get_verdict_display()}"
        told = {"when": item.decided_at, "by": item.decided_by_name, "text": item.reason}
        events.append({"title": verdict, "tone": _TONES[item.verdict], **told})
    elif row.state == "rejected":
        events.append({"title": "未通过核实", "tone": "bad", "when": "", "text": row.refusal})
    return [*events, *_filed(row), *_posted(row)]


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
    for posting in row.postings.order_by("pk"):
        events.append({"title": "记入台账", "when": posting.posted_at, "tone": "good", "text": posting.explanation})
        reversal = Posting.objects.filter(reverses=posting).first()
        if reversal is not None:
            told = {"when": reversal.posted_at, "by": reversal.actor_name, "text": reversal.reason}
            events.append({"title": "更正", "tone": "bad", **told})
    return events
