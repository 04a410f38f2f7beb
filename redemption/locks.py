"""Rows of the exchange are locked in one order: membership, exception, redemption, offering; then scoring's balance."""

from redemption.models import Membership, Redemption, RedemptionException, Settlement


def redemption(pk: int) -> Redemption:
    """The row, locked; what it names (household, offering, shop) comes with it, unlocked."""
    related = ("household", "household__village", "offering", "membership", "fund", "window", "exception")
    return Redemption.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)


def membership(pk: int) -> Membership:
    return Membership.objects.select_for_update().get(pk=pk)


def exception(pk: int) -> RedemptionException:
    """The row, locked; what it names comes with it, unlocked."""
    related = ("household", "offering", "membership")
    return RedemptionException.objects.select_for_update(of=("self",)).select_related(*related).get(pk=pk)


def settlement(pk: int) -> Settlement:
    return Settlement.objects.select_for_update(of=("self",)).select_related("membership", "fund").get(pk=pk)
