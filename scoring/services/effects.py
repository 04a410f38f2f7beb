"""What follows from a deed beyond its points, carried out when it posts.

Dated effects are rows that are never changed: one is in force while its deed's posting stands and no standing repair
has lifted it, so that a reversal, of the deed or of the repair, needs nothing undone. Zeroings are postings of their
own that follow the deed's and are reversed with it. A household leaves on the next morning, by the clock.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from jifen.audit import services as audit
from jifen.clocks import services as clocks
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import require_town
from scoring import errors
from scoring.models import Effect, EffectLeave, Posting, Rule
from scoring.rules.effects import outcomes
from scoring.selectors import effects as selectors
from scoring.selectors.rules import spec_of
from scoring.sql import effects as sql
from tenants.community.models import Household
from tenants.community.services import applications, figures

LEAVE = "effect.leave"
STAR = "effect.star"
MORNING = 5
_ZEROINGS = ("zero_balance", "zero_month", "zero_year")
"""The farther-reaching of two that one deed brings counts."""
_BLOCKING = frozenset({*_ZEROINGS, "bar_redemption"})
_ARRAYS = (
    "postings", "positions", "households", "residents", "kinds", "firsts", "lasts", "repairs", "stars", "at_zeros",
    "texts",
)  # fmt: skip


def carry_out(*, deeds: Collection[int], by: Actor) -> None:
    """What the just posted ``deeds`` (ids of declarations) bring; the caller holds what posting holds."""
    with connection.cursor() as cursor:
        cursor.execute(sql.RULES, {"deeds": list(deeds)})
        rules = {rule.pk: spec_of(rule) for rule in Rule.objects.filter(pk__in=[pk for (pk,) in cursor.fetchall()])}
        if not rules:
            return
        cursor.execute(sql.BROUGHT, {"deeds": list(deeds), "rules": list(rules)})
        found = cursor.fetchall()
    rows = [
        (posting, place, household, resident, one.kind, one.first, one.last, one.until_repair, one.stars, one.at_zero,
         one.text)
        for posting, rule, household, resident, day in found
        for place, one in enumerate(outcomes(rules[rule], day))
    ]  # fmt: skip
    _keep(rows, by)
    mends = [posting for posting, rule, *_ in found if (repair := rules[rule].repair) is not None and repair.lifts]
    if mends:
        with connection.cursor() as cursor:
            cursor.execute(sql.LIFT, {"mends": mends})
    _tell_of_stars([row[0] for row in rows], mends)


def look_for_leavers() -> None:
    """Households whose time to leave has come do so on the next morning; called after anything was posted."""
    with connection.cursor() as cursor:
        cursor.execute(sql.ANY_LEAVING)
        [is_any] = cursor.fetchone() or (False,)
    for effect in _leaving(None) if is_any else ():
        morning = clock.at(clock.today() + timedelta(days=1), MORNING)
        clocks.schedule(town=require_town(), kind=LEAVE, period=f"{effect}/{morning.date()}", due_at=morning)


@transaction.atomic
def leave(*, effect: int) -> None:
    """The household of that effect (id) takes part no more from today, if there is still reason for it."""
    if effect not in _leaving(effect):
        return
    row = Effect.objects.select_related("household").get(pk=effect)
    gone = applications.let_go(household=row.household, on=clock.today(), by=SYSTEM)
    EffectLeave.objects.create(effect=row, application=gone, left_on=clock.today())
    audit.record(by=SYSTEM, action="effect.leave", subject=row, village_id=row.household.village_id)


def take_back(*, posting: Posting, by: Actor) -> list[Posting]:
    """The deed is reversed: who left because of it takes part again. Returns what followed and is reversed with it."""
    for left in EffectLeave.objects.filter(effect__posting=posting).select_related("application"):
        applications.reinstate(application=left.application, left_on=left.left_on, by=by)
    _tell_of_stars([posting.pk], [posting.pk])
    return list(Posting.objects.filter(follows=posting, reversed_at=None))


def _tell_of_stars(postings: Collection[int], mends: Collection[int]) -> None:
    """The district counts the stars anew where ``postings`` (ids) took some or ``mends`` (ids) gave some back, now and
    when one ends by itself."""
    of = Q(posting__in=postings) | Q(lifts__posting__in=mends)
    rows = Effect.objects.filter(of, kind="downgrade_star").distinct()
    found = list(rows.values_list("household__village_id", "last"))
    if found:
        figures.tell({village for village, _ in found})
    for village, last in {(village, last) for village, last in found if last and last >= clock.today()}:
        again = last + timedelta(days=1)
        clocks.schedule(town=require_town(), kind=STAR, period=f"{again}/{village}", due_at=clock.at(again, MORNING))


def refuse_barred(household: Household) -> None:
    """Raises:
    RedemptionBarred: a deed stopped its exchanges, and they are stopped today.
    """
    found = selectors.bar(household, "bar_redemption", clock.today())
    if found is not None:
        raise errors.RedemptionBarred(reason=found.text, when=found.when)


def _keep(rows: Sequence[tuple[Any, ...]], by: Actor) -> None:
    if not rows:
        return
    columns = zip(*rows, strict=True)
    values: dict[str, Any] = {name: list(column) for name, column in zip(_ARRAYS, columns, strict=True)}
    held = [row[2] for row in rows if row[4] in _BLOCKING]
    zeroed = {row[0]: (kind, row[5]) for kind in _ZEROINGS for row in rows if row[4] == kind}
    with connection.cursor() as cursor:
        if held:
            cursor.execute(sql.LOCK, {"households": held})
        cursor.execute(sql.KEEP, values)
        if zeroed:
            cursor.execute(sql.OPEN_ACCOUNTS, {"households": held})
    for batch in _in_turn(zeroed):
        _zero(batch, by)


def _in_turn(zeroed: Mapping[int, tuple[str, date]]) -> list[dict[int, str]]:
    """By posting what it zeroes: those of a year or of what can be exchanged at once, then month by month; each finds
    what is left."""
    batches: defaultdict[tuple[int, int], dict[int, str]] = defaultdict(dict)
    for posting, (kind, day) in zeroed.items():
        batches[(day.year, day.month) if kind == "zero_month" else (0, 0)][posting] = kind
    return [batch for _, batch in sorted(batches.items())]


def _zero(batch: Mapping[int, str], by: Actor) -> None:
    values: dict[str, Any] = {"zero_postings": list(batch), "zero_kinds": list(batch.values())}
    values |= {"realm": by.realm, "actor": by.id, "name": by.name, "now": clock.now(), "today": clock.today()}
    with connection.cursor() as cursor:
        cursor.execute(sql.ZERO, values)


def _leaving(effect: int | None) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql.LEAVING, {"effect": effect, "year": clock.today().year})
        return [pk for pk, _ in cursor.fetchall()]
