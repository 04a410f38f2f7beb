from django.apps import AppConfig

from jifen.kernel.checks import register_checks
from redemption import menus, permissions, verify
from scoring import ports


class RedemptionConfig(AppConfig):
    name = "redemption"
    label = "redemption"
    verbose_name = "兑换"

    def ready(self) -> None:
        from redemption import selectors, subjects, tasks  # noqa: PLC0415 - models are ready only now

        permissions.allot_all()
        register_checks(town=verify.checks)
        subjects.register()
        tasks.register()
        menus.register()
        ports.register_point_prices(selectors.point_prices)
