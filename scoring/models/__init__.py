"""Rulebooks, declarations, reviews and the ledger of one town.

The ledger's rules live in the database (see ``scoring/migrations/sql``): entries are append-only, balances follow them
by trigger, a sealed year takes none, every posting tells the district.
"""

from scoring.models.declarations import Batch, Channel, Declaration, DeclarationEvidence, DeclarationState, Declarer
from scoring.models.hearings import Hearing, HearingOutcome, ReturnedItem
from scoring.models.ledger import Account, Balance, Cause, Entry, Measure, Posting
from scoring.models.reviews import (
    Filing,
    FilingState,
    ItemVerdict,
    Meeting,
    MeetingSeat,
    Presence,
    Review,
    ReviewItem,
    ReviewPolicy,
    ReviewSeat,
    ReviewState,
)
from scoring.models.rounds import Activity, Attendance, Inspection, InspectionMark, RoundState, SignWay
from scoring.models.rulebooks import CapUse, Rule, Rulebook, RulebookVersion, RuleLimit, Sign, VersionState
from scoring.models.years import (
    ExpiryWarning,
    RequestState,
    SealKind,
    Year,
    YearRequest,
    YearSeal,
    YearStanding,
    YearState,
    YearVolume,
)

__all__ = [
    "Account",
    "Activity",
    "Attendance",
    "Balance",
    "Batch",
    "CapUse",
    "Cause",
    "Channel",
    "Declaration",
    "DeclarationEvidence",
    "DeclarationState",
    "Declarer",
    "Entry",
    "ExpiryWarning",
    "Filing",
    "FilingState",
    "Hearing",
    "HearingOutcome",
    "Inspection",
    "InspectionMark",
    "ItemVerdict",
    "Measure",
    "Meeting",
    "MeetingSeat",
    "Posting",
    "Presence",
    "RequestState",
    "ReturnedItem",
    "Review",
    "ReviewItem",
    "ReviewPolicy",
    "ReviewSeat",
    "ReviewState",
    "RoundState",
    "Rule",
    "RuleLimit",
    "Rulebook",
    "RulebookVersion",
    "SealKind",
    "Sign",
    "SignWay",
    "VersionState",
    "Year",
    "YearRequest",
    "YearSeal",
    "YearStanding",
    "YearState",
    "YearVolume",
]
