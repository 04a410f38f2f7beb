"""What goes in and what comes out, apart. Points are decimal texts; a notice shows names by the consent of today."""

from typing import Any

from rest_framework import serializers

from jifen.approvals import selectors as flows
from jifen.kernel import clock
from reporting.models import Notice, NoticeDraft, Objection
from reporting.selectors import drafts, names, objections
from reporting.selectors.objections import Seen
from reporting.snapshots import Json
from scoring.api.serializers import FactsIn

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


class NoticePublishIn(serializers.Serializer[Any]):
    """``village`` null publishes the town's own notice."""

    village = serializers.IntegerField(allow_null=True)
    year = serializers.IntegerField(min_value=2000, max_value=2100)
    quarter = serializers.IntegerField(min_value=1, max_value=4)


class NoticeDraftOut(serializers.ModelSerializer[NoticeDraft]):
    """``remark``: what was to be mended; ``waits_at``: the steps at which it is decided."""

    village = serializers.CharField(source="village.name", default=None)
    waits_at = serializers.SerializerMethodField()

    class Meta:
        model = NoticeDraft
        fields = [
            "id", "kind", "village", "year", "quarter", "attempt", "title", "sha256", "due_on", "made_at", "state",
            "remark", "notice", "waits_at",
        ]  # fmt: skip

    def get_waits_at(self, draft: NoticeDraft) -> str:
        item = flows.open_item(drafts.KIND, draft.pk)
        return flows.waits_at(item) if item else ""


class NoticeDraftWhole(NoticeDraftOut):
    content = serializers.SerializerMethodField()

    class Meta(NoticeDraftOut.Meta):
        fields = [*NoticeDraftOut.Meta.fields, "content"]

    def get_content(self, draft: NoticeDraft) -> dict[str, Any]:
        shown: Json = _without_ids(names.as_of(draft.snapshot, clock.today()))
        return shown


class OwnObjectionOut(serializers.ModelSerializer[Objection]):
    """To the household that asked."""

    household = serializers.CharField(source="household.number")
    village = serializers.CharField(source="village.name")
    next_way = serializers.SerializerMethodField(help_text="不服的话下一步去哪里")

    class Meta:
        model = Objection
        fields = [
            "id", "number", "household", "village", "notice", "posting", "declaration", "text", "channel", "stage",
            "appeal_of", "is_direct", "level", "raised_on", "answer_by", "escalated_on", "overdue_on", "state",
            "finding", "answered_at", "answered_by_name", "reversal", "corrected", "next_way",
        ]  # fmt: skip

    def get_next_way(self, objection: Objection) -> str:
        return objections.next_way(objection)


class ObjectionOut(serializers.Serializer[Seen]):
    """To staff: who objects, to what and in which words is empty for all but those who look into it."""

    id = serializers.IntegerField(source="pk")
    number = serializers.CharField()
    village = serializers.CharField()
    channel = serializers.CharField()
    stage = serializers.IntegerField()
    level = serializers.CharField()
    is_direct = serializers.BooleanField()
    state = serializers.CharField()
    raised_on = serializers.DateField()
    answer_by = serializers.DateField()
    escalated_on = serializers.DateField(allow_null=True)
    overdue_on = serializers.DateField(allow_null=True)
    answered_at = serializers.DateTimeField(allow_null=True)
    is_mine = serializers.BooleanField(help_text="由您核实")
    household = serializers.CharField()
    text = serializers.CharField()
    posting = serializers.IntegerField(allow_null=True)
    notice = serializers.IntegerField(allow_null=True)
    declaration = serializers.IntegerField(allow_null=True)
    finding = serializers.CharField()
    answered_by_name = serializers.CharField()
    reversal = serializers.IntegerField(allow_null=True)
    corrected = serializers.IntegerField(allow_null=True)


def _files(label: str) -> serializers.ListField:
    return serializers.ListField(
        child=serializers.IntegerField(), label=label, required=False, default=list, help_text="已上传文件的编号"
    )


class ObjectionIn(serializers.Serializer[Any]):
    """One of ``posting``, ``declaration`` and ``notice``, or a posting and a notice for one line of it."""

    posting = serializers.IntegerField(required=False, allow_null=True, default=None)
    declaration = serializers.IntegerField(required=False, allow_null=True, default=None)
    notice = serializers.IntegerField(required=False, allow_null=True, default=None)
    text = serializers.CharField(max_length=500)
    is_direct = serializers.BooleanField(required=False, default=False)
    files = _files("证明")


class EnteredIn(ObjectionIn):
    """Said in person, on the phone or on paper; ``files`` are scans of the paper."""

    household = serializers.CharField(max_length=20)
    channel = serializers.ChoiceField(choices=["in_person", "phone", "paper"])


class AppealIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=500)
    files = _files("证明")


class CorrectionIn(serializers.Serializer[Any]):
    """What should have been recorded; without ``household`` of the same one."""

    household = serializers.CharField(max_length=20, required=False, default="")
    person = serializers.CharField(max_length=30, required=False, default="", allow_blank=True)
    facts = FactsIn(required=False, default=dict)


class ObjectionAnswerIn(serializers.Serializer[Any]):
    upheld = serializers.BooleanField()
    finding = serializers.CharField(max_length=500)
    posting = serializers.IntegerField(required=False, allow_null=True, default=None)
    correction = CorrectionIn(required=False, allow_null=True, default=None)
    files = _files("核实材料")


class ObjectionOpinionIn(ObjectionAnswerIn):
    """Empty ``finding``: she agrees with what was found before her."""

    finding = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


def _without_ids(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_ids(part) for part in value]
    if isinstance(value, dict):
        return {key: _without_ids(part) for key, part in value.items() if key not in HIDDEN}
    return value
