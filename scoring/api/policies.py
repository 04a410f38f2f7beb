"""How months are reviewed: the town's dated choices."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from scoring import policies
from scoring.api.base import Base
from scoring.models import ReviewPolicy
from scoring.permissions import ScoringPermission as May
from scoring.services import review_policies
from scoring.services.review_policies import WORDS


class ChoiceIn(serializers.Serializer[Any]):
    """What is left out stays as it is."""

    effective_from = serializers.DateField(label="从哪天起")
    after = serializers.ChoiceField(label=WORDS["after"], choices=["filing", "confirmation"], required=False)
    filed_with = serializers.CharField(label=WORDS["filed_with"], max_length=60, required=False, allow_null=True)
    announced_on = serializers.CharField(label=WORDS["announced_on"], max_length=60, required=False, allow_null=True)
    late = serializers.ChoiceField(label=WORDS["late"], choices=["next_month", "same_sheet_while_open"], required=False)
    posts = serializers.ChoiceField(label=WORDS["posts"], choices=["decision", "answer", "notice"], required=False)
    notice_days = serializers.IntegerField(label=WORDS["notice_days"], min_value=0, max_value=60, required=False)
    hearing_days = serializers.IntegerField(label=WORDS["hearing_days"], min_value=0, max_value=60, required=False)
    answer_days = serializers.IntegerField(label=WORDS["answer_days"], min_value=0, max_value=60, required=False)
    board_days = serializers.IntegerField(label=WORDS["board_days"], min_value=0, max_value=60, required=False)
    mutual = serializers.BooleanField(label=WORDS["mutual"], required=False)


class ChoiceOut(ChoiceIn):
    id = serializers.IntegerField()
    made_at = serializers.DateTimeField()
    made_by = serializers.CharField()


class ReviewPolicies(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    """The newest that is in force on a day counts on it."""

    permissions = {"list": May.FILE, "retrieve": May.FILE, "create": May.MANAGE_RULES}
    serializer_class = ChoiceOut
    queryset = ReviewPolicy.objects.all()

    def get_serializer(self, *args: Any, **kwargs: Any) -> Any:
        """Without rows only what the answer looks like is asked."""
        if not args:
            return ChoiceOut(**kwargs)
        found = [_told(row) for row in args[0]] if kwargs.get("many") else _told(args[0])
        return ChoiceOut(found, **kwargs)

    @extend_schema(request=ChoiceIn, responses={201: ChoiceOut})
    def create(self, request: Request) -> Response:
        """Choose anew from a day on, tomorrow at the earliest."""
        data = self.checked(ChoiceIn)
        day: date = data.pop("effective_from")
        row = review_policies.choose(changes=data, effective_from=day, by=self.actor)
        return Response(ChoiceOut(_told(row)).data, status=status.HTTP_201_CREATED)


def _told(row: ReviewPolicy) -> dict[str, Any]:
    review = policies.Policy.model_validate(row.data).review
    told = {name: getattr(review, name) for name in WORDS}
    return told | {
        "id": row.pk, "effective_from": row.effective_from, "made_at": row.made_at, "made_by": row.made_by_name
    }  # fmt: skip
