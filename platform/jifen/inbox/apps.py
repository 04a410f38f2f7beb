from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "jifen.inbox"
    label = "inbox"
    verbose_name = "消息"

    def ready(self) -> None:
        from jifen.inbox import menus, permissions, verify  # noqa: PLC0415 - models are ready only now
        from jifen.kernel.checks import register_checks  # noqa: PLC0415

        permissions.allot_all()
        menus.register()
        register_checks(town=verify.checks)
