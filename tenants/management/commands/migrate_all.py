"""``jifen migrate_all``: the public schema, the template and every town that is behind. Needs the owner's role."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jifen.kernel.errors import JifenError
from tenants.provisioning import migrate_all


class Command(BaseCommand):
    help = "更新公共数据表、新镇模板和所有落后的镇"
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            changed = migrate_all(self.stdout.write)
        except JifenError as error:
            raise CommandError(error.message) from error
        self.stdout.write(f"已更新：{'、'.join(changed)}" if changed else "都是最新的")
