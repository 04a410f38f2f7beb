"""Input and output of uploads."""

from typing import Any

from rest_framework import serializers

from jifen.files.models import File, FileState
from jifen.files.selectors import link


class UploadInput(serializers.Serializer[Any]):
    kind = serializers.CharField(label="用途", max_length=20)
    name = serializers.CharField(label="文件名", max_length=200)
    content_type = serializers.CharField(label="类型", max_length=80)
    size = serializers.IntegerField(label="字节数", min_value=0)
    sha256 = serializers.CharField(label="校验值", max_length=64, help_text="SHA-256,64 位小写十六进制")


class FileOutput(serializers.ModelSerializer[File]):
    link = serializers.SerializerMethodField(help_text="五分钟内有效；文件可用时才有")

    class Meta:
        model = File
        fields = ["id", "kind", "original_name", "content_type", "size", "sha256", "state", "problem", "link"]

    def get_link(self, file: File) -> str | None:
        return link(file) if file.state == FileState.READY else None


class UploadOutput(serializers.Serializer[Any]):
    """``PUT url`` with exactly ``headers``, then ``POST …/arrived/``."""

    file = FileOutput()
    url = serializers.URLField()
    headers = serializers.DictField(child=serializers.CharField())
