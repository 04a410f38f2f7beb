"""``jifen issue_token``: a key with which a program calls a site's interface in the name of an account."""

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django_tenants.utils import get_tenant_domain_model

from jifen.accounts import services
from jifen.accounts.models import User
from jifen.kernel.actors import SYSTEM
from jifen.kernel.tenancy import PUBLIC, TownUnknown, entered, outside

MAX_DAYS = 3650
MAX_NAME = 60


class Command(BaseCommand):
    help = "为账号签发接口密钥；密钥只显示这一次"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username", help="账号")
        parser.add_argument("--town", required=True, metavar="HOST", help="镇的网址，例如 shuren.localhost")
        parser.add_argument("--name", default="接口", help="密钥的名称，写明给谁用")
        parser.add_argument("--days", type=int, help="多少天后失效；不写则长期有效，直到停用")

    def handle(self, *args: Any, **options: Any) -> None:
        """The key alone goes to the output, so that a script may keep it; the rest goes to the error output."""
        name, expires_at = _name(options["name"]), _expiry(options["days"])
        with entered(_schema(options["town"])):
            user = _user(options["username"])
            _, text = services.issue_token(user=user, name=name, by=SYSTEM, expires_at=expires_at)
        until = f"{timezone.localdate(expires_at):%Y-%m-%d}失效" if expires_at else "长期有效"
        self.stderr.write(f"账号“{user.username}”的接口密钥“{name}”，{until}。只显示这一次，请妥善保存：")
        self.stdout.write(text)


def _schema(host: str) -> str:
    """The schema of the site at ``host``: a name or a whole address."""
    name = urlsplit(host if "//" in host else f"//{host}").hostname
    if name == settings.BASE_DOMAIN:
        return PUBLIC
    with outside():
        domain = get_tenant_domain_model().objects.select_related("tenant").filter(domain=name).first()
    if domain is None:
        raise CommandError(TownUnknown.message)
    return str(domain.tenant.schema_name)


def _user(username: str) -> User:
    user = User.objects.filter(username=username, is_active=True).first()
    if user is None:
        raise CommandError(f"这个镇没有账号“{username}”，或账号已停用；请核对。")
    return user


def _name(name: str) -> str:
    if not 0 < len(name.strip()) <= MAX_NAME:
        raise CommandError(f"密钥的名称要写1到{MAX_NAME}个字。")
    return name.strip()


def _expiry(days: int | None) -> datetime | None:
    if days is None:
        return None
    if not 1 <= days <= MAX_DAYS:
        raise CommandError(f"天数要填1到{MAX_DAYS}之间的数。")
    return timezone.now() + timedelta(days=days)
