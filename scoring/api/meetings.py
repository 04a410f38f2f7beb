"""The committee's meeting over a sheet; ``id`` is the review's."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api import papers as pdf
from jifen.files import selectors as files
from jifen.kernel.permissions import require
from scoring.api.base import Base
from scoring.api.serializers import CountOut, VerdictIn
from scoring.errors import SeatNotYours
from scoring.models import MeetingSeat, Presence, Review
from scoring.permissions import ScoringPermission as May
from scoring.selectors import access
from scoring.selectors.exceptions import exceptions
from scoring.selectors.meetings import meeting_of, seats, stand_ins, standing
from scoring.services import meetings, on_paper, papers, reviews
from tenants.community.models import VillageRole


class SeatOut(serializers.Serializer[Any]):
    role = serializers.IntegerField(source="role_id")
    member = serializers.CharField()
    seat = serializers.CharField()
    presence = serializers.CharField()
    substitute = serializers.CharField()
    signed = serializers.BooleanField()
    barred_items = serializers.ListField(source="barred", child=serializers.IntegerField())


class StandingOut(serializers.Serializer[Any]):
    seats = serializers.IntegerField()
    needed = serializers.IntegerField()
    present = serializers.IntegerField()
    signed = serializers.IntegerField()
    is_met = serializers.BooleanField()
    is_signed = serializers.BooleanField()


class MeetingOut(serializers.Serializer[Any]):
    review = serializers.IntegerField()
    held_on = serializers.DateField(allow_null=True)
    place = serializers.CharField()
    minutes = serializers.CharField()
    paper = serializers.IntegerField(allow_null=True)
    standing = StandingOut()
    seats = SeatOut(many=True)


class MeetingIn(serializers.Serializer[Any]):
    held_on = serializers.DateField(label="会议日期")
    place = serializers.CharField(label="地点", max_length=80, required=False, default="", allow_blank=True)
    minutes = serializers.CharField(label="会议记录", max_length=2000, required=False, default="", allow_blank=True)


class PresenceIn(serializers.Serializer[Any]):
    role = serializers.IntegerField(
        label="席位", required=False, default=None, allow_null=True, help_text="不填：还没有登记的都算到会"
    )
    presence = serializers.CharField(label="到会", max_length=10)
    substitute = serializers.CharField(
        label="替补", max_length=60, required=False, default="", allow_blank=True, help_text="姓名，同名的前面加户号"
    )


class MeetingPaperIn(serializers.Serializer[Any]):
    file = serializers.IntegerField(label="签字原件", help_text="已上传文件的编号，种类 sheet")


class SaidIn(VerdictIn):
    item = serializers.IntegerField(label="条目")
    role = serializers.IntegerField(label="谁定的", help_text="到会的席位")


class VerdictsIn(serializers.Serializer[Any]):
    said = SaidIn(label="决定", many=True, required=False, default=list)
    rest = serializers.IntegerField(
        label="其余都通过", required=False, default=None, allow_null=True, help_text="由哪一席定的；不填：其余不动"
    )


class HintOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    word = serializers.CharField()
    why = serializers.CharField()
    other = serializers.IntegerField(allow_null=True, help_text="相像的登记")


class ExceptionOut(serializers.Serializer[Any]):
    item = serializers.IntegerField()
    hints = HintOut(many=True)


_SAID = ("item", "role", "verdict", "points", "reason")


class ReviewMeetings(Base):
    permissions = {
        "retrieve": May.SIT, "exceptions": May.SIT, "decision": May.SIT, "results": May.SIT,
        "update": May.HOLD_MEETING, "seats": May.HOLD_MEETING, "paper": May.HOLD_MEETING, "plain": May.SIT,
        "verdicts": May.RECORD,
    }  # fmt: skip
    serializer_class = MeetingOut
    queryset = Review.objects.none()

    def get_queryset(self) -> Any:
        return access.sheets_for(self.request.user)

    def retrieve(self, request: Request, pk: str) -> Response:
        """Who sits where, and whether that is enough."""
        return self._told(self.get_object())

    @extend_schema(request=MeetingIn)
    def update(self, request: Request, pk: str) -> Response:
        """When and where the committee sits, and what is said."""
        row = self._mine()
        meetings.hold(review=row, by=self.actor, **self.checked(MeetingIn))
        return self._told(row)

    @extend_schema(request=PresenceIn)
    @action(detail=True, methods=["post"])
    def seats(self, request: Request, pk: str) -> Response:
        """Note who sits on a seat: ``present``, ``absent`` or ``substitute``."""
        row, data = self._mine(), self.checked(PresenceIn)
        if data["role"] is None and data["presence"] == Presence.PRESENT:
            meetings.all_came(review=row, by=self.actor)
            return self._told(row)
        role = VillageRole.objects.select_related("user").filter(pk=data["role"]).first()
        if role is None:
            raise SeatNotYours
        words = data["substitute"]
        found = meetings.substitute_named(row.village, words) if data["presence"] == "substitute" else None
        meetings.attend(review=row, role=role, presence=data["presence"], substitute=found, by=self.actor)
        return self._told(row)

    @extend_schema(request=MeetingPaperIn)
    @action(detail=True, methods=["post"])
    def paper(self, request: Request, pk: str) -> Response:
        """The scan of the signed decision sheet."""
        row = self._mine()
        [file] = files.ready([self.checked(MeetingPaperIn)["file"]], by=self.actor)
        meetings.attach(review=row, file=file, by=self.actor)
        return self._told(row)

    @extend_schema(request=VerdictsIn, responses=CountOut)
    @action(detail=True, methods=["post"])
    def verdicts(self, request: Request, pk: str) -> Response:
        """Take the committee's verdicts off the signed paper; each is the word of a chair that was there."""
        row = self._mine(May.RECORD)
        data = self.checked(VerdictsIn)
        said = [on_paper.Said(**{key: one[key] for key in _SAID}) for one in data["said"]]
        count = on_paper.enter(review=row, said=said, rest=data["rest"], by=self.actor)
        return Response(CountOut({"count": count}).data)

    @extend_schema(responses=pdf.ANSWERS)
    @action(detail=True, methods=["get"], renderer_classes=pdf.RENDERERS)
    def decision(self, request: Request, pk: str) -> HttpResponse:
        """审核决定表 as a PDF, to be signed at the meeting."""
        return _printed(self.get_object(), "decision")

    @extend_schema(responses=pdf.ANSWERS)
    @action(detail=True, methods=["get"], renderer_classes=pdf.RENDERERS)
    def results(self, request: Request, pk: str) -> HttpResponse:
        """审核结果 as a PDF, to be read aloud on the party day."""
        return _printed(self.get_object(), "results")

    @extend_schema(responses=ExceptionOut(many=True))
    @action(detail=True, methods=["get"])
    def exceptions(self, request: Request, pk: str) -> Response:
        """What on the sheet needs a look, and why."""
        found = exceptions(self.get_object())
        rows = [{"item": item, "hints": hints} for item, hints in sorted(found.items())]
        return Response(ExceptionOut(rows, many=True).data)

    @extend_schema(request=None, responses=CountOut)
    @action(detail=True, methods=["post"])
    def plain(self, request: Request, pk: str) -> Response:
        """Approve what needs no look, except what the caller is barred from."""
        row = self.get_object()
        access.require_word(request.user, row)
        return Response(CountOut({"count": reviews.decide_plain(review=row, by=self.actor)}).data)

    def _mine(self, permission: May = May.HOLD_MEETING) -> Review:
        row: Review = self.get_object()
        require(self.request.user, permission, village=row.village_id)
        return row

    def _told(self, row: Review) -> Response:
        held = meeting_of(row)
        told = {
            "review": row.pk,
            "held_on": held.held_on if held else None,
            "place": held.place if held else "",
            "minutes": held.minutes if held else "",
            "paper": held.paper_id if held else None,
            "standing": standing(row),
            "seats": seats(row),
        }
        return Response(MeetingOut(told).data)


def _printed(row: Review, kind: str) -> HttpResponse:
    return pdf.answer(papers.PRINTS[kind](row), papers.name(kind, row))


class StandInOut(serializers.Serializer[Any]):
    review = serializers.IntegerField(source="meeting.review_id")
    village = serializers.CharField(source="meeting.review.village.name")
    month = serializers.DateField(source="meeting.review.month")
    state = serializers.CharField(source="meeting.review.state")
    member = serializers.CharField(source="role.user.display_name")
    signed = serializers.BooleanField(source="has_signed")


class OwnStandIns(mixins.ListModelMixin, mixins.RetrieveModelMixin, Base):
    """The seats of a committee on which the caller substitutes; ``id`` is the review's."""

    permissions = {"list": May.READ_OWN, "retrieve": May.READ_OWN, "sign": May.READ_OWN, "decision": May.READ_OWN}
    serializer_class = StandInOut
    lookup_field = "meeting__review"
    lookup_url_kwarg = "pk"
    queryset = MeetingSeat.objects.none()

    def get_queryset(self) -> Any:
        return stand_ins(self.actor.id)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        """Sign the sheet for the seat."""
        row = self.get_object()
        reviews.sign(review=row.meeting.review, role=row.role, by=self.actor)
        return Response(StandInOut(self.get_object()).data)

    @extend_schema(responses=pdf.ANSWERS)
    @action(detail=True, methods=["get"], renderer_classes=pdf.RENDERERS)
    def decision(self, request: Request, pk: str) -> HttpResponse:
        """审核决定表 as a PDF."""
        return _printed(self.get_object().meeting.review, "decision")
