"""What goes in and what comes out, apart. Points are decimal texts; a notice shows names by the consent of today."""

from typing import Any

from rest_framework import serializers

from jifen.kernel import clock
from reporting.models import Notice, Objection
from reporting.selectors import names
from reporting.snapshots import Json

HIDDEN = ("household", "resident", "posting")
"""Ids of people's rows: for the platform's own use."""


class NoticeOut(serializers.ModelSerializer[Notice]):
    village = serializers.CharField(source="village.name", default=None)
    corrects = serializers.CharField(source="corrects.number", default=None)

    class Meta:
        model = Notice
        fields = [
            "id", "kind", "village", "year", "quarter", "number", "title", "sha256", "corrects", "published_at",
            "closes_on", "objections_until",
        ]  # fmt: skip


class NoticeWhole(NoticeOut):
    content = serializers.SerializerMethodField()

    class Meta(NoticeOut.Meta):
        fields = [*NoticeOut.Meta.fields, "content"]

    def get_content(self, notice: Notice) -> dict[str, Any]:
        shown: Json = _without_ids(names.as_of(notice.snapshot, clock.today()))
        return shown


class PublishIn(serializers.Serializer[Any]):
    """``village`` null publishes the town's own notice."""

    village = serializers.IntegerField(allow_null=True)
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    quarter = serializers.IntegerField(min_value=1, max_value=4)


class ObjectionOut(serializers.ModelSerializer[Objection]):
    household = serializers.CharField(source="household.number")
    village = serializers.CharField(source="village.name")

    class Meta:
        model = Objection
        fields = [
            "id", "household", "village", "notice", "posting", "text", "raised_on", "answer_by", "state", "finding",
            "answered_at", "answered_by_name", "reversal",
        ]  # fmt: skip


class ObjectionIn(serializers.Serializer[Any]):
    """One of ``posting`` and ``notice``, or both for one line of a notice."""

    posting = serializers.IntegerField(required=False, allow_null=True, default=None)
    notice = serializers.IntegerField(required=False, allow_null=True, default=None)
    text = serializers.CharField(max_length=500)


class AnswerIn(serializers.Serializer[Any]):
    upheld = serializers.BooleanField()
    finding = serializers.CharField(max_length=500)
    posting = serializers.IntegerField(required=False, allow_null=True, default=None)


def _without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_ids(part) for part in value]
    if isinstance(value, dict):
        return {key: _without_ids(part) for key, part in value.items() if key not in HIDDEN}
    return value
