"""What goes in and out of the approvals endpoints."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from jifen.approvals import abilities, registry, selectors
from jifen.approvals.models import Delegation, Flow, Item, Running, Verdict, Word
from jifen.approvals.selectors.drafts import Draft
from jifen.approvals.selectors.veils import veil, veiled
from jifen.approvals.selectors.words import scans


class FlowOut(serializers.ModelSerializer[Flow]):
    definition = serializers.SerializerMethodField()
    in_force = serializers.SerializerMethodField()

    class Meta:
        model = Flow
        fields = ("id", "subject_kind", "version", "definition", "in_force", "actor_name", "active_from")

    @extend_schema_field(serializers.DictField())
    def get_definition(self, flow: Flow) -> dict[str, Any]:
        return flow.definition.dump()

    def get_in_force(self, flow: Flow) -> bool:
        return bool(flow.pk in self.context.get("in_force", ()))


class FlowIn(serializers.Serializer[Any]):
    """``steps`` or ``yaml``, one of them."""

    subject_kind = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=60, required=False, default="", allow_blank=True)
    steps = serializers.ListField(child=serializers.DictField(), required=False)
    yaml = serializers.CharField(required=False, trim_whitespace=False)


class RevisionIn(serializers.Serializer[Any]):
    revision = serializers.IntegerField(min_value=0, help_text="您看到的是第几次修改；没有草稿时为 0")


class FlowDraftIn(RevisionIn):
    """``steps`` or ``yaml``, one of them."""

    steps = serializers.ListField(child=serializers.DictField(), required=False)
    yaml = serializers.CharField(required=False, trim_whitespace=False)


class FlowDraftOut(serializers.Serializer[Any]):
    """``base``: the version it started from, 0 for none."""

    subject_kind = serializers.CharField(source="kind.kind")
    definition = serializers.SerializerMethodField()
    base = serializers.IntegerField(source="version")
    revision = serializers.IntegerField()
    changed_by = serializers.CharField(source="kept.actor_name", default="")
    changed_at = serializers.DateTimeField(source="kept.changed_at", default=None, allow_null=True)

    @extend_schema_field(serializers.DictField())
    def get_definition(self, draft: Draft) -> dict[str, Any]:
        return draft.definition.dump()


class ActivateIn(serializers.Serializer[Any]):
    running = serializers.ChoiceField(choices=Running.choices)


class ConcernOut(serializers.Serializer[Any]):
    code = serializers.CharField()
    step = serializers.CharField()
    tone = serializers.CharField()
    text = serializers.CharField()
    fix = serializers.CharField()


class LandingOut(serializers.Serializer[Any]):
    item = serializers.IntegerField(source="item.pk")
    title = serializers.CharField()
    now = serializers.ListField(child=serializers.CharField())
    steps = serializers.ListField(child=serializers.CharField())
    people = serializers.ListField(child=serializers.IntegerField())
    can_move = serializers.BooleanField()
    problem = serializers.CharField()


class ToldOut(serializers.Serializer[Any]):
    what = serializers.CharField()
    becomes = serializers.CharField()

    def to_representation(self, line: tuple[str, str]) -> dict[str, Any]:
        return {"what": line[0], "becomes": line[1]}


class ShiftOut(serializers.Serializer[Any]):
    """``gains``, ``loses``: the accounts that get a part in deciding it, and those that have none any more."""

    id = serializers.IntegerField(source="thing.id")
    title = serializers.CharField(source="thing.title")
    since = serializers.DateField(source="thing.since")
    version = serializers.IntegerField(source="thing.version")
    told = ToldOut(many=True)
    gains = serializers.ListField(child=serializers.IntegerField())
    loses = serializers.ListField(child=serializers.IntegerField())
    can_move = serializers.BooleanField()
    problem = serializers.CharField()


class ShiftIn(serializers.Serializer[Any]):
    """``things``: ids of what is under way; all that can move without it."""

    things = serializers.ListField(
        child=serializers.IntegerField(min_value=1), required=False, max_length=500, label="要转的审核表"
    )


class WordOut(serializers.ModelSerializer[Word]):
    """``text`` and ``data`` are empty for a caller who may not read what was said; ``speaker_id`` is 0 for nobody's
    word and for that of a starter who is hidden. ``scan``: a link to the signed sheet, for a while."""

    step = serializers.CharField(source="stage.name", default="")
    scan = serializers.SerializerMethodField()

    class Meta:
        model = Word
        fields = ("id", "kind", "step", "actor_name", "speaker_id", "to_id", "text", "data", "scan", "answers", "at")

    def get_scan(self, word: Word) -> str:
        if "scan" not in word.data or not _may_read(self, word.item):
            return ""
        return scans([word]).get(word.data["scan"], "")

    def to_representation(self, word: Word) -> dict[str, Any]:
        told = super().to_representation(veiled(word, veil(word.item)))
        return told if _may_read(self, word.item) else {**told, "text": "", "data": {}}


def _may_read(form: serializers.BaseSerializer[Any], item: Item) -> bool:
    """The caller may see the item; whether also its facts and its words says its room."""
    return registry.subject(item.subject_kind).may_read(item, form.context["request"].user.pk)


class WhoOut(serializers.Serializer[Any]):
    user_id = serializers.IntegerField()
    state = serializers.CharField()
    verdict = serializers.CharField()


class StageOut(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    is_blocked = serializers.BooleanField()
    people = WhoOut(many=True)


class ApprovalItemOut(serializers.ModelSerializer[Item]):
    """``stages``: where it stands and who must act; ``may``: the operations of the caller."""

    title = serializers.SerializerMethodField()
    version = serializers.IntegerField(source="flow.version")
    facts = serializers.SerializerMethodField()
    stages = serializers.SerializerMethodField()
    may = serializers.SerializerMethodField()

    class Meta:
        model = Item
        fields = (
            "id", "subject_kind", "subject_id", "title", "village_id", "state", "version", "facts", "starter_name",
            "started_at", "finished_at", "reminders", "stages", "may",
        )  # fmt: skip

    def get_title(self, item: Item) -> str:
        return registry.subject(item.subject_kind).title(item)

    @extend_schema_field(serializers.DictField())
    def get_facts(self, item: Item) -> dict[str, Any]:
        return item.facts if _may_read(self, item) else {}

    @extend_schema_field(StageOut(many=True))
    def get_stages(self, item: Item) -> list[dict[str, Any]]:
        return [
            {
                "key": stage.key,
                "name": stage.name,
                "due_at": stage.due_at,
                "is_blocked": stage.is_blocked,
                "people": list(stage.assignments.order_by("seat", "rank", "id").values("user_id", "state", "verdict")),
            }
            for stage, _ in selectors.active_stages(item)
        ]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_may(self, item: Item) -> list[str]:
        return sorted(abilities.of(item, self.context["request"].user))


class StepIn(serializers.Serializer[Any]):
    """``step``: the key, when the caller has work at several."""

    step = serializers.CharField(max_length=80, required=False, default="", allow_blank=True)


class ApproveIn(StepIn):
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)
    points = serializers.DecimalField(max_digits=9, decimal_places=2, required=False, allow_null=True, default=None)


class RejectIn(StepIn):
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")


class ItemReturnIn(StepIn):
    """``to``: ``starter``, ``previous`` or the key of an earlier step."""

    to = serializers.CharField(max_length=80, default="previous")
    reason = serializers.CharField(max_length=500, allow_blank=True, default="")
    rerun = serializers.ChoiceField(choices=["again", "straight"], required=False, allow_null=True, default=None)


class TransferIn(StepIn):
    to = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class ItemAddIn(TransferIn):
    where = serializers.ChoiceField(choices=["before", "after", "beside"], default="beside")


class RemoveIn(serializers.Serializer[Any]):
    user = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class ItemReasonIn(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class TextIn(serializers.Serializer[Any]):
    text = serializers.CharField(max_length=500, allow_blank=True, default="")


class AskIn(TextIn):
    to = serializers.IntegerField(min_value=1)


class ItemAnswerIn(TextIn):
    question = serializers.IntegerField(min_value=1)


class CopyIn(serializers.Serializer[Any]):
    to = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=100)


class SuspendIn(ItemReasonIn):
    until = serializers.DateTimeField(required=False, allow_null=True, default=None)


class JumpIn(ItemReasonIn):
    to = serializers.CharField(max_length=80)


class PaperWordIn(serializers.Serializer[Any]):
    user = serializers.IntegerField(min_value=1)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class ItemPaperIn(StepIn):
    """``scan``: an upload of the caller."""

    words = PaperWordIn(many=True)
    scan = serializers.IntegerField(min_value=1)
    signed_on = serializers.DateField()


class ItemBatchIn(serializers.Serializer[Any]):
    items = serializers.ListField(child=serializers.IntegerField(min_value=1), min_length=1, max_length=500)
    verdict = serializers.ChoiceField(choices=Verdict.choices)
    reason = serializers.CharField(max_length=500, required=False, default="", allow_blank=True)


class ItemBatchOut(serializers.Serializer[Any]):
    item = serializers.IntegerField()
    done = serializers.BooleanField()
    code = serializers.CharField()
    detail = serializers.CharField()


class DelegationOut(serializers.ModelSerializer[Delegation]):
    class Meta:
        model = Delegation
        fields = ("id", "giver_id", "receiver_id", "subject_kind", "from_at", "until_at", "revoked_at")


class DelegationIn(serializers.Serializer[Any]):
    receiver = serializers.IntegerField(min_value=1)
    from_at = serializers.DateTimeField()
    until_at = serializers.DateTimeField()
    subject_kind = serializers.SlugField(max_length=40, required=False, default="", allow_blank=True)


class HandOverIn(serializers.Serializer[Any]):
    giver = serializers.IntegerField(min_value=1)
    receiver = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=200, required=False, default="", allow_blank=True)


class HandOverOut(serializers.Serializer[Any]):
    moved = serializers.IntegerField()
    started = serializers.IntegerField()
    stayed = serializers.ListField(child=serializers.DictField())
