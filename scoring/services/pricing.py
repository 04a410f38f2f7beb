"""What a deed is worth before anything that looks back: its facts made whole, and the engine asked.

What the person who tells can fill in and left out is refused. What nobody at the window can know (a committee's points,
a number that no band covers, a paper that is still to come) leaves the deed undecided: it is recorded, worth nothing,
and a person decides it on the sheet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from jifen.files.models import File
from scoring import errors
from scoring.models import Rule
from scoring.rules import asking, engine, inputs
from scoring.rules.facts import People
from scoring.rules.spec import RuleSpec, ScoreCard, Settings
from scoring.selectors.books import settings_of
from scoring.selectors.people import Around, Doer, PartyMissing, around, party
from scoring.selectors.rules import spec_of
from tenants.community.models import Household, Resident

RATERS = "raters"
"""Who gave each of ``ratings``: see ``scoring.services.raters``."""

FACTS = frozenset({*asking.FIGURES, "inputs", RATERS})
"""What ``facts`` may hold: the figures that the rule counts, and its own fields by name."""

PEOPLE = "people"
"""Kept beside the facts that were told: who acted and who was around, so that the deed can be priced again."""

_PRESENT_TO_TELL = frozenset({"quantity", "tier"})
_SOMEBODY = People(members=("0",), cell=("0",))


@dataclass(frozen=True, slots=True)
class Priced:
    """``facts`` as they are kept."""

    award: engine.Award
    facts: dict[str, Any]


def price(
    rule: Rule,
    *,
    day: date,
    household: Household,
    resident: Resident | None,
    facts: Mapping[str, Any],
    evidence: Sequence[File] = (),
    waived: Mapping[str, int] | None = None,
) -> Priced:
    """What the deed is worth before caps. ``waived``: how many pieces of evidence of a kind need not be there.

    Raises:
        RuleError: a fact does not fit the rule. FactsMissing: one is missing that could be told. ConditionUnmet: it
        earns nothing. FactsUnknown: ``facts`` has other keys than ``FACTS``. FactUnused: one that this rule does not
        count.
    """
    [found] = around_for(rule, day, [Doer(household, resident)])
    return priced(
        rule, day=day, household=household, resident=resident, facts=facts, evidence=evidence, found=found,
        waived=waived,
    )  # fmt: skip


def around_for(rule: Rule, day: date, doers: Sequence[Doer]) -> Sequence[Around | None]:
    """For each doer who is around, where the rule asks for it; else None."""
    return around(doers, day) if asking.needs_people(spec_of(rule)) else [None] * len(doers)


def priced(
    rule: Rule,
    *,
    day: date,
    household: Household,
    resident: Resident | None,
    facts: Mapping[str, Any],
    evidence: Sequence[File] = (),
    found: Around | None = None,
    settings: Settings | None = None,
    waived: Mapping[str, int] | None = None,
) -> Priced:
    """``price`` with the people, and the settings of the rulebook, known already."""
    spec = spec_of(rule)
    kept = _in_digits(spec, keep(facts))
    people = found.people if found else None
    told = facts_of(kept, day, subject="resident" if resident else "household", people=people)
    proofs = proofs_of(spec, evidence, facts)
    if proofs is not None and waived:
        proofs = {kind: number + waived.get(kind, 0) for kind, number in proofs.items()}
    told = replace(told, proofs=proofs)
    award = _award(rule, facts, told, settings or settings_of(rule.version))
    if found is None:
        return Priced(award, kept)
    parties = _parties(spec, kept.get("inputs") or {}, household.village_id, day)
    return Priced(award, kept | {PEOPLE: _kept_people(spec, found) | parties})


def check_facts(rule: Rule, *, day: date, facts: Mapping[str, Any]) -> None:
    """``facts`` are enough for a deed of anybody whom the rule is about; raises what ``price`` raises."""
    subject: Literal["resident", "household"] = "resident" if rule.subject == "resident" else "household"
    told = facts_of(keep(facts), day, subject=subject, people=_SOMEBODY)
    award = _award(rule, facts, told, settings_of(rule.version))
    if award.undecided:
        raise errors.FactsMissing(what=award.undecided)


def keep(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as JSON keeps them: numbers and dates as text, empty ones left out."""
    return {name: _text(value) for name, value in facts.items() if name != PEOPLE and value not in (None, "", {}, [])}


def _in_digits(spec: RuleSpec, kept: dict[str, Any]) -> dict[str, Any]:
    """Kept facts with the figures of the rule's own fields in digits: 8万 as 80000."""
    sent = kept.get("inputs")
    if not isinstance(sent, Mapping):
        return kept
    digits = {one.name: inputs.written(one, sent[one.name]) for one in spec.inputs if one.name in sent}
    return {**kept, "inputs": {**sent, **digits}}


def facts_of(
    kept: Mapping[str, Any], day: date, *, subject: Literal["resident", "household", "group"], people: People | None
) -> engine.Facts:
    """Kept facts as the engine takes them; ``people`` None: those that were kept, if any."""
    return engine.Facts(
        date=day,
        subject=subject,
        quantity=kept.get("quantity"),
        tier=kept.get("tier"),
        points=kept.get("points"),
        inputs=kept.get("inputs") or {},
        scores=kept.get("scores") or {},
        ratings=kept.get("ratings") or {},
        people=people or people_of(kept),
        precedent=kept.get("precedent"),
    )


def proofs_of(rule: RuleSpec, evidence: Sequence[File], facts: Mapping[str, Any]) -> dict[str, int] | None:
    """Pieces by kind, where the rule asks for kinds: each file counts once, a photographed paper as the paper.

    A witness is a field of the rule that names a person.
    """
    if not rule.proofs:
        return None
    photos = sum(file.content_type.startswith("image/") for file in evidence)
    videos = sum(file.content_type.startswith("video/") for file in evidence)
    found = {"photo": photos, "video": videos, "witness": _witnesses(rule, facts)}
    asked = sum(proof.least for proof in rule.proofs if proof.kind == "photo")
    rest = len(evidence) - videos - min(photos, asked)
    for proof in rule.proofs:
        if proof.kind not in found:
            found[proof.kind] = min(rest, proof.least)
            rest -= found[proof.kind]
    return found


def lacking(rule: RuleSpec, evidence: Sequence[File], facts: Mapping[str, Any]) -> dict[str, int]:
    """By kind, how many pieces fewer than the rule asks for there are."""
    found = proofs_of(rule, evidence, facts) or {}
    return {proof.kind: max(0, proof.least - found[proof.kind]) for proof in rule.proofs}


def _witnesses(rule: RuleSpec, facts: Mapping[str, Any]) -> int:
    sent = facts.get("inputs") or {}
    return sum(bool(sent.get(item.name)) for item in rule.inputs if item.kind == "person")


def _award(rule: Rule, sent: Mapping[str, Any], told: engine.Facts, settings: Settings) -> engine.Award:
    spec = spec_of(rule)
    unknown = sorted(set(sent) - FACTS)
    if unknown:
        raise errors.FactsUnknown(names="、".join(unknown))
    _refuse_unused(rule, spec, sent)
    award = engine.price(spec, told, settings)
    if award.undecided and _could_be_told(spec, told):
        raise errors.FactsMissing(what=award.undecided)
    if not award.met:
        raise errors.ConditionUnmet(what=award.explanation)
    return award


def _refuse_unused(rule: Rule, spec: RuleSpec, sent: Mapping[str, Any]) -> None:
    for name in set(asking.FIGURES) - asking.figures(spec):
        if sent.get(name) not in (None, "", {}, []):
            raise errors.FactUnused(rule=rule.title, what=asking.FIGURES[name], field=name)


def _could_be_told(spec: RuleSpec, told: engine.Facts) -> bool:
    """Whether something is missing that whoever tells of the deed knows."""
    if any(not told.inputs.get(item.name) for item in spec.inputs if item.required and item.kind != "photo"):
        return True
    if isinstance(spec.amount, ScoreCard) and not told.scores:
        return True
    return any(not getattr(told, name) for name in asking.figures(spec) & _PRESENT_TO_TELL)


def _text(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _text(one) for name, one in value.items() if one not in (None, "", [])}
    if isinstance(value, list | tuple):
        return [_text(one) for one in value]
    return value if isinstance(value, bool) else str(value)


def _kept_people(spec: RuleSpec, found: Around) -> dict[str, Any]:
    """The cell's households only where they get or bear a part (``scoring_sharing``)."""
    people = found.people
    cell = people.cell if any(portion.to == "cell" for portion in spec.portions) else ()
    kept = {"roles": sorted(people.roles), "members": list(people.members), "cell": list(cell)}
    return kept | ({"head": str(found.head)} if found.head else {})


def _parties(spec: RuleSpec, told: Mapping[str, Any], village_id: int, day: date) -> dict[str, str]:
    """The people whom the rule's fields name, found."""
    found = {}
    for role, name in (("beneficiary", spec.beneficiary), ("responsible", spec.responsible)):
        if name and told.get(name):
            try:
                found[role] = party(str(told[name]), village_id=village_id, day=day)
            except PartyMissing as missing:
                raise errors.PartyUnknown(what=str(missing), field=name) from None
    return found


def people_of(kept: Mapping[str, Any]) -> People | None:
    """Who was around when the deed was told, if its rule asked."""
    found = kept.get(PEOPLE)
    if not found:
        return None
    return People(frozenset(found["roles"]), tuple(found["members"]), tuple(found["cell"]))
