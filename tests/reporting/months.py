"""A town with its rules, and months that are already through the committee."""

import uuid
from collections.abc import Mapping
from datetime import date
from typing import Any

from jifen.approvals import services as approvals
from jifen.files.models import File, FileState
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from reporting import policies
from scoring.models import Declaration, Filing, FilingState, ItemVerdict, Posting, Review, ReviewState, Rule
from scoring.rules import library
from scoring.services import declarations, posting, reviews, rulebooks, years
from tenants.community.models import Household, Resident, TownProfile, Village
from tests.cast import Cast

YEAR = 2026
Q1 = (2026, 1)


def set_up(scheme: str = "seed_003", **lists: Any) -> None:
    """The town's profile, rulebook and choices; ``lists`` replaces the scheme's list section."""
    chosen = library.load(scheme)
    TownProfile.objects.get_or_create(name="树人镇", office_name="新时代文明实践所", phone="023-70701234")
    begin = date(YEAR, 1, 1)
    section = chosen.policy.model_dump(mode="json")
    policies.install(section={**section, **({"lists": lists} if lists else {})}, effective_from=begin, by=SYSTEM)
    rulebooks.install(scheme=chosen, effective_from=begin, resolution="村民代表大会决议", by=SYSTEM)
    years.open_year(number=YEAR, by=SYSTEM)
    step = {"name": "审核", "who": {"role": "committee"}, "how": "any", "when": ""}
    approvals.install(subject_kind="review", steps=[step], by=SYSTEM)


def rule(title: str) -> Rule:
    return Rule.objects.get(title__contains=title)


def deed(
    household: Household,
    title: str,
    day: date,
    *,
    resident: Resident | None = None,
    facts: Mapping[str, Any] | None = None,
    by: Actor = SYSTEM,
) -> Declaration:
    """Recorded by the steward, waiting for the sheet."""
    return declarations.record(
        household=household,
        resident=resident,
        rule=rule(title),
        happened_on=day,
        place="村口",
        reason="见记录",
        channel="window",
        declared_by="steward",
        facts=facts or {},
        evidence=[photo()],
        by=by,
    )


def told_by(household: Household, title: str, day: date, *, declarer: Resident, by: Actor) -> Declaration:
    """What another villager told of ``household``."""
    return declarations.record(
        household=household,
        resident=None,
        rule=rule(title),
        happened_on=day,
        place="村口",
        reason="见到的",
        channel="online",
        declared_by="neighbour",
        declarer=declarer,
        facts={},
        evidence=[photo()],
        by=by,
    )


def photo() -> File:
    """A picture that has arrived; nothing lies in the store."""
    return File.objects.create(
        key=f"t_alpha/evidence/{uuid.uuid4()}.jpg",
        kind="evidence",
        content_type="image/jpeg",
        size=1,
        sha256="0" * 64,
        state=FileState.READY,
        created_at=clock.now(),
        **SYSTEM.columns(),
    )


def post(village: Village, month: date, *, by: Actor | None = None, **otherwise: Any) -> Review:
    """The month's sheet, approved as declared and posted; ``otherwise`` decided."""
    sheet = reviews.open_month(village=village, month=month, by=SYSTEM)
    now = clock.now()
    decided = {"verdict": ItemVerdict.APPROVED, "decided_at": now, "decided_by_name": by.name if by else "审核委员会"}
    decided |= {"decided_by_id": by.id if by else None}
    sheet.items.update(**(decided | otherwise))
    Declaration.objects.filter(review_item__review=sheet).update(state="approved")
    Review.objects.filter(pk=sheet.pk).update(state=ReviewState.SETTLED, decided_at=now)
    Filing.objects.create(
        review=sheet, kind="filing", state=FilingState.RECEIVED, sent_at=now, answered_at=now, **SYSTEM.columns()
    )
    sheet.refresh_from_db()
    posting.post_review(review=sheet, by=SYSTEM)
    return sheet


def investigator(cast: Cast, village: Village | None = None, name: str = "吴委员") -> Actor:
    """Somebody of the village's committee whom nothing here concerns."""
    return Actor.of(cast.committee(village, name=name))


def posting_of(declaration: Declaration) -> Posting:
    return Posting.objects.get(declaration=declaration, reverses=None)
