"""Who stands at the counter. Four digits are soon guessed, so a shop may be wrong only so often."""

from django.core.cache import cache

from redemption import errors, selectors
from redemption.models import Membership
from tenants.community.models import Household

MOST_WRONG = 20
WINDOW = 600
"""Seconds (real time) in which a shop may be wrong ``MOST_WRONG`` times."""


def find(*, membership: Membership, code: str) -> Household:
    """The household of a code that ``membership``'s shop scanned or typed.

    Raises:
        HouseholdUnknown: wrong number or digits; it is counted.
        TooManyWrongCodes: too many of them; nothing is looked up any more for a while.
    """
    key = f"redemption.wrong.{membership.pk}"
    if int(cache.get(key) or 0) >= MOST_WRONG:
        raise errors.TooManyWrongCodes(minutes=WINDOW // 60)
    try:
        return selectors.household_by_code(code)
    except errors.HouseholdUnknown:
        if not cache.add(key, 1, WINDOW):
            cache.incr(key)
        raise


def show(*, membership: Membership, code: str) -> selectors.Customer:
    """The household as the shop may see it; raises as ``find``."""
    return selectors.customer_of(find(membership=membership, code=code), code)
