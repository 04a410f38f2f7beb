from django.apps import AppConfig

from jifen.kernel.checks import register_checks
from redemption import permissions, verify


class RedemptionConfig(AppConfig):
    name = "redemption"
    label = "redemption"
    verbose_name = "兑换"

    def ready(self) -> None:
        permissions.allot_all()
        register_checks(town=verify.checks)
