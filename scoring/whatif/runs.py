"""Start, carry out and stop a run; what it found is kept, the ledger is only read."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.clocks import backlog
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import errors, ports
from scoring.models import Draft, WhatIfHousehold, WhatIfRun, WhatIfState
from scoring.rules import overlay
from scoring.rules.asking import needs_people
from scoring.rules.base import plain
from scoring.rules.facts import People
from scoring.rules.spec import Rulebook
from scoring.rules.three_way import dropped, three_way
from scoring.selectors import drafts
from scoring.selectors.people import Doer, around
from scoring.selectors.rulebooks import current, overlay_of, whole
from scoring.services import attribution, draft_checks
from scoring.sql import whatif as sql
from scoring.whatif.compare import SIZE, Item, Row, Side, Terms, place, rows, summary
from scoring.whatif.replay import Past, Replayed, replay
from tenants.community.models import Household, Village

TASK = "scoring.whatif"
FETCHED = 2_000
ZERO = Decimal("0.00")


PLAIN_WORDS = {"red": f"评比积分最高的{SIZE}户", "black": f"扣分最多的{SIZE}户", "honours": f"前{SIZE}户"}
"""Of a town that has not said how it makes its lists."""


class Lists(NamedTuple):
    """What was asked for, and the town's own way."""

    terms: Terms
    rules: ports.ListRules | None


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
    first = since or _a_year_before(last)
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


def carry_out(*, run: WhatIfRun, by: Actor) -> WhatIfRun:
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
        _tell_the_draft(run, by)
    return run


def _end(run: WhatIfRun, **found: Any) -> WhatIfRun:
    WhatIfRun.objects.filter(pk=run.pk).update(ended_at=clock.now(), **found)
    run.refresh_from_db()
    return run


def _tell_the_draft(run: WhatIfRun, by: Actor) -> None:
    """The draft was tried, if it is still what was tried and waits for it."""
    if run.draft is None or run.revision is None or run.summary is None:
        return
    if draft_checks.takes_trial(run.draft, run.revision):
        draft_checks.record_trial(draft=run.draft, revision=run.revision, summary=run.summary | {"run": run.pk}, by=by)


def _villages(run: WhatIfRun) -> dict[str, Any]:
    book, terms = Rulebook.model_validate_json(json.dumps(run.rulebook)), _terms(run.terms)
    villages = [run.village] if run.village else list(Village.objects.order_by("pk"))
    counts = _counts(run, villages)
    WhatIfRun.objects.filter(pk=run.pk).update(total=sum(counts.values()))
    old, rules, found, lost = _items(), ports.list_rules(run.until), [], []
    for village in villages:
        own, unfit = _book_of(book, run, village)
        lost += [{"village": village.name, "changes": unfit}] if unfit else []
        found += _village(run, village, own, Lists(terms, rules), old)
        _tick(run, counts.get(village.pk, 0) % FETCHED)
    return summary(found, _prices(run, terms, villages)) | {"told": _told(terms, rules), "dropped": lost}


def _prices(run: WhatIfRun, terms: Terms, villages: list[Village]) -> Mapping[int, Decimal]:
    """Yuan for a point, by village: as it was asked for, or as the town exchanges."""
    if terms.point_value is not None:
        return dict.fromkeys((village.pk for village in villages), terms.point_value)
    return ports.point_prices(run.since, run.until)


def _told(terms: Terms, rules: ports.ListRules | None) -> dict[str, str]:
    """How the lists and the cost were made, in words."""
    own = rules.words if rules else {}
    sizes = {"red": terms.red, "black": terms.black, "honours": terms.honours}
    told = {name: own.get(name, PLAIN_WORDS[name]) if size is None else f"前{size}户" for name, size in sizes.items()}
    cost = "按实际兑换的价" if terms.point_value is None else f"按每分{plain(terms.point_value)}元"
    return told | {"cost": f"{cost}，全部兑换时要花的钱"}


def _book_of(book: Rulebook, run: WhatIfRun, village: Village) -> tuple[Rulebook, list[dict[str, str]]]:
    """The town's draft with the village's own changes, in a run over the town; and those that do not fit it."""
    own = current(village, run.until) if run.village is None else None
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


def _village(run: WhatIfRun, village: Village, book: Rulebook, lists: Lists, old: Mapping[str, Item]) -> list[Row]:
    households = dict(Household.objects.filter(village=village).values_list("pk", "number"))
    people = _people(book, village, run.until) if any(needs_people(rule) for rule in book.rules) else {}
    done = replay(book, _deeds(run, village), people=people, tick=lambda number: _tick(run, number))
    bars = {
        rule.code: Item(rule.title, any(one.kind == "bar_honours" for one in rule.consequences)) for rule in book.rules
    }
    found = rows(_credited(book, done), households, village.pk, old=old, new=bars)
    place(found, lists.terms, lists.rules)
    _keep(run, found)
    return found


def _credited(book: Rulebook, done: list[Replayed]) -> Iterator[Replayed]:
    """Deeds by who would get their points; those that go to others are parted among them."""
    apart = {rule.code for rule in book.rules if not attribution.is_own(rule)}
    homes = attribution.homes(one.past.facts for one in done if one.past.code in apart) if apart else None
    for one in done:
        if homes is None or one.past.code not in apart or one.award is None or not one.award.worth:
            yield one
        else:
            yield from _parted(one, book, homes)


def _parted(one: Replayed, book: Rulebook, homes: attribution.Homes) -> Iterator[Replayed]:
    """What the deed's own household had, and what each household would get."""
    if one.award is None:
        return
    yield replace(one, merit=ZERO, redeemable=ZERO)
    for household, (merit, redeemable) in attribution.by_household(one.past, book, one.award, homes).items():
        nothing = one.past._replace(household=household, merit=ZERO, redeemable=ZERO)
        yield replace(one, past=nothing, merit=merit, redeemable=redeemable)


def _deeds(run: WhatIfRun, village: Village) -> Iterator[Past]:
    """Read in portions, so that a large village does not stand in memory twice."""
    values: dict[str, Any] = {"villages": [village.pk], "since": run.since, "until": run.until}
    with connection.cursor() as cursor:
        cursor.execute(sql.DEEDS, values)
        while portion := cursor.fetchmany(FETCHED):
            for row in portion:
                facts = json.loads(row[6]) if row[6] else {}
                yield Past._make((*row[:6], facts, *row[7:]))


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


def _a_year_before(day: date) -> date:
    """The day after the same day of the year before."""
    return date.fromordinal(day.toordinal() - 364)


def _json_of(terms: Terms) -> dict[str, Any]:
    """What was asked for; what was not is left out and is the town's own."""
    return {
        name: str(one) if name == "point_value" else one for name, one in terms._asdict().items() if one is not None
    }


def _terms(kept: Mapping[str, Any]) -> Terms:
    value = kept.get("point_value")
    return Terms(**{**kept, "point_value": None if value is None else Decimal(value)})
