"""Templates as the district publishes and reads them."""

from typing import Any

from rest_framework import serializers

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
