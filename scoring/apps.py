from django.apps import AppConfig

from jifen.kernel.checks import register_checks
from scoring import menus, permissions, verify


class ScoringConfig(AppConfig):
    name = "scoring"
    label = "scoring"
    verbose_name = "积分"

    def ready(self) -> None:
        from scoring import subjects  # noqa: PLC0415 - models are ready only now

        permissions.allot_all()
        subjects.register()
        register_checks(town=verify.checks)
        menus.register()
