"""Accounts of the site being served: the public site has its own, each town has its own (I13)."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from jifen.kernel.pinyin import sort_key


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.name_pinyin = sort_key(user.display_name)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """Signs in by name and password. What she may do comes from grants (``jifen.kernel.permissions``)."""

    username = models.CharField("账号", max_length=60, unique=True)
    display_name = models.CharField("姓名", max_length=60)
    name_pinyin = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("需改密码", default=False)
    created_at = models.DateTimeField("创建时间")

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    def __str__(self) -> str:
        return self.display_name


class SiteRole(models.TextChoices):
    """Roles that cover the whole site they are given on."""

    PROVIDER = "provider", "平台运营方"
    TOWN_ADMIN = "town_admin", "镇管理员"
    TOWN_OFFICER = "town_officer", "镇经办"


class RoleGrant(models.Model):
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField("角色", max_length=16, choices=SiteRole)
    from_date = models.DateField("起")
    to_date = models.DateField("止", null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], condition=Q(to_date=None), name="accounts_role_once"),
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gt=F("from_date")), name="accounts_role_dates"
            ),
        ]


class ApiToken(models.Model):
    """A key for programs; only its digest is kept."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField("用途", max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
