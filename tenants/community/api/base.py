"""What the endpoints of this room share: only the villages that the caller looks after, reading what was sent."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.serializers import Serializer

from jifen.api.views import GenericViewSet
from jifen.kernel import clock
from jifen.kernel.permissions import require
from tenants.community import selectors
from tenants.community.models import Household, Resident, Village
from tenants.community.permissions import CommunityPermission as May


class CommunityViewSet(GenericViewSet):
    """Reading takes READ, writing MANAGE_ROSTER, each over the village concerned."""

    lookup_value_regex = r"[0-9]{1,18}"

    def sent(self, kind: type[Serializer[Any]]) -> dict[str, Any]:
        """The checked values of the request's body."""
        serializer = kind(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def readable(self) -> QuerySet[Village]:
        return selectors.villages_for(self.request.user, May.READ)

    def village(self, pk: int) -> Village:
        """Http404 for one that the caller does not see, Forbidden for one that she only reads."""
        return self.managed(get_object_or_404(self.readable(), pk=pk))

    def managed(self, village: Village) -> Village:
        require(self.request.user, May.MANAGE_ROSTER, village=village.pk)
        return village

    def household(self, number: str) -> Household:
        households = selectors.households_for(self.request.user, May.READ)
        household = get_object_or_404(households, number=number)
        self.managed(household.village)
        return household

    def resident(self, pk: int) -> Resident:
        """Somebody who belongs to a household of the caller's villages."""
        resident = Resident.objects.filter(pk=pk, memberships__household__village__in=self.readable()).first()
        if resident is None:
            raise Http404
        home = selectors.member_household(resident, clock.today())
        if home is not None:
            self.managed(home.village)
        return resident
