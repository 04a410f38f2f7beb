"""Bounds of a balance, what a negative one means, and what of it can be exchanged."""

from decimal import Decimal
from typing import NamedTuple

from scoring.rules.base import plain
from scoring.rules.spec import Balance, Settings

ZERO = Decimal("0.00")


class Moved(NamedTuple):
    """What of a change goes through (signed), and what the bound kept back (signed); ``why`` says so."""

    points: Decimal
    kept_back: Decimal
    why: str = ""


def moved(balance: Decimal, change: Decimal, bounds: Balance) -> Moved:
    """``change`` on ``balance`` within ``bounds``; a balance already outside is never moved back by force."""
    if change > 0 and bounds.ceiling is not None:
        allowed = min(change, max(bounds.ceiling - balance, ZERO))
        why = f"积分上限{plain(bounds.ceiling)}分，已有{plain(balance)}分，计{plain(allowed)}分"
        return Moved(change, ZERO) if allowed == change else Moved(allowed, change - allowed, why)
    lowest = bounds.lowest
    if change < 0 and lowest is not None:
        allowed = -min(-change, max(balance - lowest, ZERO)) + ZERO
        why = f"扣到{plain(lowest)}分为止，已有{plain(balance)}分，计{plain(allowed)}分"
        return Moved(change, ZERO) if allowed == change else Moved(allowed, change - allowed, why)
    return Moved(change, ZERO)


def carried(balance: Decimal, bounds: Balance) -> Decimal:
    """What the next year begins with: a debt where the rulebook carries it over, else nothing."""
    return min(balance, ZERO) if bounds.below_zero == "carried" else ZERO


def exchangeable(redeemable: Decimal, base: Decimal, held: Decimal, settings: Settings) -> Decimal:
    """What can still be exchanged: of ``redeemable`` less ``held``, above ``base`` where only that part can."""
    below = base if settings.redeem_above_base else ZERO
    return max(redeemable - held - below, ZERO)
