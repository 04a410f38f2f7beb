"""听取说明: before a deduction posts, the household is told, may explain, and is answered."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from jifen.audit import services as audit
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.points import plain
from jifen.web.wording import date_cn, points_text
from scoring import errors, locks
from scoring.models import (
    Channel,
    Declaration,
    DeclarationState,
    Hearing,
    HearingOutcome,
    ItemVerdict,
    Review,
    ReviewItem,
    Telling,
)
from scoring.selectors.hearings import accounts_of
from scoring.selectors.people import sharing
from scoring.selectors.reviews import elsewhere, is_barred, is_related, resident_of
from scoring.services import posting, reckoning, telling
from scoring.services.telling import KIND
from scoring.sql import hearings as sql

SPOKEN: dict[str, Telling] = {"phone": Telling.PHONE, "online": Telling.MESSAGE, "sms": Telling.MESSAGE}
"""By which way a household was told that speaks before anybody has recorded it; otherwise by word of mouth."""
DECISIONS = (HearingOutcome.KEPT, HearingOutcome.LOWERED, HearingOutcome.DROPPED)


@transaction.atomic
def tell(*, review: Review, days: int, by: Actor) -> int:
    """Open a hearing for every deduction of the decided sheet that has none; returns how many households' deeds.

    What was decided anew since is told anew. With no ``days`` the town hears nobody. Who has an account is told by a
    message; telling the others is the steward's work (``telling``).
    """
    today = clock.today()
    until = today + timedelta(days=days)
    values: dict[str, Any] = {"review": review.pk, "now": clock.now(), "until": until, "name": by.name}
    values |= {"days": days, "today": today, "system": SYSTEM.name}
    with connection.cursor() as cursor:
        cursor.execute(sql.VOID, values)
        anew = [hearing for (hearing,) in cursor.fetchall()]
        _over([review.pk])
        _tell_dropped(review, anew)
        if not days:
            return 0
        worths = reckoning.estimate(list(_deductions(review)))
        cursor.execute(sql.TELL, values | {"reckoned": list(worths), "worths": list(worths.values())})
        told = int(cursor.rowcount)
    if told:
        _tell_households(review)
        telling.closing([until])
        telling.ask(review.village)
    return told


def _deductions(review: Review) -> QuerySet[ReviewItem, int]:
    """Ids of the sheet's items by which something would be taken."""
    passed = (ItemVerdict.APPROVED, ItemVerdict.ADJUSTED)
    return review.items.filter(verdict__in=passed, points__lt=0).values_list("pk", flat=True)


@transaction.atomic
def state(*, hearing: Hearing, statement: str, channel: str = Channel.ONLINE, by: Actor) -> Hearing:
    """What the household says, by itself online, or written down by the steward from the phone or from paper.

    It may be said better as long as the committee has not decided. Who speaks has been told, if nobody had recorded it.

    Raises:
        StatementMissing, ChannelUnknown. HearingEnded: the days are over, or it is decided.
    """
    if not statement.strip():
        raise errors.StatementMissing
    if channel not in Channel.values:
        raise errors.ChannelUnknown
    held = locks.hearing(hearing.pk)
    if held.outcome != HearingOutcome.OPEN or (held.until and clock.today() > held.until):
        raise errors.HearingEnded(until=held.until)
    if held.told_at is None:
        _told_by_speaking(held, channel, by)
    held.statement, held.channel = statement.strip()[:500], channel
    held.stated_at, held.stated_by_name = clock.now(), by.name
    held.save()
    telling.said(held)
    inbox.settle(topic=_topic(held.pk))
    audit.record(
        by=by, action="hearing.state", subject=held, village_id=held.declaration.village_id, channel=str(channel)
    )
    return held


@transaction.atomic
def decide(*, hearing: Hearing, outcome: str, points: Decimal | None = None, reason: str = "", by: Actor) -> Hearing:
    """The committee's answer to what was said: ``kept``, ``lowered`` (to ``points``, signed) or ``dropped``.

    Raises:
        VerdictUnknown, VerdictReasonMissing, AdjustedOutOfBounds, Recused and MutuallyRecused (I11),
        OfAnotherGroup. HearingEnded: it is decided. HearingUnheard: the household has said nothing yet.
    """
    if outcome not in DECISIONS:
        raise errors.VerdictUnknown
    if not reason.strip():
        raise errors.VerdictReasonMissing
    held = locks.hearing(hearing.pk)
    if held.outcome != HearingOutcome.OPEN:
        raise errors.HearingEnded(until=held.until)
    if not held.statement:
        raise errors.HearingUnheard
    if is_barred(held.item, by):
        raise errors.Recused if is_related(held.item, by) else errors.MutuallyRecused
    if held.item_id in elsewhere(held.item.review, by):
        raise errors.OfAnotherGroup
    if outcome == HearingOutcome.LOWERED:
        _lower(held, points)
    held.outcome, held.reason = HearingOutcome(outcome), reason.strip()[:200]
    held.decided_at, held.decided_by_id, held.decided_by_name = clock.now(), by.id, by.name
    held.decided_by_resident_id = resident_of(by)
    held.save()
    _after(held)
    telling.answered(held.declaration.village)
    audit.record(
        by=by, action="hearing.decide", subject=held, village_id=held.declaration.village_id, outcome=str(outcome)
    )
    return held


@transaction.atomic
def close_due(*, day: str) -> int:
    """What nobody explained up to ``day`` (ISO) posts by itself, as far as its sheet may; the number of entries."""
    with connection.cursor() as cursor:
        cursor.execute(sql.LAPSE, {"now": clock.now(), "name": SYSTEM.name, "day": day})
        sheets = [review for (review,) in cursor.fetchall()]
    _over(sheets)
    return posting.post_ready(reviews=sheets, by=SYSTEM)


def _tell_households(review: Review) -> None:
    """Every account of a household that is told of a deduction; the others are told by the steward."""
    rows = Hearing.objects.filter(item__review=review, outcome=HearingOutcome.OPEN).select_related("declaration__rule")
    accounts = accounts_of([row.household_id for row in rows])
    for row in rows:
        _tell_sharing(row)
        if row.told_at is None:
            continue
        what = f"{row.declaration.rule.title}：{points_text(row.points)}分。"
        body = f"{what}{date_cn(row.until)}（含）前可以说明，到期没有说明的自动记账。"
        _message(row, accounts.get(row.household_id, ()), "有一笔扣分等您说明", body, key=f"hearing:{row.pk}")


def _tell_dropped(review: Review, anew: Collection[int]) -> None:
    """Households that had been told of a deduction hear that it is none any more; nobody waits for an answer to it."""
    if not anew:
        return
    rows = Hearing.objects.filter(pk__in=anew).exclude(told_at=None).select_related("declaration__rule")
    gone = list(rows.filter(Q(item__verdict=ItemVerdict.REJECTED) | Q(item__points__gte=0)).order_by("pk"))
    accounts = accounts_of([row.household_id for row in gone])
    for row in gone:
        _tell_off(row, accounts.get(row.household_id, ()))
    telling.answered(review.village)


def _tell_off(row: Hearing, users: Iterable[int]) -> None:
    """Its topic is its own: what was told of the hearing before is over."""
    title, body = "有一笔扣分不记了", f"{row.declaration.rule.title}：{row.reason}"
    address, key = f"/hearings/{row.pk}/", f"hearing:{row.pk}:off"
    inbox.tell(users=users, kind=KIND, title=title, body=body, address=address, key=key, topic=f"hearing-off/{row.pk}")


def _tell_sharing(row: Hearing) -> None:
    """Who bears a part of another household's deduction is told too; what it says goes through the steward."""
    homes = list(sharing(row.declaration).exclude(pk=row.household_id).values_list("pk", flat=True))
    inbox.tell(
        users=set().union(*accounts_of(homes).values()),
        kind=KIND,
        title="有一笔扣分您家也分担",
        body=f"{row.declaration.rule.title}：{points_text(row.points)}分。有话要说，请告诉积分管理员，记账以前都可以。",
        key=f"hearing:{row.pk}:shared",
        topic=_topic(row.pk),
    )


def _told_by_speaking(held: Hearing, channel: str, by: Actor) -> None:
    held.told_at, held.told_how = clock.now(), SPOKEN.get(channel, Telling.ORAL)
    held.told_by_name, held.until = by.name, clock.today() + timedelta(days=held.days)
    telling.closing([held.until])


def _tell_answer(held: Hearing) -> None:
    body = f"{held.declaration.rule.title}：{held.get_outcome_display()}。{held.reason}"
    users = accounts_of([held.household_id]).get(held.household_id, ())
    _message(held, users, "您的说明有了答复", body, key=f"hearing:{held.pk}:answer")


def _message(row: Hearing, users: Iterable[int], title: str, body: str, key: str) -> None:
    inbox.tell(
        users=users,
        kind=KIND,
        title=title,
        body=body,
        address=f"/hearings/{row.pk}/",
        key=key,
        topic=_topic(row.pk),
    )


def _topic(hearing: int) -> str:
    return f"hearing/{hearing}"


def _over(reviews: Collection[int]) -> None:
    """Nobody has to explain any more what was decided anew, or what she said nothing about in time."""
    ended = (HearingOutcome.SILENT, HearingOutcome.VOID)
    rows = Hearing.objects.filter(item__review__in=reviews, outcome__in=ended)
    inbox.settle_all(topics=[_topic(pk) for pk in rows.values_list("pk", flat=True)])


def _lower(held: Hearing, points: Decimal | None) -> None:
    if points is None or not held.points < points < 0:
        raise errors.AdjustedOutOfBounds(
            rule=held.declaration.rule.title, least=plain(held.points), most="0（不含两端）"
        )
    held.decided_points, held.decided_redeemable = points, max(points, held.redeemable)


def _after(held: Hearing) -> None:
    """A dropped deduction is told as such; the sheet posts what is left of it."""
    if held.outcome == HearingOutcome.DROPPED:
        waiting = Declaration.objects.filter(pk=held.declaration_id).exclude(state=DeclarationState.POSTED)
        waiting.update(state=DeclarationState.REJECTED, refusal=f"听取说明后不扣分：{held.reason}"[:200])
    _tell_answer(held)
    filing = held.item.review.filings.order_by("pk").last()
    if filing is not None:
        posting.schedule(filing, tag=f"h{held.pk}")
