"""Start, carry out and stop a run; what it found is kept, the ledger is only read."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.clocks import backlog
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import errors, ports
from scoring.models import Draft, Measure, WhatIfHousehold, WhatIfRun, WhatIfState
from scoring.rules import overlay, sequence
from scoring.rules.asking import needs_people
from scoring.rules.base import plain
from scoring.rules.classes import weight_of
from scoring.rules.facts import People
from scoring.rules.periods import months_on
from scoring.rules.spec import Rulebook
from scoring.rules.three_way import dropped, three_way
from scoring.selectors import classes, drafts
from scoring.selectors.people import Doer, around
from scoring.selectors.rulebooks import overlay_of, own_version, whole
from scoring.services import attribution, draft_checks
from scoring.sql import whatif as sql
from scoring.whatif.compare import SIZE, Item, Row, Side, Terms, place, rows, summary
from scoring.whatif.replay import Earlier, Pair, Past, Replayed, replay
from tenants.community.models import Household, Village

TASK = "scoring.whatif"
FETCHED = 2_000
ZERO = Decimal("0.00")
NOTHING: Pair = (ZERO, ZERO)


PLAIN_WORDS = {"red": f"评比积分最高的{SIZE}户", "black": f"扣分最多的{SIZE}户", "honours": f"前{SIZE}户"}
"""Of a town that has not said how it makes its lists."""


class Lists(NamedTuple):
    """What was asked for, the town's own way, and what points of a class weigh, by village and class."""

    terms: Terms
    rules: ports.ListRules | None
    weights: Mapping[int, Mapping[str, Decimal]]


class Stopped(Exception):
    """Somebody does not want the result any more."""


@transaction.atomic
def start(
    *,
    rulebook: Rulebook,
    village: Village | None,
    title: str,
    since: date | None = None,
    until: date | None = None,
    terms: Terms | None = None,
    draft: Draft | None = None,
    by: Actor,
) -> WhatIfRun:
    """Have ``rulebook`` tried on the deeds of a village, or of the town, in the town's turn at the workers.

    Without days it is the last twelve months. A village that changes the town's items keeps its changes.

    Raises:
        WhatIfDays: the first day lies after the last, or in the future. WhatIfRunning: the same is being tried.
    """
    run = made(
        rulebook=rulebook, village=village, title=title, since=since, until=until, terms=terms, draft=draft, by=by
    )
    backlog.put(task=TASK, args=[run.pk])
    return run


def made(
    *,
    rulebook: Rulebook,
    village: Village | None,
    title: str,
    since: date | None = None,
    until: date | None = None,
    terms: Terms | None = None,
    draft: Draft | None = None,
    by: Actor,
) -> WhatIfRun:
    """The run that ``start`` hands to a worker."""
    last = until or clock.today()
    first = since or a_year_to(last)
    if first > last or first > clock.today():
        raise errors.WhatIfDays
    if WhatIfRun.objects.filter(village=village, state__in=[WhatIfState.WAITING, WhatIfState.RUNNING]).exists():
        raise errors.WhatIfRunning
    run = WhatIfRun.objects.create(
        village=village, title=title.strip()[:120] or "试算", draft=draft, revision=draft.revision if draft else None,
        rulebook=rulebook.model_dump(mode="json"), terms=_json_of(terms or Terms()), since=first, until=last,
        asked_at=clock.now(), **by.columns(),
    )  # fmt: skip
    audit.record(by=by, action="whatif.start", subject=run, village_id=village.pk if village else None)
    return run


def start_for_draft(
    *, draft: Draft, since: date | None = None, until: date | None = None, terms: Terms | None = None, by: Actor
) -> WhatIfRun:
    """``start`` for what the draft says now; when it is done the draft counts as tried."""
    return start(
        rulebook=drafts.whole(draft), village=draft.rulebook.village, title=draft.rulebook.title, since=since,
        until=until, terms=terms, draft=draft, by=by,
    )  # fmt: skip


@transaction.atomic
def stop(*, run: WhatIfRun, by: Actor) -> WhatIfRun:
    """No more of it; what was found so far is thrown away.

    Raises:
        WhatIfOver: it has ended.
    """
    over = WhatIfRun.objects.filter(pk=run.pk, state=WhatIfState.WAITING)
    ended = over.update(state=WhatIfState.STOPPED, is_stopping=True, ended_at=clock.now())
    asked = WhatIfRun.objects.filter(pk=run.pk, state=WhatIfState.RUNNING).update(is_stopping=True)
    if not ended and not asked:
        raise errors.WhatIfOver
    audit.record(by=by, action="whatif.stop", subject=run, village_id=run.village_id)
    run.refresh_from_db()
    return run


def carry_out(*, run: WhatIfRun) -> WhatIfRun:
    """The run itself: village by village, each seen from outside as it is done. A second call does nothing.

    A run whose worker died begins again.
    """
    begun = WhatIfRun.objects.filter(pk=run.pk, state__in=[WhatIfState.WAITING, WhatIfState.RUNNING])
    if not begun.update(state=WhatIfState.RUNNING, done=0):
        return run
    run.refresh_from_db()
    run.households.all().delete()
    try:
        found = _villages(run)
    except Stopped:
        run.households.all().delete()
        return _end(run, state=WhatIfState.STOPPED)
    except overlay.OverlayInvalid as error:
        return _end(run, state=WhatIfState.FAILED, problem=error.message[:200])
    with transaction.atomic():
        run = _end(run, state=WhatIfState.DONE, summary=found)
        _tell_the_draft(run)
    return run


def _end(run: WhatIfRun, **found: Any) -> WhatIfRun:
    WhatIfRun.objects.filter(pk=run.pk).update(ended_at=clock.now(), **found)
    run.refresh_from_db()
    return run


def _tell_the_draft(run: WhatIfRun) -> None:
    """The draft was tried by whoever asked for the run, if it is still what was tried and waits for it."""
    if run.draft is None or run.revision is None or run.summary is None:
        return
    by = Actor(run.actor_realm, run.actor_id, run.actor_name)
    if draft_checks.takes_trial(run.draft, run.revision):
        draft_checks.record_trial(draft=run.draft, revision=run.revision, summary=run.summary | {"run": run.pk}, by=by)


def _villages(run: WhatIfRun) -> dict[str, Any]:
    book, terms = Rulebook.model_validate_json(json.dumps(run.rulebook)), _terms(run.terms)
    villages = [run.village] if run.village else list(Village.objects.order_by("pk"))
    counts = _counts(run, villages)
    WhatIfRun.objects.filter(pk=run.pk).update(total=sum(counts.values()))
    old, found, lost = _items(), [], []
    lists = Lists(terms, ports.list_rules(run.until), classes.by_village(run.until))
    for village in villages:
        own, unfit = _book_of(book, run, village)
        lost += [{"village": village.name, "changes": unfit}] if unfit else []
        found += _village(run, village, own, lists, old, _off(own) - _off(book))
        _tick(run, counts.get(village.pk, 0) % FETCHED)
    return summary(found, _prices(run, terms, villages)) | {"told": _told(lists, book), "dropped": lost}


def _prices(run: WhatIfRun, terms: Terms, villages: list[Village]) -> Mapping[int, Decimal]:
    """Yuan for a point, by village: as it was asked for, or as the town exchanges."""
    if terms.point_value is not None:
        return dict.fromkeys((village.pk for village in villages), terms.point_value)
    return ports.point_prices(run.since, run.until)


def _told(lists: Lists, book: Rulebook) -> dict[str, str]:
    """How the lists and the cost were made, in words; and that points of classes were weighed, where they are."""
    terms, own = lists.terms, lists.rules.words if lists.rules else {}
    sizes = {"red": terms.red, "black": terms.black, "honours": terms.honours}
    told = {name: own.get(name, PLAIN_WORDS[name]) if size is None else f"前{size}户" for name, size in sizes.items()}
    cost = "按实际兑换的价" if terms.point_value is None else f"按每分{plain(terms.point_value)}元"
    weigh = bool(lists.weights) or any(weight_of(one.code, book.settings, "rank") != 1 for one in book.settings.classes)
    merit = {"merit": "分类积分按各自的权重折算"} if weigh else {}
    return told | merit | {"cost": f"{cost}，全部兑换时要花的钱"}


def _book_of(book: Rulebook, run: WhatIfRun, village: Village) -> tuple[Rulebook, list[dict[str, str]]]:
    """The town's draft with the village's own changes, in a run over the town; and those that do not fit it."""
    own = own_version(village, run.until) if run.village is None else None
    if own is None or not own.overlay:
        return book, []
    changes = overlay_of(own)
    if not overlay.unfit(book, changes):
        return overlay.apply(book, changes), []
    # The draft has gone where the village cannot follow unasked: what the three-way view would leave of its changes.
    old = whole(own.town_version) if own.town_version else book
    left = three_way(old, book, changes).result
    lost = [{"title": title, "why": why} for title, why in dropped(old, book, changes, left)]
    return overlay.apply(book, left), lost


def _off(book: Rulebook) -> set[str]:
    return {rule.code for rule in book.rules if not rule.active}


def _village(
    run: WhatIfRun, village: Village, book: Rulebook, lists: Lists, old: Mapping[str, Item], own_off: set[str]
) -> list[Row]:
    households = dict(Household.objects.filter(village=village).values_list("pk", "number"))
    people = _people(book, village, run.until) if any(needs_people(rule) for rule in book.rules) else {}
    done = replay(
        book, _deeds(run, village), history=_earlier(run, village, book), people=people, own_off=own_off,
        tick=lambda number: _tick(run, number),
    )  # fmt: skip
    weights = lists.weights.get(village.pk, {})
    found = rows(_credited(book, done, people), households, village.pk, old=old, new=_new_items(book), weights=weights)
    place(found, lists.terms, lists.rules)
    _keep(run, found)
    return found


def _new_items(book: Rulebook) -> dict[str, Item]:
    return {
        rule.code: Item(
            rule.title, any(one.kind == "bar_honours" for one in rule.consequences),
            weight_of(rule.point_class, book.settings, "rank"),
        )
        for rule in book.rules
    }  # fmt: skip


def _credited(book: Rulebook, done: list[Replayed], people: Mapping[int, People]) -> Iterator[Replayed]:
    """Deeds by who had their points and who would get them; those that go to others are parted among them."""
    apart = {rule.code for rule in book.rules if not attribution.is_own(rule)}
    homes = attribution.homes(_named(done, apart, people)) if apart else None
    for one in done:
        parts = homes is not None and one.past.code in apart and one.award is not None and bool(one.award.worth)
        parts = parts and not one.as_posted
        if parts or one.past.others:
            yield from _parted(one, book, homes if parts else None)
        else:
            yield one


def _named(done: list[Replayed], apart: Collection[str], people: Mapping[int, People]) -> Iterator[Mapping[str, Any]]:
    """Facts that name who may get points: as they were told, and those of today for deeds told before a rule asked."""
    yield from (one.past.facts for one in done if one.past.code in apart)
    yield from ({"people": {"members": one.members, "cell": one.cell}} for one in people.values())


def _parted(one: Replayed, book: Rulebook, homes: attribution.Homes | None) -> Iterator[Replayed]:
    """Household by household, what it had and what it would get; with ``homes`` by the new rule's shares."""
    before = one.past.credited
    after = before if one.as_posted else {one.past.household: (one.merit, one.redeemable)}
    if homes is not None and one.award is not None:
        after = attribution.by_household(one.past, book, one.award, homes)
    for household in {**before, **after}:
        had, gets = before.get(household, NOTHING), after.get(household, NOTHING)
        past = one.past._replace(household=household, merit=had[0], redeemable=had[1], others={})
        yield replace(one, past=past, merit=gets[0], redeemable=gets[1])


def _deeds(run: WhatIfRun, village: Village) -> Iterator[Past]:
    """Read in portions, so that a large village does not stand in memory twice."""
    values: dict[str, Any] = {"villages": [village.pk], "since": run.since, "until": run.until}
    with connection.cursor() as cursor:
        cursor.execute(sql.DEEDS, values)
        while portion := cursor.fetchmany(FETCHED):
            for row in portion:
                facts = json.loads(row[6]) if row[6] else {}
                yield Past._make((*row[:6], facts, *row[7:-1], _others(row[-1])))


def _earlier(run: WhatIfRun, village: Village, book: Rulebook) -> Iterator[Earlier]:
    """What was posted for other days and bears on these: caps used up, first times, ladders, streaks, freezes."""
    wanted = sequence.bearing(book, run.since)
    values: dict[str, Any] = {
        "villages": [village.pk], "since": run.since, "until": run.until, "codes": list(wanted),
        "firsts": list(wanted.values()),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql.EARLIER, values)
        for row in cursor:
            yield Earlier._make((*row[:6], json.loads(row[6]) if row[6] else {}, *row[7:]))


def _others(told: str | None) -> dict[int, Pair]:
    """Entries of other households than the deed's (id, measure, amount), by household."""
    found: dict[int, Pair] = {}
    for household, measure, amount in json.loads(told) if told else ():
        merit, redeemable = found.get(household, NOTHING)
        is_merit, points = measure == Measure.MERIT, Decimal(amount)
        found[household] = (merit + points, redeemable) if is_merit else (merit, redeemable + points)
    return found


def _people(book: Rulebook, village: Village, day: date) -> dict[int, People]:
    """Who lives where today, for deeds told before a rule asked."""
    homes = list(Household.objects.filter(village=village))
    return {home.pk: one.people for home, one in zip(homes, around([Doer(h, None) for h in homes], day), strict=True)}


def _keep(run: WhatIfRun, found: list[Row]) -> None:
    WhatIfHousehold.objects.bulk_create((_row(run, row) for row in found), batch_size=1000)


def _row(run: WhatIfRun, row: Row) -> WhatIfHousehold:
    before, after = _side(row.before, "before"), _side(row.after, "after")
    return WhatIfHousehold(
        run=run, household_id=row.household, gain=row.gain, undecided=row.undecided, reasons=row.reasons(), **before,
        **after,
    )  # fmt: skip


def _side(side: Side, name: str) -> dict[str, Any]:
    found = {
        "merit": side.merit, "redeemable": side.redeemable, "rank": side.rank, "red": side.is_red,
        "black": side.is_black, "honoured": side.is_honoured,
    }  # fmt: skip
    return {f"{what}_{name}": value for what, value in found.items()}


def _tick(run: WhatIfRun, number: int) -> None:
    """So far, seen by whoever waits; Stopped when somebody stopped it."""
    run.done += number
    running = WhatIfRun.objects.filter(pk=run.pk, is_stopping=False)
    if not running.update(done=run.done):
        raise Stopped


def _counts(run: WhatIfRun, villages: list[Village]) -> dict[int, int]:
    values: dict[str, Any] = {"villages": [village.pk for village in villages], "since": run.since, "until": run.until}
    with connection.cursor() as cursor:
        cursor.execute(sql.COUNT, values)
        return dict(cursor.fetchall())


def _items() -> dict[str, Item]:
    with connection.cursor() as cursor:
        cursor.execute(sql.ITEMS)
        return {code: Item(title, bars) for code, title, bars in cursor.fetchall()}


def a_year_to(day: date) -> date:
    """The first of the twelve months that end with ``day``."""
    return months_on(day, -12) + timedelta(days=1)


def _json_of(terms: Terms) -> dict[str, Any]:
    """What was asked for; what was not is left out and is the town's own."""
    return {
        name: str(one) if name == "point_value" else one for name, one in terms._asdict().items() if one is not None
    }


def _terms(kept: Mapping[str, Any]) -> Terms:
    value = kept.get("point_value")
    return Terms(**{**kept, "point_value": None if value is None else Decimal(value)})
