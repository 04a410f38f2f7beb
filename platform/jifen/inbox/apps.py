from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "jifen.inbox"
    label = "inbox"
    verbose_name = "消息"

    def ready(self) -> None:
        from jifen.inbox import menus, permissions  # noqa: PLC0415 - models are ready only now

        permissions.allot_all()
        menus.register()
