"""A declaration that was sent back to whoever told it: she mends it and hands it in again, in one act."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from django.db import transaction

from jifen.approvals import selectors as flows
from jifen.approvals import services as approvals
from jifen.approvals.models import Item
from jifen.audit import services as audit
from jifen.files.models import File
from jifen.kernel.actors import Actor
from scoring import errors
from scoring.models import ChangeKind, Declaration, DeclarationEvidence, DeclarationState
from scoring.selectors import verifying
from scoring.services import changes, declarations, deeds, pricing, raters
from tenants.community.models import Resident

_TOLD = ("resident_id", "happened_on", "happened_time", "place", "reason", "facts", "points")


def returned_to(declaration: Declaration, by: Actor) -> Item | None:
    """The item, when it was sent back to ``by``."""
    return flows.back_with(verifying.SUBJECT_KIND, declaration.pk, by)


@transaction.atomic
def amend(
    *,
    declaration: Declaration,
    resident: Resident | None,
    happened_on: date,
    happened_time: time | None = None,
    place: str,
    reason: str,
    facts: Mapping[str, Any],
    evidence: Sequence[File] = (),
    text: str = "",
    by: Actor,
) -> Declaration:
    """Tell the deed anew under the same rule, of the same household; ``evidence`` comes to what is there.

    It is priced again and goes on in the flow with what it is worth then; ``text`` says what was mended.

    Raises:
        NotAmendable: it was not sent back to ``by``. What ``declarations.record`` raises. Nothing is written.
    """
    item = approvals.hold_returned(subject_kind=verifying.SUBJECT_KIND, subject_id=declaration.pk, by=by)
    declaration = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
    if item is None or declaration.state != DeclarationState.SUBMITTED:
        raise errors.NotAmendable
    before, trail = _told(declaration), declarations.in_trail(declaration, by)
    changes.keep(declaration, ChangeKind.AMENDED, trail)
    telling = deeds.Telling(happened_on, place, reason, declaration.channel, declaration.declared_by)
    _price(declaration, telling, resident, facts, evidence)
    declaration.resident, declaration.happened_time = resident, happened_time
    declaration.happened_on, declaration.place, declaration.reason = happened_on, place.strip(), reason.strip()
    declaration.save()
    DeclarationEvidence.objects.bulk_create(
        [DeclarationEvidence(declaration=declaration, file=file) for file in dict.fromkeys(evidence)],
        ignore_conflicts=True,
    )
    after = _told(declaration)
    audit.record(
        by=trail,
        action="declaration.amend",
        subject=declaration,
        village_id=declaration.village_id,
        changed=sorted(name for name in _TOLD if before[name] != after[name]),
        points=[before["points"], after["points"]],
        evidence=len(evidence),
    )
    approvals.resubmit(item=item, facts=verifying.facts(declaration), text=text, by=by)
    declaration.refresh_from_db()
    return declaration


def _price(
    declaration: Declaration,
    telling: deeds.Telling,
    resident: Resident | None,
    facts: Mapping[str, Any],
    added: Sequence[File],
) -> None:
    """Checked and priced as when it was first told."""
    rule, household = declaration.rule, declaration.household
    telling.check()
    deeds.check_rule(rule, village_id=declaration.village_id, day=telling.happened_on)
    declarations.check_people(household, resident, telling.happened_on, declaration.declared_by, declaration.declarer)
    evidence = [*(one.file for one in declaration.evidence.select_related("file")), *added]
    declarations.check_evidence(rule, evidence)
    facts = raters.named(rule, facts, household=household, day=telling.happened_on)
    found = pricing.price(
        rule, day=telling.happened_on, household=household, resident=resident, facts=facts, evidence=evidence
    )
    declaration.facts, declaration.points = found.facts, found.award.points
    declaration.redeemable, declaration.explanation = found.award.redeemable, found.award.explanation[:300]
    declaration.undecided = (found.award.undecided or "")[:200]


def _told(declaration: Declaration) -> dict[str, Any]:
    return {name: str(getattr(declaration, name)) for name in _TOLD}
