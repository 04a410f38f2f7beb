"""Tell people, and carry digests of what they were told out of the platform.

    tell ──► Message (in the person's own list)
          └► a due row for each channel that speaks for her ──► digest ──► Delivery ──► ``sending``

A digest counts and names kinds, never people or deeds: group chats lie outside the town's protection. Nobody is ranked
by how often she signs in, and nothing asks her to.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Case, CharField, Count, Func, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat, Left, Length

from jifen.audit import services as audit
from jifen.clocks import jobs
from jifen.clocks.jobs import Next
from jifen.inbox import audience as groups
from jifen.inbox import errors, gateway, kinds, sending
from jifen.inbox.models import Channel, Delivery, Message
from jifen.inbox.quiet import is_quiet, next_slot
from jifen.inbox.selectors import waiting
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.database import connection
from jifen.kernel.tenancy import require_town

DIGEST_JOB = "inbox.digest"
INTERVALS = (15, 1440)
LONGEST_BODY = 300
KEY_LEFT = 100
"""What of a key is kept beside a message's number."""
AND_MORE = "等"
PAST = """
UPDATE inbox_message m SET past_at = %(now)s
FROM unnest(%(users)s::bigint[], %(topics)s::text[], %(keys)s::text[]) n (user_id, topic, key)
WHERE m.past_at IS NULL AND m.read_at IS NULL AND m.user_id = n.user_id AND m.topic = n.topic AND m.key <> n.key
"""


@dataclass(frozen=True, slots=True)
class Note:
    """What ``tell`` takes, as a value; see there."""

    users: Iterable[int]
    kind: str
    title: str
    key: str
    body: str = ""
    address: str = ""
    topic: str = ""


@transaction.atomic(savepoint=False)
def tell(
    *,
    users: Iterable[int],
    kind: str,
    title: str,
    body: str = "",
    address: str = "",
    key: str,
    topic: str = "",
    gathers: bool = False,
) -> None:
    """One message for each account of ``users`` (ids); those who have one under ``key`` already get no second.

    Where it ``gathers``, ``body`` is one of the things it is about and is added to what such a message names; one that
    was read, or was over, is unread again and names what is new.

    What they were told of ``topic`` before, and have not read, is past from now on.
    """
    people = sorted(set(users))
    if gathers and body:
        _gather(waiting().filter(key=key, user__in=people), body)
        over = Message.objects.filter(key=key, user__in=people).exclude(read_at=None, past_at=None)
        over.exclude(body__contains=body).update(body=body, read_at=None, past_at=None, made_at=clock.now())
    tell_each([Note(people, kind, title, key, body, address, topic)])


@transaction.atomic(savepoint=False)
def tell_each(notes: Sequence[Note]) -> None:
    """``tell`` for many notes at the cost of one."""
    now = clock.now()
    rows = [row for note in notes for row in _messages(note, now)]
    if not rows:
        return
    if about := [row for row in rows if row.topic]:
        _past(about, now)
    Message.objects.bulk_create(rows, ignore_conflicts=True)
    _plan_digests(now)


def _messages(note: Note, now: datetime) -> list[Message]:
    shown: dict[str, Any] = {"kind": note.kind, "title": note.title[:80], "body": note.body[:LONGEST_BODY]}
    shown |= {"address": note.address, "topic": note.topic[:120], "key": note.key, "made_at": now}
    return [Message(user_id=user, **shown) for user in sorted(set(note.users))]


def _past(rows: Sequence[Message], now: datetime) -> None:
    """What the same people were told of the same topics under another key is past."""
    told = {"users": [row.user_id for row in rows], "topics": [row.topic for row in rows]}
    with connection.cursor() as cursor:
        cursor.execute(PAST, {**told, "keys": [row.key for row in rows], "now": now})


def _gather(known: QuerySet[Message], body: str) -> None:
    """Name one more thing in each, as far as there is room; then only that there are more."""
    lacking = known.exclude(body__contains=body).exclude(body__endswith=AND_MORE)
    room = LONGEST_BODY - len(body) - len(AND_MORE) - 1
    longer = Case(
        When(letters__lte=room, then=Concat("body", Value(f"、{body}"))), default=Concat("body", Value(AND_MORE))
    )
    lacking.annotate(letters=Length("body")).update(body=longer)


@transaction.atomic(savepoint=False)
def settle(*, topic: str, keep: Collection[str] = (), users: Collection[int] | None = None) -> int:
    """What was told of ``topic``, or of a topic below it (``topic/…``), is over: nobody has to read it any more.

    ``keep``: topics that are still open; ``users``: for these accounts alone. Returns how many messages nobody had
    read.
    """
    about = waiting().filter(Q(topic=topic) | Q(topic__startswith=f"{topic}/")).exclude(topic__in=keep)
    mine = about if users is None else about.filter(user__in=users)
    return mine.update(past_at=clock.now())


@transaction.atomic(savepoint=False)
def settle_at(*, address: str) -> int:
    """What sends people to that page is over, whatever its topic."""
    return waiting().filter(address=address).update(past_at=clock.now())


@transaction.atomic(savepoint=False)
def settle_all(*, topics: Collection[str]) -> int:
    """``settle`` for many topics, each by its whole name."""
    return waiting().filter(topic__in=topics).update(past_at=clock.now()) if topics else 0


@transaction.atomic
def visited(*, addresses: Collection[str], by: Any) -> int:
    """``by`` has opened a page: what sends her there, or to a place on it, is read."""
    page = Func("address", Value("#"), Value(1), function="split_part", output_field=TextField())
    return waiting().filter(user=by).alias(page=page).filter(page__in=addresses).update(read_at=clock.now())


@transaction.atomic
def read(*, messages: Collection[int], by: Any) -> int:
    """Mark ``by``'s own messages with these ids as read; returns how many were unread."""
    return waiting().filter(user=by, pk__in=messages).update(read_at=clock.now())


@transaction.atomic
def read_all(*, by: Any) -> int:
    return waiting().filter(user=by).update(read_at=clock.now())


@transaction.atomic
def open_channel(
    *,
    name: str,
    address: str,
    audience: str,
    every_minutes: int = 60,
    quiet_from: time = time(21),
    quiet_to: time = time(8),
    by: Actor,
) -> Channel:
    """``address``: an Apprise URL of an allowed service; ``audience``: one of ``audience.choices()``.

    Raises:
        ChannelNameMissing, ChannelNameTaken, AddressWrong, AddressInside, AudienceUnknown, IntervalWrong: nothing is
        written.
    """
    _check(name, audience, every_minutes)
    _check_address(address)
    terms: dict[str, Any] = {"every_minutes": every_minutes, "quiet_from": quiet_from, "quiet_to": quiet_to}
    made = Channel(name=name.strip(), address=address.strip(), audience=audience, **terms, **by.columns())
    made.created_at = clock.now()
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError as clash:
        raise errors.ChannelNameTaken(name=made.name) from clash
    audit.record(by=by, action="inbox.open_channel", subject=made, name=made.name)
    return made


@transaction.atomic
def change_channel(
    *,
    channel: Channel,
    name: str,
    address: str = "",
    audience: str,
    every_minutes: int,
    quiet_from: time,
    quiet_to: time,
    by: Actor,
) -> None:
    """As ``open_channel``; without an ``address`` the one that is kept, which nobody reads, stays.

    A digest that waits for its moment goes by the new terms: what falls into quiet time now is said after it.

    Raises:
        ChannelNameMissing, ChannelNameTaken, AddressWrong, AddressInside, AudienceUnknown, IntervalWrong: nothing is
        written.
    """
    _check(name, audience, every_minutes)
    wanted: dict[str, Any] = {"name": name.strip(), "audience": audience, "every_minutes": every_minutes}
    wanted |= {"quiet_from": quiet_from, "quiet_to": quiet_to}
    if address.strip():
        _check_address(address)
        wanted["address"] = address.strip()
    kept = Channel.objects.select_for_update().get(pk=channel.pk)
    changed = sorted(field for field, value in wanted.items() if getattr(kept, field) != value)
    if not changed:
        return
    for field in changed:
        setattr(kept, field, wanted[field])
    try:
        with transaction.atomic():
            kept.save(update_fields=changed)
    except IntegrityError as clash:
        raise errors.ChannelNameTaken(name=kept.name) from clash
    audit.record(by=by, action="inbox.change_channel", subject=kept, changed=changed)


@transaction.atomic
def switch(*, channel: Channel, on: bool, by: Actor) -> None:
    """Let a channel speak or be silent; nothing that happened meanwhile is told later."""
    changed = Channel.objects.filter(pk=channel.pk, is_active=not on).update(is_active=on)
    if changed:
        audit.record(by=by, action="inbox.switch", subject=channel, on=on)


@transaction.atomic
def digest_due(*, channel_id: int) -> None:
    """``digest``, or after the quiet time that this moment falls into: a clock may be late, terms may have changed."""
    channel, now = Channel.objects.get(pk=channel_id), clock.now()
    if is_quiet(now.time(), channel.quiet_from, channel.quiet_to):
        jobs.plan(require_town(), [_next_digest(channel, now)])
    else:
        digest(channel_id=channel_id)


@transaction.atomic
def digest(*, channel_id: int) -> Delivery | None:
    """Put what the channel's people were told since its last digest, and have not read, into one text.

    Returns ``None`` when there is nothing to tell or the channel is silent.
    """
    channel = Channel.objects.select_for_update().get(pk=channel_id)
    now = clock.now()
    last = Delivery.objects.filter(channel=channel, until__lte=now).order_by("-until").first()
    since = last.until if last else min(channel.created_at, now)
    counted = _unread(channel, since, now)
    if not channel.is_active or not counted:
        return None
    text = _text(counted)
    made = Delivery.objects.create(channel=channel, since=since, until=now, messages=sum(counted.values()), text=text)
    sending.put(delivery_id=made.pk)
    return made


@transaction.atomic
def try_out(*, channel: Channel, by: Actor) -> Delivery:
    """Send a line that says nothing but that the channel works."""
    made = Delivery.objects.create(channel=channel, until=clock.now(), messages=0, text="这是一条测试消息，渠道可用。")
    audit.record(by=by, action="inbox.try_out", subject=channel)
    sending.put(delivery_id=made.pk)
    return made


def free_keys(*, after: datetime) -> int:
    """Messages dated later than ``after`` were told while the clock stood ahead: they stay, and what is told when its
    day really comes is told again. Returns how many."""
    told = Message.objects.filter(made_at__gt=after)
    return told.update(key=Concat(Left("key", KEY_LEFT), Value("~"), Cast("pk", CharField())))


def _plan_digests(now: datetime) -> None:
    """Every channel that speaks looks at its next moment whether there is something for its people."""
    rows = [_next_digest(channel, now) for channel in Channel.objects.filter(is_active=True)]
    if rows:
        jobs.plan(require_town(), rows)


def _next_digest(channel: Channel, now: datetime) -> Next:
    slot = next_slot(now, every=channel.every_minutes, quiet_from=channel.quiet_from, quiet_to=channel.quiet_to)
    return Next(DIGEST_JOB, f"{slot:%Y-%m-%dT%H:%M}/{channel.pk}", slot)


def _unread(channel: Channel, since: datetime, until: datetime) -> dict[str, int]:
    rows = waiting().filter(user__in=groups.members(channel.audience), made_at__gt=since, made_at__lte=until)
    return dict(rows.order_by("kind").values_list("kind").annotate(n=Count("pk")))


def _text(counted: dict[str, int]) -> str:
    lines = "、".join(f"{kinds.label(kind)}{count}条" for kind, count in counted.items())
    return f"积分制新消息 {sum(counted.values())} 条：{lines}。请登录后在“消息”里查看。"


def _check(name: str, group: str, every_minutes: int) -> None:
    if not name.strip():
        raise errors.ChannelNameMissing
    if not INTERVALS[0] <= every_minutes <= INTERVALS[1]:
        raise errors.IntervalWrong
    if group not in dict(groups.choices()):
        raise errors.AudienceUnknown


def _check_address(address: str) -> None:
    if not gateway.accepts(address.strip()):
        raise errors.AddressWrong(allowed="、".join(f"{scheme}://" for scheme in gateway.allowed()))
    if not gateway.reaches_outside(address.strip()):
        raise errors.AddressInside
