"""登记: one deed, one record (一事一记录)."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from jifen.approvals import selectors as approvals_selectors
from jifen.approvals import services as approvals
from jifen.approvals.models import Item
from jifen.audit import services as audit
from jifen.files.models import File, FileState
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import errors
from scoring.models import Declaration, DeclarationEvidence, DeclarationState, Declarer, Rule
from scoring.selectors import verifying
from scoring.selectors.reviews import resident_of
from scoring.selectors.rules import spec_of
from scoring.services import deeds, given, pricing, raters
from tenants.community import selectors as community
from tenants.community.models import Household, Resident

UNVERIFIED = frozenset({Declarer.SELF, Declarer.NEIGHBOUR, Declarer.GROUP_LEADER})
"""Whose declarations the steward verifies first, unless the town's flow says otherwise."""

CONCEALED = "申报人"
"""What the trail and the flow call whoever told of a deduction of another household."""


@transaction.atomic
def record(
    *,
    household: Household,
    resident: Resident | None,
    rule: Rule,
    happened_on: date,
    happened_time: time | None = None,
    place: str,
    reason: str,
    channel: str,
    declared_by: str,
    declarer: Resident | None = None,
    feed: str = "",
    facts: Mapping[str, Any],
    evidence: Sequence[File] = (),
    by: Actor,
    idempotency_key: str | None = None,
) -> Declaration:
    """Write down one deed, priced by the rule in force on its day.

    ``facts``: the figures of ``pricing.FACTS`` and the rule's own ``inputs``, as the rule needs them. What cannot be
    decided is recorded, worth nothing, and decided by a person on the sheet.
    ``feed``: whose key sent it; only ``feeds.record`` says so.
    The same ``idempotency_key`` for the same deed, told alike, answers with the first record.

    Raises:
        InvalidInput: see ``scoring.errors`` and ``scoring.rules.errors``; nothing is written.
        KeyReused: the key belongs to another deed, or to this one told differently (I6).
    """
    facts = raters.named(rule, facts, household=household, day=happened_on)
    wish = (household, resident, rule, happened_on, place.strip(), reason.strip(), pricing.keep(facts))
    known = _known(idempotency_key, wish)
    if known is not None:
        return known
    telling = deeds.Telling(happened_on, place, reason, channel, declared_by)
    telling.check()
    deeds.check_rule(rule, village_id=household.village_id, day=happened_on)
    deeds.check_declarer(rule, declared_by=declared_by, feed=feed)
    check_people(household, resident, happened_on, declared_by, declarer)
    check_evidence(rule, evidence)
    found = pricing.price(rule, day=happened_on, household=household, resident=resident, facts=facts, evidence=evidence)
    told = {
        "household": household,
        "resident": resident,
        "rule": rule,
        "happened_time": happened_time,
        "declarer": declarer,
        "idempotency_key": idempotency_key,
    }
    try:
        with transaction.atomic():
            declaration = Declaration.objects.create(**row(telling, household, found, by), **told)
    except IntegrityError:
        # The same key came twice at the same moment: the other one has won.
        known = _known(idempotency_key, wish)
        if known is None:
            raise
        return known
    return _finish(declaration, evidence, by)


def row(telling: deeds.Telling, household: Household, found: pricing.Priced, by: Actor) -> dict[str, Any]:
    """The columns that single records and batches share."""
    award = found.award
    return {
        "village_id": household.village_id,
        "happened_on": telling.happened_on,
        "place": telling.place.strip(),
        "reason": telling.reason.strip(),
        "channel": telling.channel,
        "declared_by": telling.declared_by,
        "facts": found.facts,
        "state": DeclarationState.READY,
        "points": award.points,
        "redeemable": award.redeemable,
        "explanation": award.explanation[:300],
        "undecided": (award.undecided or "")[:200],
        "recorded_at": clock.now(),
        **by.columns(),
    }


@transaction.atomic
def withdraw(*, declaration: Declaration, by: Actor) -> Declaration:
    """Take a declaration back before the committee has it.

    Raises:
        NotWithdrawable: it is on a sheet or decided.
        Recused: somebody else recorded it, of the household of ``by`` or of a declared relative (I11).
    """
    if (declaration.actor_realm, declaration.actor_id) != (by.realm, by.id):
        _refuse_barred(declaration, by)
    taken = Declaration.objects.filter(
        pk=declaration.pk, state__in=[DeclarationState.SUBMITTED, DeclarationState.READY]
    ).update(state=DeclarationState.WITHDRAWN)
    if not taken:
        raise errors.NotWithdrawable
    item = approvals_selectors.open_item(verifying.SUBJECT_KIND, declaration.pk)
    if item is not None:
        approvals.withdraw(item=item, by=by)
    trail = in_trail(declaration, by)
    audit.record(by=trail, action="declaration.withdraw", subject=declaration, village_id=declaration.village_id)
    declaration.refresh_from_db()
    return declaration


@transaction.atomic
def verify(*, declaration: Declaration, accept: bool, reason: str = "", by: Actor) -> Declaration:
    """The steward's word on what a villager declared: to the committee's sheet, or back with a reason.

    Raises:
        NotVerifiable: nothing waits for verification. VerdictReasonMissing: refused without a reason.
        Recused: it is of the verifier's own household or a declared relative's.
    """
    if not accept and not reason.strip():
        raise errors.VerdictReasonMissing
    item = approvals_selectors.open_item(verifying.SUBJECT_KIND, declaration.pk)
    if item is None:
        raise errors.NotVerifiable
    approvals.decide(item=item, verdict="approve" if accept else "reject", reason=reason, by=by)
    declaration.refresh_from_db()
    return declaration


def on_verified(item: Item, by: Actor) -> None:
    """The last step of the flow approved: the deed waits for the month's sheet, with the points that were given."""
    points = Decimal(str(item.facts.get("points") or 0))
    waiting = Declaration.objects.filter(pk=item.subject_id, state=DeclarationState.SUBMITTED).first()
    if waiting is not None and points != waiting.points:
        given.give(waiting, points, by)
    _turn(item, by, DeclarationState.READY)


def on_refused(item: Item, by: Actor) -> None:
    """A step of the flow rejected, with a reason."""
    _turn(item, by, DeclarationState.REJECTED, refusal=approvals_selectors.last_reason(item))


def on_withdrawn(item: Item, by: Actor) -> None:
    """Taken back, or ended by an administrator."""
    waiting = Declaration.objects.filter(pk=item.subject_id, state=DeclarationState.SUBMITTED)
    waiting.update(state=DeclarationState.WITHDRAWN)


def in_trail(declaration: Declaration, by: Actor) -> Actor:
    """Without name and account for whoever told of another household's deduction."""
    hidden = declaration.is_accusation and (declaration.actor_realm, declaration.actor_id) == (by.realm, by.id)
    return Actor(by.realm, 0, CONCEALED) if hidden else by


def _refuse_barred(declaration: Declaration, by: Actor) -> None:
    if _concerns(declaration, by):
        raise errors.Recused


def _concerns(declaration: Declaration, by: Actor) -> bool:
    """Whether the deed is of the household of ``by`` or of a declared relative."""
    resident_id = resident_of(by)
    return resident_id is not None and declaration.household_id in community.barred_household_ids(resident_id)


def _turn(item: Item, by: Actor, state: DeclarationState, refusal: str = "") -> None:
    waiting = Declaration.objects.filter(pk=item.subject_id, state=DeclarationState.SUBMITTED)
    waiting.update(state=state, refusal=refusal[:200])
    trail = Actor(by.realm, 0, by.name) if by.name == CONCEALED else by
    audit.record(
        by=trail, action="declaration.verify", village_id=item.village_id, of=item.subject_id, state=str(state)
    )


def _known(key: str | None, wish: tuple[object, ...]) -> Declaration | None:
    found = Declaration.objects.filter(idempotency_key=key).first() if key else None
    if found and _wish_of(found) != wish:
        raise errors.KeyReused
    return found


def _wish_of(told: Declaration) -> tuple[object, ...]:
    return told.household, told.resident, told.rule, told.happened_on, told.place, told.reason, pricing.keep(told.facts)


def check_people(
    household: Household, resident: Resident | None, day: date, declared_by: str, declarer: Resident | None
) -> None:
    if not community.is_joined(household, day):
        raise deeds.not_joined(household, day)
    if resident is not None and community.member_household(resident, day) != household:
        raise deeds.not_member(household, resident, day)
    if declared_by not in (Declarer.SELF, Declarer.NEIGHBOUR):
        return
    if declarer is None:
        raise errors.DeclarerMissing
    own = community.member_household(declarer, clock.today()) == household
    if own != (declared_by == Declarer.SELF):
        raise errors.DeclarerWrong(declarer=Declarer(declared_by).label)


def check_evidence(rule: Rule, evidence: Sequence[File]) -> None:
    if any(file.state != FileState.READY for file in evidence):
        raise errors.EvidenceNotReady
    if not evidence and spec_of(rule).evidence == "required":
        raise errors.EvidenceMissing(rule=rule.title)


def _finish(declaration: Declaration, evidence: Sequence[File], by: Actor) -> Declaration:
    DeclarationEvidence.objects.bulk_create(
        DeclarationEvidence(declaration=declaration, file=file) for file in dict.fromkeys(evidence)
    )
    if declaration.declared_by in UNVERIFIED:
        _ask_the_steward(declaration, Actor(by.realm, by.id, CONCEALED) if declaration.is_accusation else by)
    audit.record(
        by=in_trail(declaration, by),
        action="declaration.record",
        subject=declaration,
        village_id=declaration.village_id,
        rule=declaration.rule_id,
        points=str(declaration.points),
        evidence=len(evidence),
    )
    return declaration


def _ask_the_steward(declaration: Declaration, by: Actor) -> None:
    """Submitted first: the flow may have decided when it returns."""
    _set_state(declaration, DeclarationState.SUBMITTED)
    item = approvals.start(
        subject_kind=verifying.SUBJECT_KIND,
        subject_id=declaration.pk,
        village_id=declaration.village_id,
        group_id=declaration.household.group_id,
        facts=verifying.facts(declaration),
        by=by,
    )
    if item is None:
        _set_state(declaration, DeclarationState.READY)
    elif item.finished_at is not None:
        declaration.refresh_from_db(fields=["state", "refusal"])


def _set_state(declaration: Declaration, state: DeclarationState) -> None:
    declaration.state = state
    declaration.save(update_fields=["state"])
