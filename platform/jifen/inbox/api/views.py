from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api.views import GenericViewSet
from jifen.inbox import selectors, sending, services
from jifen.inbox.api import serializers as shapes
from jifen.inbox.models import Channel, Message
from jifen.inbox.permissions import InboxPermission as May
from jifen.kernel.permissions import Access


class MessageViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, GenericViewSet):
    """The caller's own messages."""

    permissions = dict.fromkeys(("list", "retrieve", "read", "read_all"), Access.SIGNED_IN)
    queryset = Message.objects.none()
    serializer_class = shapes.MessageOut
    lookup_value_regex = r"[0-9]{1,18}"

    def get_queryset(self) -> QuerySet[Message]:
        return selectors.messages_of(self.request.user)

    @extend_schema(request=None, responses=shapes.MessageOut)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        message = selectors.message_of(request.user, int(pk))
        services.read(messages=[message.pk], by=request.user)
        message.refresh_from_db()
        return Response(shapes.MessageOut(message).data)

    @extend_schema(request=None, responses=shapes.ReadOut)
    @action(detail=False, methods=["post"], url_path="read-all")
    def read_all(self, request: Request) -> Response:
        """All of the caller's own."""
        return Response({"read": services.read_all(by=request.user)})


class ChannelViewSet(mixins.ListModelMixin, GenericViewSet):
    permissions = dict.fromkeys(
        ("list", "create", "update", "switch", "try_out", "deliveries", "again"), May.MANAGE_CHANNELS
    )
    lookup_value_regex = r"[0-9]{1,18}"
    queryset = Channel.objects.none()
    serializer_class = shapes.ChannelOut

    def get_queryset(self) -> QuerySet[Channel]:
        return selectors.channels()

    @extend_schema(request=shapes.ChannelIn, responses={201: shapes.ChannelOut})
    def create(self, request: Request) -> Response:
        sent = shapes.ChannelIn(data=request.data)
        sent.is_valid(raise_exception=True)
        made = services.open_channel(**sent.validated_data, by=self.actor)
        return Response(shapes.ChannelOut(selectors.channel(made.pk)).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=shapes.ChannelChangeIn, responses=shapes.ChannelOut)
    def update(self, request: Request, pk: str) -> Response:
        sent = shapes.ChannelChangeIn(data=request.data)
        sent.is_valid(raise_exception=True)
        services.change_channel(channel=selectors.channel(int(pk)), **sent.validated_data, by=self.actor)
        return Response(shapes.ChannelOut(selectors.channel(int(pk))).data)

    @extend_schema(request=shapes.ChannelSwitchIn, responses=shapes.ChannelOut)
    @action(detail=True, methods=["post"])
    def switch(self, request: Request, pk: str) -> Response:
        """Let it speak, or be silent."""
        sent = shapes.ChannelSwitchIn(data=request.data)
        sent.is_valid(raise_exception=True)
        services.switch(channel=selectors.channel(int(pk)), on=sent.validated_data["on"], by=self.actor)
        return Response(shapes.ChannelOut(selectors.channel(int(pk))).data)

    @extend_schema(request=None, responses=shapes.ChannelOut)
    @action(detail=True, methods=["post"], url_path="try-out")
    def try_out(self, request: Request, pk: str) -> Response:
        """Send a line that says nothing but that the channel works."""
        services.try_out(channel=selectors.channel(int(pk)), by=self.actor)
        return Response(shapes.ChannelOut(selectors.channel(int(pk))).data)

    @extend_schema(responses=shapes.DeliveryOut(many=True))
    @action(detail=True)
    def deliveries(self, request: Request, pk: str) -> Response:
        """The log of the channel, newest first, at most a hundred."""
        rows = selectors.deliveries(selectors.channel(int(pk)))[:100]
        return Response(shapes.DeliveryOut(rows, many=True).data)

    @extend_schema(request=None, responses=shapes.DeliveryOut)
    @action(detail=False, methods=["post"], url_path=r"deliveries/(?P<delivery>[0-9]{1,18})/again")
    def again(self, request: Request, delivery: str) -> Response:
        """Send once more what was given up."""
        found = selectors.delivery(int(delivery))
        sending.try_again(delivery=found, by=self.actor)
        found.refresh_from_db()
        return Response(shapes.DeliveryOut(found).data)
