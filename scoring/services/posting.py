"""Post what a month decided: one set-based statement between two cap statements, in one transaction (I10, I12).

When a sheet's points post is the town's choice: at the village's decision, at the town's answer, or after a notice
period. A deduction waits for its hearing, and what repairs it waits for the deduction; the other deeds of the sheet do
not: a sheet may be posted in several runs.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from jifen.audit import services as audit
from jifen.clocks import services as clocks
from jifen.kernel import clock, locking
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import require_town
from scoring import errors, locks, policies, ports
from scoring.models import Cause, Declaration, Filing, FilingState, Posting, Review, ReviewState, Year
from scoring.services import effects, lapses, ledger, reckoning, seals
from scoring.sql import posting as sql
from scoring.sql import years as years_sql

POST_JOB = "review.post"


@transaction.atomic
def post_review(*, review: Review, by: Actor) -> int:
    """Turn the sheet's deeds whose time has come into ledger entries; returns how many. A second run posts nothing.

    Raises:
        ReviewNotSettled: by the town's choice it is too early. NoOpenYear.
    """
    [sheet] = locks.reviews([review.pk])
    if sheet.state == ReviewState.POSTED:
        return 0
    if not _may_post(sheet):
        raise errors.ReviewNotSettled
    return _post([sheet], by)


@transaction.atomic
def post_ready(*, reviews: Collection[int], by: Actor) -> int:
    """``post_review`` for those of the sheets (ids) whose time has come; returns the number of entries."""
    return _post([sheet for sheet in locks.reviews(reviews) if _may_post(sheet)], by)


def moment(filing: Filing) -> datetime | None:
    """From when the sheet's points may post, by what the town had chosen when it came; ``None``: not known yet."""
    chosen = policies.on(_day(filing.sent_at)).review
    if filing.state == FilingState.RETURNED:
        return None
    if chosen.posts == "decision":
        return filing.sent_at
    if filing.answered_at is None or chosen.posts == "answer":
        return filing.answered_at
    return clock.at(_day(filing.answered_at) + timedelta(days=chosen.notice_days + 1))


def waits(filing: Filing) -> bool:
    """Whether the sheet's points post only some days after the town's answer."""
    due = moment(filing)
    return due is None or due > clock.now()


def open_until(review: Review) -> date | None:
    """The last day on which an objection keeps a deed of the sheet from posting, where the town posts after a notice
    period; ``None``: it does not, it has not answered yet, or those days are over."""
    filing = Filing.objects.filter(review=review).order_by("pk").last()
    if filing is None or policies.on(_day(filing.sent_at)).review.posts != "notice":
        return None
    due = moment(filing)
    return _day(due) - timedelta(days=1) if due is not None and due > clock.now() else None


def schedule(filing: Filing, tag: str = "") -> None:
    """Put the sheet's posting on the calendar, when its moment is known; ``tag`` tells its runs apart."""
    due = moment(filing)
    if due is not None:
        period = f"{filing.review_id}/{tag}" if tag else str(filing.review_id)
        clocks.schedule(town=require_town(), kind=POST_JOB, period=period, due_at=max(due, clock.now()))


def is_held_up(review: Review) -> bool:
    """Whether a deed of the sheet waits for the answer to an objection, or for what it repairs, before it posts."""
    return bool(_ready([review.pk])[2])


def take_back(*, review: Review, by: Actor) -> int:
    """Reverse what was posted before the committee decided anew; its deeds wait for their posting again."""
    posted = Posting.objects.filter(review_item__review=review, cause=Cause.DECLARATION, reversed_at=None)
    stale = posted.filter(review_item__decided_at__gt=F("posted_at"))
    taken = list(stale.order_by("pk"))
    reversals = [ledger.reverse(posting=row, reason="镇里退回后重新审定", by=by) for row in taken]
    ports.corrected([row.pk for row in reversals], by)
    Declaration.objects.filter(pk__in=[row.declaration_id for row in taken]).update(state="in_review")
    return len(taken)


def _may_post(sheet: Review) -> bool:
    filing = sheet.filings.order_by("pk").last()
    due = moment(filing) if filing else None
    return due is not None and due <= clock.now()


def _post(sheets: list[Review], by: Actor) -> int:
    if not sheets:
        return 0
    locks.all_years()
    locks.newest_open_year()
    reckoning.hold_villages({sheet.village_id for sheet in sheets})
    values = _values(sheets, by)
    concerned = _sealed_years(values["items"])
    entries = _entries(values, by) if values["items"] else 0
    seals.supplement(concerned, by)
    with connection.cursor() as cursor:
        cursor.execute(sql.FINISH, values)
    one = sheets[0] if len(sheets) == 1 else None
    told = {"subject": one, "village_id": one.village_id} if one else {"sheets": len(sheets)}
    audit.record(by=by, action="review.post", entries=entries, **told)
    return entries


def _sealed_years(items: list[int]) -> list[Year]:
    """Years that were sealed before these late deeds of theirs post: the entries go to the open year, a supplement to
    the seal (I7).

    One transaction at a time writes such entries, so that each supplement covers them in the order of their ids.
    """
    with connection.cursor() as cursor:
        cursor.execute(years_sql.SEALED_OF, {"items": items})
        late = [number for (number,) in cursor.fetchall()]
    if late:
        locking.advisory("scoring.supplement")
    return list(Year.objects.filter(number__in=late))


def _values(sheets: list[Review], by: Actor) -> dict[str, Any]:
    values: dict[str, Any] = {"reviews": [sheet.pk for sheet in sheets], "now": clock.now(), "sign": 1}
    values |= {"realm": by.realm, "actor": by.id, "name": by.name}
    items, deeds, waiting, longest = _ready(values["reviews"])
    return values | {"items": items, "deeds": deeds, "waiting": waiting, "longest": longest}


def _ready(reviews: list[int]) -> tuple[list[int], list[int], list[int], int]:
    """(items that post now, their declarations, sheets of which a deed still waits for the answer to an objection or
    for what it repairs, the most limits)."""
    with connection.cursor() as cursor:
        cursor.execute(sql.READY, {"reviews": reviews})
        rows = cursor.fetchall()
    held = _objected({review: deeds for review, _, deeds, *_ in rows})
    repairs = [deed for *_, some, _ in rows for deed in some or ()]
    if repairs:
        held |= _too_early(repairs, {deed for _, _, deeds, *_ in rows for deed in deeds} - held)
    pairs = [pair for _, items, deeds, *_ in rows for pair in zip(items, deeds, strict=True)]
    ready = [pair for pair in pairs if pair[1] not in held]
    waiting = [review for review, _, deeds, *_ in rows if not held.isdisjoint(deeds)]
    return (
        [item for item, _ in ready],
        [deed for _, deed in ready],
        waiting,
        max((longest for *_, longest in rows), default=0),
    )


def _too_early(repairs: list[int], posting: set[int]) -> set[int]:
    """Those of ``repairs`` that repair a deduction which is decided, has not posted, and is not ``posting`` now."""
    with connection.cursor() as cursor:
        cursor.execute(sql.AWAITED, {"repairs": repairs, "posting": list(posting)})
        return {repair for repair, _ in cursor.fetchall()}


def _objected(deeds: dict[int, list[int]]) -> set[int]:
    """Where the town posts after a notice period, what somebody objects to waits for the answer; by what it had chosen
    when the sheet (key of ``deeds``) came."""
    sent = Filing.objects.filter(review__in=deeds).order_by("pk").values_list("review", "sent_at")
    days = {review: _day(when) for review, when in sent}
    noticed = {day for day in set(days.values()) if policies.on(day).review.posts == "notice"}
    asked = [deed for review, day in days.items() if day in noticed for deed in deeds[review]]
    return ports.objected(asked) if asked else set()


def _day(when: datetime) -> date:
    return when.astimezone(clock.TIME_ZONE).date()


def _entries(values: dict[str, Any], by: Actor) -> int:
    reckoned, deeds = reckoning.reckon(values["items"]), values["deeds"]
    if reckoned.items:
        reckoning.take(reckoned)
        pairs = zip(values["items"], values["deeds"], strict=True)
        values |= reckoned.values | {"deeds": [deed for item, deed in pairs if item not in reckoned.items]}
    longest = values["longest"]
    with connection.cursor() as cursor:
        cursor.execute(sql.OPEN_ACCOUNTS, values)
        if longest:
            cursor.execute(sql.OPEN_CAPS, values)
            cursor.execute(sql.LOCK_CAPS, values)
        cursor.execute(sql.post(longest, reckoned=bool(reckoned.items)), values)
        entries = int(cursor.rowcount)
        if longest:
            cursor.execute(sql.TAKE_CAPS, values)
    if reckoned.items:
        reckoning.keep(reckoned)
    if reckoned.marks:
        effects.carry_out(deeds=deeds, by=by)
    effects.look_for_leavers()
    if reckoned.lapses:
        lapses.plan()
    return entries
