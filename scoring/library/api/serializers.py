"""Templates as the district publishes and reads them."""

from typing import Any

from rest_framework import serializers

from jifen.kernel.spreadsheets import MAX_BYTES
from scoring.library.models import TemplateVersion


class TemplatePublishIn(serializers.Serializer[Any]):
    district = serializers.CharField(label="区县代码", max_length=6)
    code = serializers.CharField(label="编号", max_length=40)
    title = serializers.CharField(label="名称", max_length=120)
    content = serializers.CharField(
        label="内容", max_length=500_000, trim_whitespace=False, help_text="样张的 YAML 文本"
    )
    note = serializers.CharField(label="修订说明", max_length=300, required=False, default="", allow_blank=True)
    reason = serializers.CharField(
        label="签署理由", max_length=300, required=False, default="", allow_blank=True,
        help_text="检查要求写明理由的条目才要填",
    )  # fmt: skip


class TemplateReadIn(serializers.Serializer[Any]):
    district = serializers.CharField(label="区县代码", max_length=6)
    code = serializers.CharField(label="编号", max_length=40)
    title = serializers.CharField(label="名称", max_length=120)
    file = serializers.FileField(label="文件", help_text=".xlsx、.xls 或 .csv，不超过 10 MB")

    def validate_file(self, file: Any) -> Any:
        """Refused before it is read into memory."""
        if file.size > MAX_BYTES:
            raise serializers.ValidationError("文件超过 10 MB，请只留需要的表。", code="file_too_large")
        return file


class _UnreadOut(serializers.Serializer[Any]):
    sheet = serializers.CharField()
    cell = serializers.CharField(help_text="例如 D7；空的是整张表")
    text = serializers.CharField()
    why = serializers.CharField()


class _DoubtOut(serializers.Serializer[Any]):
    sheet = serializers.CharField()
    cell = serializers.CharField()
    text = serializers.CharField()


class TemplateReadOut(serializers.Serializer[Any]):
    """What a list would be as a template: nothing is written."""

    content = serializers.CharField(help_text="样张的 YAML 文本，发布时作为 content")
    rules = serializers.IntegerField(help_text="读出几条")
    problems = _UnreadOut(many=True, help_text="没有读的")
    doubts = _DoubtOut(many=True, help_text="读了但要核对的")


class TemplateVersionOut(serializers.ModelSerializer[TemplateVersion]):
    district = serializers.CharField(source="template.district.code")
    code = serializers.CharField(source="template.code")
    title = serializers.CharField(source="template.title")
    is_offered = serializers.BooleanField(source="template.is_offered")

    class Meta:
        model = TemplateVersion
        fields = ["id", "district", "code", "title", "number", "rules", "note", "is_offered", "published_at"]


class TemplateVersionWhole(TemplateVersionOut):
    content = serializers.CharField(source="source")

    class Meta(TemplateVersionOut.Meta):
        fields = [*TemplateVersionOut.Meta.fields, "content"]
