"""Evidence and documents on S3; a row per object."""

from django.db import models

from jifen.kernel.actors import Acted


class FileState(models.TextChoices):
    EXPECTED = "expected", "等待上传"
    READY = "ready", "可用"
    REFUSED = "refused", "不合格"


class File(Acted):
    """``key`` starts with the town's schema. A file counts only when type, size and hash were checked on arrival."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField("种类", max_length=20, help_text="evidence、notice、voucher、passbook、roster…")
    original_name = models.CharField("文件名", max_length=200, blank=True)
    content_type = models.CharField("类型", max_length=80)
    size = models.PositiveBigIntegerField("字节数")
    sha256 = models.CharField(max_length=64)
    look = models.BigIntegerField("样子", null=True, help_text="照片的样子：64位，相近的照片只差几位(files.looks)")
    state = models.CharField("状态", max_length=8, choices=FileState, default=FileState.EXPECTED)
    problem = models.CharField("不合格原因", max_length=200, blank=True)
    created_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["sha256"])]
