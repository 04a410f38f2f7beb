"""Districts and towns, in the public schema. Towns hold their own data in their own schema (``tenants.community``)."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models

if TYPE_CHECKING:  # django-tenants is not typed

    class TenantMixin(models.Model):
        schema_name = models.CharField(max_length=63)

        class Meta:
            abstract = True

    class DomainMixin(models.Model):
        domain = models.CharField(max_length=253)
        tenant = models.ForeignKey("tenants.Town", related_name="domains", on_delete=models.CASCADE)
        is_primary = models.BooleanField()

        class Meta:
            abstract = True
else:
    from django_tenants.models import DomainMixin, TenantMixin


class District(models.Model):
    """区/县: supervises many towns."""

    code = models.CharField("行政区划代码", max_length=6, unique=True)
    name = models.CharField("名称", max_length=60)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class TownState(models.TextChoices):
    PROVISIONING = "provisioning", "开通中"
    READY = "ready", "运行中"
    SUSPENDED = "suspended", "已暂停"
    ARCHIVED = "archived", "已归档"


class Town(TenantMixin):
    """镇/乡/街道: one schema. Its tables are made by ``tenants.provisioning``, never by ``save``."""

    auto_create_schema = False
    auto_drop_schema = False

    district = models.ForeignKey(District, verbose_name="区县", on_delete=models.PROTECT, related_name="towns")
    code = models.CharField("行政区划代码", max_length=9, unique=True)
    name = models.CharField("名称", max_length=60)
    scheme_code = models.CharField("实施方案", max_length=40)
    shard = models.CharField("数据库分片", max_length=40, default="default")
    state = models.CharField("状态", max_length=12, choices=TownState, default=TownState.PROVISIONING)
    created_at = models.DateTimeField("开通时间")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=TownState.values), name="tenants_town_state"),
            models.CheckConstraint(
                condition=models.Q(schema_name__regex=r"^t_[a-z0-9_]{2,40}$"), name="tenants_town_schema"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Domain(DomainMixin):
    """The host name a town answers to."""


class Provisioning(models.Model):
    """How far the opening of a town has come; kept for the provider's page."""

    town = models.OneToOneField(Town, on_delete=models.CASCADE, related_name="provisioning")
    step = models.CharField("步骤", max_length=40)
    percent = models.PositiveSmallIntegerField("进度", default=0)
    problem = models.TextField("出错原因", blank=True)
    request = models.JSONField("开通申请", default=dict)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.step} {self.percent}%"


class TemplateDump(models.Model):
    """The SQL that makes a town's schema, for one state of the migrations (``tenants.provisioning``)."""

    database_rights: ClassVar[str] = "read"

    fingerprint = models.CharField(max_length=64, unique=True)
    body = models.TextField()
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.fingerprint


class DistrictRole(models.Model):
    """Whom a district lets read its figures."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="district_roles")
    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="roles")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "district"], name="tenants_district_role_once")]

    def __str__(self) -> str:
        return f"{self.district} {self.user}"
