"""Who decides what, and what waits."""

from jifen.approvals.selectors.items import (
    active_stages,
    blocked,
    copies_for,
    current_step,
    last_reason,
    open_item,
    open_items,
    questions_for,
    recused,
    returned_to,
    work_of,
)
from jifen.approvals.selectors.moving import Landing, preview_move
from jifen.approvals.selectors.people import (
    Plan,
    administers,
    barred,
    is_allowed,
    may_decide,
    plan,
    seats,
    site_holders,
    site_superiors,
)

__all__ = [
    "Landing",
    "Plan",
    "active_stages",
    "administers",
    "barred",
    "blocked",
    "copies_for",
    "current_step",
    "is_allowed",
    "last_reason",
    "may_decide",
    "open_item",
    "open_items",
    "plan",
    "preview_move",
    "questions_for",
    "recused",
    "returned_to",
    "seats",
    "site_holders",
    "site_superiors",
    "work_of",
]
