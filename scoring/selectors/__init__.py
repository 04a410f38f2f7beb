"""What other rooms and the faces read of scoring."""

from scoring.selectors.ledger import (
    Passbook,
    PassbookRow,
    Standing,
    Why,
    available,
    merit_total,
    passbook,
    posting_of_redemption,
    rankings,
    why,
    why_posted,
)
from scoring.selectors.meetings import recusals
from scoring.selectors.months import board
from scoring.selectors.reviews import (
    arrived_sheets,
    is_barred,
    open_sheets,
    returned_sheets,
    reviews_of,
    unposted_reviews,
)
from scoring.selectors.rules import rules_in_force, spec_of
from scoring.selectors.sheets import left, line, sheet
from scoring.selectors.standing import households_able_to_redeem
from scoring.selectors.years import closing_seal, current_year, year, years

__all__ = [
    "Passbook",
    "PassbookRow",
    "Standing",
    "Why",
    "arrived_sheets",
    "available",
    "board",
    "closing_seal",
    "current_year",
    "households_able_to_redeem",
    "is_barred",
    "left",
    "line",
    "merit_total",
    "open_sheets",
    "passbook",
    "posting_of_redemption",
    "rankings",
    "recusals",
    "returned_sheets",
    "reviews_of",
    "rules_in_force",
    "sheet",
    "spec_of",
    "unposted_reviews",
    "why",
    "why_posted",
    "year",
    "years",
]
