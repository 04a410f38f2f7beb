"""公示: publish a quarter, once; correct it by a difference notice, never by a change (I8)."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel import clock, locking
from jifen.kernel.actors import Actor
from reporting import policies, snapshots
from reporting.errors import MonthsNotPosted, NoticeInFlow, QuarterEmpty, QuarterNotOver, QuarterOutsideYears
from reporting.figures import Change, Figures, Names, Participation
from reporting.models import ListRow, Notice, NoticeKind
from reporting.periods import Quarter
from reporting.policies import ReportingPolicy
from reporting.selectors import changes, drafts, names, standings
from reporting.selectors.notices import joined_villages, waiting_villages
from reporting.services import deltas, numbers, posters
from reporting.snapshots import Header, Json
from scoring.selectors import years
from tenants.community.models import TownProfile, Village

Row = TypeVar("Row")
CORRECTED_BEFORE = "季度结束后、公示前已更正记分"


@transaction.atomic
def publish_quarter(*, village: Village | None, year: int, quarter: int, by: Actor) -> Notice:
    """The quarter's notice of ``village``, or the town's own when it is None; once published, the same one again.

    Raises:
        QuarterInvalid, QuarterNotOver: the quarter is none, or not over yet.
        QuarterOutsideYears, QuarterEmpty: the town kept no points then, or nobody had joined.
        MonthsNotPosted: a month of it is still being reviewed.
        NoticeInFlow: the town approves its notices before they hang.
        PolicyMissing: the town has not said how it announces.
    """
    period = Quarter(year, quarter)
    check_kept(village, period)
    if drafts.is_needed() and hanging(village, period) is None:
        raise NoticeInFlow(where=drafts.where(village, period))
    return hang(village=village, quarter=period, by=by)


def hang(*, village: Village | None, quarter: Quarter, by: Actor) -> Notice:
    """What ``publish_quarter`` does once it may, in the caller's transaction."""
    if village is None:
        return _publish_town(quarter, by)
    return publish_villages(villages=[village], quarter=quarter, by=by)[0]


def check_kept(village: Village | None, quarter: Quarter) -> None:
    """A notice never changes: none is made by hand of a quarter in which nothing was kept there.

    Raises:
        QuarterOutsideYears, QuarterEmpty.
    """
    if quarter.year not in {year.number for year in years()}:
        raise QuarterOutsideYears(year=quarter.year, period=quarter.title)
    if clock.today() > quarter.last_day and not joined_villages(quarter, [village] if village else None):
        raise QuarterEmpty(period=quarter.title, place=village.name if village else "全镇")


def hanging(village: Village | None, quarter: Quarter) -> Notice | None:
    """The quarter's notice of ``village`` (the town's own for None), if it is published."""
    rows = Notice.objects.exclude(kind=NoticeKind.DIFFERENCE).filter(year=quarter.year, quarter=quarter.number)
    return rows.filter(village=village).first()


@dataclass(frozen=True, slots=True)
class Composed:
    """A quarter's notice as it would read on the day ``header`` says; nothing is stored."""

    header: Header
    body: Json


def compose(*, villages: Collection[Village], quarter: Quarter, days: Mapping[int, date]) -> dict[int, Composed]:
    """By village id, as they would read on their ``days``.

    Raises:
        QuarterNotOver, MonthsNotPosted, PolicyMissing.
    """
    edition = _edition(quarter, {village.pk for village in villages})
    return {
        village.pk: Composed(*_village_body(replace(edition, day=days[village.pk]), village)) for village in villages
    }


def compose_town(*, quarter: Quarter, day: date) -> Composed:
    """Raises:
    QuarterNotOver, MonthsNotPosted, PolicyMissing.
    """
    header, body, _ = _town_body(replace(_edition(quarter, None), day=day))
    return Composed(header, body)


@transaction.atomic
def publish_villages(*, villages: Collection[Village], quarter: Quarter, by: Actor) -> list[Notice]:
    """The notices of many villages at once, in their order; those already published are left as they are.

    A notice shows its quarter as it was booked; what was taken back between the quarter's end and today hangs beside it
    as a difference notice.
    """
    lock(quarter)
    wanted = {village.pk: village for village in villages}
    known = _known(NoticeKind.VILLAGE_QUARTER, quarter, wanted)
    missing = {pk: village for pk, village in wanted.items() if pk not in known}
    if missing:
        edition = _edition(quarter, missing.keys())
        taken = numbers.take(edition.profile.name, len(missing))
        made = [
            _of_village(edition, village, number, by) for village, number in zip(missing.values(), taken, strict=True)
        ]
        known |= {int(notice.village_id or 0): notice for notice in Notice.objects.bulk_create(made)}
        _list(edition, [known[pk] for pk in missing])
        for pk in missing:
            _announced(known[pk], by)
        for pk, postings in changes.taken_back_since(quarter, missing).items():
            publish_difference(notice=known[pk], reason=CORRECTED_BEFORE, postings=postings, by=by)
    return [known[pk] for pk in wanted]


@dataclass(frozen=True, slots=True)
class _Edition:
    """One quarter's figures of some villages, gathered in a handful of statements."""

    quarter: Quarter
    policy: ReportingPolicy
    profile: TownProfile
    day: date
    by_village: dict[int, Figures]


def _edition(quarter: Quarter, villages: Collection[int] | None) -> _Edition:
    _ready(quarter, villages)
    day = clock.today()
    households, residents = standings.at_end_of(quarter, villages)
    found = names.on(day, {row.id for row in households}, {row.id for row in residents})
    ranked, people = _by_village(households), _by_village(residents)
    changed = _by_village(changes.of_quarter(quarter, villages))
    handed_out = _by_village(changes.goods(quarter, villages))
    figures = {
        pk: Figures(ranked[pk], people[pk], changed[pk], handed_out[pk], names=found, participation=share)
        for pk, share in standings.participation(day, villages).items()
    }
    return _Edition(quarter, policies.on(day), TownProfile.objects.get(), day, figures)


def _by_village(rows: Iterable[Row]) -> defaultdict[int, list[Row]]:
    found: defaultdict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[_village_of(row)].append(row)
    return found


def _village_of(row: Any) -> int:
    village: int = row.village_id
    return village


def _of_village(edition: _Edition, village: Village, number: str, by: Actor) -> Notice:
    header, body = _village_body(edition, village, number)
    return _notice(NoticeKind.VILLAGE_QUARTER, header, edition.quarter, body, by, village=village)


def _village_body(edition: _Edition, village: Village, number: str = numbers.PENDING) -> tuple[Header, Json]:
    title = f"{village.name}{edition.quarter.title}积分公示"
    header = _header(edition, number, title, village)
    figures = edition.by_village[village.pk]
    return header, snapshots.village_quarter(header, edition.quarter, edition.policy, figures)


def _publish_town(quarter: Quarter, by: Actor) -> Notice:
    lock(quarter)
    known = hanging(None, quarter)
    if known:
        return known
    edition = _edition(quarter, None)
    header, body, whole = _town_body(edition, *numbers.take(edition.profile.name, 1))
    notice = _notice(NoticeKind.TOWN_QUARTER, header, quarter, body, by)
    notice.save(force_insert=True)
    ListRow.objects.bulk_create(_list_rows(notice, edition.policy, whole))
    _announced(notice, by)
    taken = [pk for found in changes.taken_back_since(quarter, edition.by_village).values() for pk in found]
    if taken:
        _correct_town(notice, CORRECTED_BEFORE, taken, by)
    return notice


def _town_body(edition: _Edition, number: str = numbers.PENDING) -> tuple[Header, Json, Figures]:
    quarter = edition.quarter
    villages = dict(Village.objects.values_list("pk", "name"))
    header = _header(edition, number, f"{edition.profile.name}{quarter.title}积分公示", None)
    whole = _whole(edition, villages)
    lines = [_village_line(name, edition.by_village[pk]) for pk, name in villages.items()]
    return header, snapshots.town_quarter(header, quarter, edition.policy, whole, lines), whole


def _whole(edition: _Edition, villages: dict[int, str]) -> Figures:
    parts = edition.by_village.values()
    shares = [part.participation for part in parts]
    return Figures(
        households=[row for part in parts for row in part.households],
        residents=[row for part in parts for row in part.residents],
        changes=[row for part in parts for row in part.changes],
        goods=[],
        names=next((part.names for part in parts), Names()),
        participation=Participation(sum(share.joined for share in shares), sum(share.total for share in shares)),
        villages=villages,
    )


def _village_line(name: str, figures: Figures) -> Json:
    return {"village": name, **snapshots.summary(figures)}


def _header(edition: _Edition, number: str, title: str, village: Village | None) -> Header:
    profile, policy = edition.profile, edition.policy
    return Header(
        town=profile.name,
        office=profile.office_name,
        village=village.name if village else "",
        phone=(village.phone if village else "") or profile.phone,
        number=number,
        title=title,
        published_on=edition.day,
        closes_on=edition.day + timedelta(days=policy.notice.days),
        objections_until=edition.day + timedelta(days=policy.objection.days),
    )


def _notice(
    kind: NoticeKind, header: Header, quarter: Quarter, body: Json, by: Actor, *, village: Village | None = None
) -> Notice:
    return Notice(
        kind=kind,
        village=village,
        year=quarter.year,
        quarter=quarter.number,
        number=header.number,
        title=header.title,
        snapshot=body,
        sha256=snapshots.digest(body),
        token=secrets.token_urlsafe(32),
        published_at=clock.now(),
        closes_on=header.closes_on,
        objections_until=header.objections_until,
        **by.columns(),
    )


def _list(edition: _Edition, made: list[Notice]) -> None:
    """Who stands on the lists of new village notices, and what the district counts of it."""
    rows = [
        row
        for notice in made
        for row in _list_rows(notice, edition.policy, edition.by_village[int(notice.village_id or 0)])
    ]
    ListRow.objects.bulk_create(rows)
    counts = Counter((row.notice_id, row.colour) for row in rows)
    for notice in made:
        counted = {"notices": 1, "red": counts[notice.pk, "red"], "black": counts[notice.pk, "black"]}
        for key, value in counted.items():
            deltas.tell(village_id=int(notice.village_id or 0), year=notice.year, key=key, value=value)


def _list_rows(notice: Notice, policy: ReportingPolicy, figures: Figures) -> list[ListRow]:
    return [
        ListRow(
            notice=notice,
            colour=colour,
            position=row.place,
            household_id=row.standing.id,
            measure=measure,
            points=row.points,
        )
        for colour, measure in snapshots.list_measures(policy)
        for row in snapshots.list_rows(policy, colour, figures.households)
    ]


@transaction.atomic
def publish_difference(*, notice: Notice, reason: str, postings: Collection[int] = (), by: Actor) -> Notice:
    """更正公示: what a correction changes in ``notice``, which itself stays as it was published.

    The town's own notice of the quarter gets one too when its lists are no longer right.
    """
    made = _difference(notice, reason, postings, by)
    own = hanging(None, Quarter(notice.year, notice.quarter)) if notice.village_id and postings else None
    if own is not None:
        _correct_town(own, reason, postings, by)
    return made


def _correct_town(own: Notice, reason: str, postings: Collection[int], by: Actor) -> None:
    told = Notice.objects.filter(corrects=own).exclude(snapshot__lists={}).order_by("-pk").first()
    rows = changes.of_postings(postings)
    if _corrected_lists(own, policies.on(clock.today()), rows, since=told or own):
        _difference(own, reason, postings, by)


def _difference(notice: Notice, reason: str, postings: Collection[int], by: Actor) -> Notice:
    policy, profile, day = policies.on(clock.today()), TownProfile.objects.get(), clock.today()
    quarter = Quarter(notice.year, notice.quarter)
    rows = changes.of_postings(postings) if postings else []
    edition = _Edition(quarter, policy, profile, day, {})
    [number] = numbers.take(profile.name, 1)
    header = _header(edition, number, f"{notice.title}更正", notice.village)
    found = names.on(day, {row.household_id for row in rows}, {row.resident_id for row in rows if row.resident_id})
    corrects = {"number": notice.number, "title": notice.title, "sha256": notice.sha256}
    lists = _corrected_lists(notice, policy, rows, since=notice)
    body = snapshots.difference(header, corrects, reason, rows, found, lists)
    made = _notice(NoticeKind.DIFFERENCE, header, quarter, body, by, village=notice.village)
    made.corrects = notice
    made.save(force_insert=True)
    _announced(made, by)
    return made


def _corrected_lists(notice: Notice, policy: ReportingPolicy, rows: list[Change], *, since: Notice) -> Json:
    """The lists as they should have read, those that are not as ``since`` told; empty when all stand."""
    if not rows:
        return {}
    quarter = Quarter(notice.year, notice.quarter)
    villages = [notice.village_id] if notice.village_id else None
    households = standings.at_end_of(quarter, villages, corrected=True).households
    found = names.on(clock.today(), {row.id for row in households})
    places = {} if notice.village_id else dict(Village.objects.values_list("pk", "name"))
    figures = Figures(households, [], [], [], names=found, participation=Participation(), villages=places)
    now = snapshots.lists(policy, figures)
    was = {**notice.snapshot["lists"], **since.snapshot["lists"]}
    return {
        colour: snapshots.corrected(part, was.get(colour, {}), found)
        for colour, part in now.items()
        if part["visibility"] == "public" and _members(part) != _members(was.get(colour, {}))
    }


def _members(part: Json) -> list[tuple[int, str]]:
    return [(row["household"], row["points"]) for row in part.get("rows", [])]


def _known(kind: NoticeKind, quarter: Quarter, villages: Collection[int]) -> dict[int, Notice]:
    rows = Notice.objects.filter(kind=kind, year=quarter.year, quarter=quarter.number, village__in=villages)
    return {int(notice.village_id or 0): notice for notice in rows}


def _ready(quarter: Quarter, villages: Collection[int] | None) -> None:
    if clock.today() <= quarter.last_day:
        raise QuarterNotOver(period=quarter.title)
    waiting = waiting_villages(quarter)
    if waiting if villages is None else waiting.intersection(villages):
        raise MonthsNotPosted(period=quarter.title)


def lock(quarter: Quarter) -> None:
    """Two who publish the same quarter do it one after the other."""
    locking.limit_waiting("30s")
    locking.advisory(f"notice:{quarter}")


def _announced(notice: Notice, by: Actor) -> None:
    """The posters are ordered and the act is on record."""
    posters.order(notice=notice)
    audit.record(
        by=by,
        action="notice.publish",
        subject=notice,
        village_id=notice.village_id,
        number=notice.number,
        sha256=notice.sha256,
    )
