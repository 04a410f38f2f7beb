"""名册变更: made at once, or where the town decides by a flow, when that has agreed.

make ──► done                    (no flow, or no step of it applies)
     └─► asked ──► done | refused | withdrawn
            └─► sent back ──► amended, and asked again

A new household that is to take part at once, by 新立户 or 分户, joins with that change. Where the flow has a step for
加入积分制 that the change itself does not come by, its joining is a second change, made when the household is there.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from jifen.approvals import gate
from jifen.approvals import selectors as flows
from jifen.approvals import services as approvals
from jifen.approvals.models import Item
from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from tenants.community import change_words, errors, selectors
from tenants.community.models import (
    ApplicationState,
    ChangeKind,
    ChangeState,
    Household,
    Resident,
    RosterChange,
    Village,
)
from tenants.community.services import applications, effects
from tenants.community.services.effects import EFFECTS, FOUNDS, Terms
from tenants.community.services.households import SUBJECT_KIND

OF_ONE = (ChangeKind.MEMBER_IN, ChangeKind.MEMBER_OUT, ChangeKind.IDENTITY, ChangeKind.MOVED_BACK)
_PERSON = frozenset({"name", "id_number", "phone"})
AMENDABLE: Mapping[str, frozenset[str]] = {
    ChangeKind.MEMBER_IN: _PERSON | {"resident", "relation", "from_date"},
    ChangeKind.MEMBER_OUT: frozenset({"resident"}),
    ChangeKind.HEAD: frozenset({"resident", "relation"}),
    ChangeKind.SPLIT: frozenset({"members", "head", "number", "group", "address"}),
    ChangeKind.IDENTITY: _PERSON | {"resident"},
    ChangeKind.JOIN: frozenset({"on", "agreement"}),
    ChangeKind.LEAVE: frozenset({"on"}),
    ChangeKind.NEW: FOUNDS | {"group", "resident_since", "join_on", "agreement"},
    ChangeKind.MOVED_BACK: frozenset({"resident", "relation", "from_date"}),
}
"""Which terms of a change may be mended when it was sent back."""
BY_FLOW = "按镇里的审批流程"
"""Stands for the meeting that agrees to outsiders (``eligibility``), where the flow is what agrees."""


class _Tried(Exception):
    """Takes back what was only tried."""


@transaction.atomic
def make(*, household: Household, kind: str, terms: Terms, by: Actor, reason: str = "") -> RosterChange:
    """Change the roster, or ask the flow to; what could not take effect today is not asked for.

    ``terms``: as ``effects`` has them for ``kind``. ``state`` of the result tells which it was.

    Raises:
        ChangeKindWrong, ChangeAsked, and what ``effects`` refuse: nothing is written.
    """
    if kind not in EFFECTS:
        raise errors.ChangeKindWrong
    told = facts(household, kind, terms)
    waits = gate.asks(SUBJECT_KIND, told)
    row = RosterChange(village=household.village, household=household, kind=kind)
    _ask_for(row, {**terms, **_defaults(kind, terms, waits)}, reason)
    row.asked_at, row.actor_realm, row.actor_id, row.actor_name = clock.now(), by.realm, by.id, by.name
    return _asked(row, told, by) if waits else _done_at_once(row, by)


def _asked(row: RosterChange, told: dict[str, Any], by: Actor) -> RosterChange:
    """Tried first: what could not take effect is not asked for."""
    _try(row, by)
    _insert(row)
    audit.record(by=by, action="roster_change.ask", subject=row, village_id=row.village_id, kind=row.kind)
    place = {"village_id": row.village_id, "group_id": row.household.group_id if row.household else None}
    approvals.start(subject_kind=SUBJECT_KIND, subject_id=row.pk, **place, facts=told, by=by)
    row.refresh_from_db()
    return row


@transaction.atomic
def begin(*, village: Village, terms: Terms, by: Actor, reason: str = "") -> RosterChange:
    """A new household, which may take part from a day on: at once, or when the flow has agreed.

    ``terms``: as ``effects.new`` has them. ``household`` of the result is empty while it waits; where only its joining
    does, that is another change (``joining``).

    Raises:
        ChangeAsked: another one waits for that number. What ``effects.new`` refuses: nothing is written.
    """
    told = _founding(village, terms)
    row = RosterChange(village=village, kind=ChangeKind.NEW)
    row.asked_at, row.actor_realm, row.actor_id, row.actor_name = clock.now(), by.realm, by.id, by.name
    waits = gate.asks(SUBJECT_KIND, told)
    _ask_for(row, {**terms, **(_agreed_by_flow(row.kind, terms) if waits else {})}, reason)
    if not waits:
        row.household = _found(village, terms, by)
        row.state, row.decided_at, row.decided_by_name = ChangeState.DONE, clock.now(), by.name
        row.save()
        return row
    return _asked(row, told, by)


def returned_to(change: RosterChange, by: Actor) -> Item | None:
    """The item, when it was sent back to ``by``."""
    return flows.back_with(SUBJECT_KIND, change.pk, by)


@transaction.atomic
def amend(*, change: RosterChange, terms: Terms, reason: str | None = None, text: str = "", by: Actor) -> RosterChange:
    """What was sent back is mended and handed in again; ``text`` says what was mended.

    ``terms``: those that are to be otherwise, as ``effects`` has them for its kind (``AMENDABLE``); the rest stays, and
    so do its household and its kind. Without a ``reason`` that stays.

    Raises:
        ChangeNotReturned: it was not sent back to ``by``. ChangeTermForeign: its kind has no such term. ChangeAsked,
            and what ``effects`` refuse: nothing is written.
    """
    item = approvals.hold_returned(subject_kind=SUBJECT_KIND, subject_id=change.pk, by=by)
    if item is None:
        raise errors.ChangeNotReturned
    row = _held(change)
    before, reason_before = json.loads(row.terms), row.reason
    after = _mended(row.kind, before, terms)
    told = _founding(row.village, after) if row.household is None else facts(row.household, row.kind, after)
    _ask_for(row, {**after, **_agreed_by_flow(row.kind, after)}, row.reason if reason is None else reason)
    _try(row, by)
    _insert(row, ["terms", "number", "resident", "reason"])
    words = change_words.mended(before, after)
    words += [f"原来的原因：{reason_before or '空'}"] if row.reason != reason_before else []
    changed = sorted(change_words.differing(before, after))
    audit.record(by=by, action="roster_change.amend", subject=row, village_id=row.village_id, changed=changed)
    approvals.resubmit(item=item, facts=told, text="；".join(filter(None, [text.strip(), *words])), by=by)
    row.refresh_from_db()
    return row


@transaction.atomic
def take_effect(*, change: RosterChange, by: Actor) -> RosterChange:
    """The last word was yes.

    Raises:
        ChangeDecided, and what ``effects`` refuse when things have changed meanwhile: nothing changes.
    """
    row = _held(change)
    row.household = _carry_out(row, by)
    return _answer(row, ChangeState.DONE, "", by)


@transaction.atomic
def turn_down(*, change: RosterChange, note: str, by: Actor) -> RosterChange:
    """The last word was no: the roster stays as it is.

    Raises:
        ChangeDecided.
    """
    return _answer(_held(change), ChangeState.REFUSED, note, by)


@transaction.atomic
def take_back(*, change: RosterChange, by: Actor) -> RosterChange:
    """It is no longer wanted: the roster stays as it is.

    Raises:
        ChangeDecided.
    """
    return _answer(_held(change), ChangeState.WITHDRAWN, "", by)


@transaction.atomic
def withdraw(*, change: RosterChange, by: Actor) -> RosterChange:
    """Who asked no longer wants it.

    Raises:
        ChangeNotAsker, ChangeDecided.
    """
    if (change.actor_realm, change.actor_id) != (by.realm, by.id):
        raise errors.ChangeNotAsker
    item = flows.open_item(SUBJECT_KIND, change.pk)
    if item is None:
        raise errors.ChangeDecided(state=change.get_state_display())
    approvals.withdraw(item=item, by=by)
    change.refresh_from_db()
    return change


def joining(household: Household) -> RosterChange | None:
    """Its joining that waits for its approval."""
    return household.changes.filter(kind=ChangeKind.JOIN, state=ChangeState.ASKED).first()


def facts(household: Household, kind: str, terms: Terms) -> dict[str, Any]:
    """What a flow's conditions may look at."""
    day = clock.today()
    return {
        "kind": str(ChangeKind(kind).label),
        "people": _people(household, kind, terms),
        "outsider": applications.is_outsider(household, day),
    }


def _people(household: Household, kind: str, terms: Terms) -> int:
    if kind == ChangeKind.SPLIT:
        return len(terms["members"])
    if kind in (ChangeKind.JOIN, ChangeKind.LEAVE):
        day = max(clock.today(), date.fromisoformat(terms["on"])) if "on" in terms else clock.today()
        return selectors.members_on(household, day).count()
    return 1


def _defaults(kind: str, terms: Terms, waits: bool) -> dict[str, Any]:
    if waits:
        return _agreed_by_flow(kind, terms)
    return {"is_direct": True} if kind == ChangeKind.LEAVE else {}


def _agreed_by_flow(kind: str, terms: Terms) -> dict[str, Any]:
    joins = kind in (ChangeKind.JOIN, ChangeKind.NEW)
    return {"agreement": BY_FLOW} if joins and not terms.get("agreement") else {}


def _ask_for(row: RosterChange, terms: Terms, reason: str) -> None:
    row.terms, row.reason = json.dumps(terms), reason.strip()[:200]
    row.number = terms["number"] if row.kind in (ChangeKind.SPLIT, ChangeKind.NEW) else ""
    row.resident = Resident.objects.filter(pk=terms.get("resident", 0)).first() if row.kind in OF_ONE else None


def _mended(kind: str, before: Terms, terms: Terms) -> dict[str, Any]:
    """Who moves in is new or comes from another household: what was said of the one is not kept of the other."""
    foreign = sorted(terms.keys() - AMENDABLE[kind])
    if foreign:
        raise errors.ChangeTermForeign(field=foreign[0])
    ways = {"resident", "name"}
    if kind == ChangeKind.MEMBER_IN and ways & terms.keys() and not ways & terms.keys() & before.keys():
        before = {"relation": before["relation"]}
    return {**before, **terms}


def _carry_out(row: RosterChange, by: Actor) -> Household:
    """What it asks for; the household it is about."""
    terms = json.loads(row.terms)
    if row.household is None:
        return _found(row.village, terms, by, asker=_asker(row))
    if row.kind == ChangeKind.SPLIT:
        _split(row.household, terms, by, asker=_asker(row))
    else:
        EFFECTS[row.kind](row.household, terms, by)
    return row.household


def _founding(village: Village, terms: Terms) -> dict[str, Any]:
    return {"kind": str(ChangeKind.NEW.label), "people": 1, "outsider": effects.is_outsider(village, terms)}


def _found(village: Village, terms: Terms, by: Actor, asker: Actor | None = None) -> Household:
    told = _founding(village, terms)
    if not terms.get("join_on") or not _joins_apart(told, people=1):
        return effects.new(village, terms, by)
    home = effects.new(village, {**terms, "join_on": ""}, by)
    on = date.fromisoformat(terms["join_on"])
    application = applications.apply(household=home, applicant=_head(home), on=on, by=by)
    said = {"application": application.pk, "on": on.isoformat(), "agreement": terms.get("agreement", "")}
    make(household=home, kind=ChangeKind.JOIN, terms=said, by=asker or by)
    return home


def _split(household: Household, terms: Terms, by: Actor, asker: Actor) -> None:
    """What cannot join even if everybody agrees is a household that has applied."""
    told = facts(household, ChangeKind.SPLIT, terms)
    apart = _joins_apart(told, people=told["people"])
    application = effects.split(household, {**terms, "joins_apart": apart}, by)
    if application is not None and application.state == ApplicationState.PENDING:
        said = {"application": application.pk, "on": effects.tomorrow().isoformat(), "is_split": True}
        with suppress(errors.NotEligible):
            make(household=application.household, kind=ChangeKind.JOIN, terms=said, by=asker)


def _joins_apart(told: dict[str, Any], people: int) -> bool:
    """Whether the flow asks more of the joining than of the change that founds the household."""
    return gate.asks_beyond(SUBJECT_KIND, {**told, "kind": str(ChangeKind.JOIN.label), "people": people}, told)


def _head(household: Household) -> Resident:
    if household.head is None:
        raise errors.HeadMissing(number=household.number)
    return household.head


def _asker(row: RosterChange) -> Actor:
    return Actor(row.actor_realm, row.actor_id, row.actor_name)


def _done_at_once(row: RosterChange, by: Actor) -> RosterChange:
    _carry_out(row, by)
    row.state, row.decided_at, row.decided_by_name = ChangeState.DONE, clock.now(), by.name
    row.save()
    return row


def _try(row: RosterChange, by: Actor) -> None:
    try:
        with transaction.atomic():
            _carry_out(row, by)
            raise _Tried
    except _Tried:
        return


def _insert(row: RosterChange, fields: list[str] | None = None) -> None:
    try:
        with transaction.atomic():
            row.save(update_fields=fields)
    except IntegrityError as clash:
        raise errors.ChangeAsked from clash


def _held(change: RosterChange) -> RosterChange:
    rows = RosterChange.objects.select_for_update(of=("self",)).select_related("village", "household__head")
    row = rows.get(pk=change.pk)
    if row.state != ChangeState.ASKED:
        raise errors.ChangeDecided(state=row.get_state_display())
    return row


def _answer(row: RosterChange, state: ChangeState, note: str, by: Actor) -> RosterChange:
    row.state, row.decided_at, row.decided_by_name, row.note = state, clock.now(), by.name, note.strip()[:200]
    row.save(update_fields=["household", "state", "decided_at", "decided_by_name", "note"])
    audit.record(by=by, action=f"roster_change.{state}", subject=row, village_id=row.village_id)
    return row
