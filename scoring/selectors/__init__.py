"""What other rooms and the faces read of scoring."""

from scoring.selectors.ledger import (
    Passbook,
    PassbookRow,
    Standing,
    Veto,
    Why,
    available,
    households_able_to_redeem,
    merit_total,
    passbook,
    posting_of_redemption,
    rankings,
    vetoes,
    why,
    why_posted,
)
from scoring.selectors.reviews import board, is_barred, recusals, reviews_of, sheet, unposted_reviews, verify_queue
from scoring.selectors.rules import rules_in_force, spec_of
from scoring.selectors.years import closing_seal, current_year, year, years

__all__ = [
    "Passbook",
    "PassbookRow",
    "Standing",
    "Veto",
    "Why",
    "available",
    "board",
    "closing_seal",
    "current_year",
    "households_able_to_redeem",
    "is_barred",
    "merit_total",
    "passbook",
    "posting_of_redemption",
    "rankings",
    "recusals",
    "reviews_of",
    "rules_in_force",
    "sheet",
    "spec_of",
    "unposted_reviews",
    "verify_queue",
    "vetoes",
    "why",
    "why_posted",
    "year",
    "years",
]
