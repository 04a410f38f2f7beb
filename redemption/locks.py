"""Rows of the exchange are locked in one order: membership, exception, redemption, offering; then scoring's balance."""

from redemption.models import Membership, Redemption, RedemptionException, Settlement


def redemption(pk: int) -> Redemption:
    """The row, locked; household, offering and shop come with it, unlocked.

    Not more: a join of eight tables takes six milliseconds to plan, and the rest is seldom asked for.
    """
    related = ("household", "offering", "membership")
    return Redemption.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)


def membership(pk: int) -> Membership:
    return Membership.objects.select_for_update().get(pk=pk)


def exception(pk: int) -> RedemptionException:
    """The row, locked; what it names comes with it, unlocked."""
    related = ("household", "offering", "membership")
    return RedemptionException.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)


def settlement(pk: int) -> Settlement:
    return Settlement.objects.select_for_update(of=("self",)).select_related("membership", "fund").get(pk=pk)
