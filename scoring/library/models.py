"""规则样张 that a district publishes for its towns. What was published stays; a new text is a new version."""

from django.db import models

from jifen.kernel.actors import Acted


class Template(models.Model):
    """One template of a district. A retired one is not offered any more; towns that began with it lose nothing."""

    district = models.ForeignKey("tenants.District", on_delete=models.PROTECT, related_name="+")
    code = models.CharField("编号", max_length=40)
    title = models.CharField("名称", max_length=120)
    is_offered = models.BooleanField("供各镇选用", default=True)

    class Meta:
        ordering = ["district", "code"]
        constraints = [models.UniqueConstraint(fields=["district", "code"], name="library_template_code")]

    def __str__(self) -> str:
        return self.title

    @property
    def key(self) -> str:
        """What a town's rulebook calls its origin: 310115-standard."""
        return f"{self.district.code}-{self.code}"


class TemplateVersion(Acted):
    """The YAML as it was published, checked by the models of schemes and rulebooks. Rows are added, never changed."""

    database_rights = "append_only"

    template = models.ForeignKey(Template, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("版本")
    source = models.TextField("内容")
    fingerprint = models.CharField(max_length=64)
    rules = models.PositiveSmallIntegerField("条目数")
    note = models.CharField("修订说明", max_length=300, blank=True)
    published_at = models.DateTimeField("发布时间")

    class Meta:
        ordering = ["template", "number"]
        constraints = [models.UniqueConstraint(fields=["template", "number"], name="library_version_number")]

    def __str__(self) -> str:
        return f"{self.template} v{self.number}"
