from django.apps import AppConfig
from django.conf import settings

from jifen.kernel import clock, tasks
from jifen.kernel.checks import register_checks


class ClocksConfig(AppConfig):
    name = "jifen.clocks"
    label = "clocks"
    verbose_name = "时钟"

    def ready(self) -> None:
        from jifen.clocks import menus, offset, periodic, permissions, sealing, turns, verify  # noqa: PLC0415 - models are ready only now

        if settings.EMBEDDED:
            clock.register_offset(offset.current)
        tasks.register_turns(turns.taken)
        register_checks(public=verify.checks)
        permissions.allot_all()
        menus.register()
        periodic.every(10, "audit.seal", sealing.seal_new)
