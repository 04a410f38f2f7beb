from django.apps import AppConfig

from jifen.kernel.checks import register_checks
from redemption import menus, permissions, verify


class RedemptionConfig(AppConfig):
    name = "redemption"
    label = "redemption"
    verbose_name = "兑换"

    def ready(self) -> None:
        from redemption import in_hand, selectors, subjects, tasks  # noqa: PLC0415 - models are ready only now
        from scoring import ports  # noqa: PLC0415
        from tenants.community.in_hand import register  # noqa: PLC0415

        permissions.allot_all()
        register_checks(town=verify.checks)
        subjects.register()
        tasks.register()
        menus.register()
        register(in_hand.work_of, in_hand.things_of)
        ports.register_point_prices(selectors.point_prices)
