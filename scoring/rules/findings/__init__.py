"""Checks before publishing: what is wrong with a rulebook, with a proposal (pure; fast enough to run on each edit).

    likeness     twice there, or one deed with two prices
    ceilings     caps that can never be reached
    shapes       bands and levels that overlap or leave gaps, names of items that are not there
    conditions   conditions that nobody can meet
    gains        items that outweigh the rest, deductions larger than a year's gain
    balances     what is below zero, left unsaid
    asking       personal data and photos without need
    legality     rights that the law guarantees, and private life

A ``blocking`` finding is mended; a ``sign_off`` one needs a reason that somebody signs; a ``hint`` is to be looked at.
"""

from collections.abc import Iterable

from scoring.rules.findings import asking, balances, ceilings, conditions, gains, legality, likeness, shapes
from scoring.rules.findings.base import ORDER, SEVERITIES, Change, Finding, Mend, Past, Severity, apply
from scoring.rules.policy import Policy
from scoring.rules.spec import Rulebook, Scheme

__all__ = [
    "SEVERITIES",
    "Change",
    "Finding",
    "Mend",
    "Past",
    "Severity",
    "apply",
    "check",
    "check_policy",
    "check_scheme",
    "guarded",
]


def check(book: Rulebook, past: Past | None = None) -> list[Finding]:
    """All findings about the items that count, the gravest first, then in the rulebook's order."""
    found = [
        *likeness.find(book),
        *shapes.find(book),
        *ceilings.find(book),
        *conditions.find(book),
        *gains.find(book, past),
        *balances.find(book),
        *asking.find(book),
        *legality.find(book),
    ]
    places = {rule.code: place for place, rule in enumerate(book.rules)}
    return _sorted(found, places)


def check_policy(policy: Policy) -> list[Finding]:
    """What the policy around a rulebook touches that it should not; ``codes`` are those of its benefits."""
    return list(legality.find_in_policy(policy))


def check_scheme(scheme: Scheme, past: Past | None = None) -> list[Finding]:
    """A whole template: its rulebook, then its policy."""
    return [*check(scheme.rulebook, past), *check_policy(scheme.policy)]


def guarded(scheme: Scheme) -> Scheme:
    """The scheme without what nobody has signed for: its guarded items off, its guarded benefits left out."""
    book = scheme.rulebook
    for finding in legality.find(book):
        if finding.remedy:
            book = apply(book, finding.remedy)
    touched = {code for finding in check_policy(scheme.policy) for code in finding.codes}
    benefits = tuple(one for one in scheme.policy.benefits if one.code not in touched)
    policy = scheme.policy.model_copy(update={"benefits": benefits})
    return scheme.model_copy(update={"rulebook": book, "policy": policy})


def _sorted(found: Iterable[Finding], places: dict[str, int]) -> list[Finding]:
    def rank(one: Finding) -> tuple[int, int]:
        return ORDER[one.severity], places.get(one.codes[0], -1) if one.codes else len(places)

    return sorted(found, key=rank)
