from django.apps import AppConfig

from jifen.approvals import permissions, verify
from jifen.inbox import kinds
from jifen.kernel.checks import register_checks


class ApprovalsConfig(AppConfig):
    name = "jifen.approvals"
    label = "approvals"
    verbose_name = "审批"

    def ready(self) -> None:
        from jifen.approvals import directory, menus, registry, selectors  # noqa: PLC0415 - models are ready only now

        permissions.allot_all()
        registry.register_holders(selectors.site_holders)
        registry.register_superiors(selectors.site_superiors)
        registry.register_posts(selectors.site_posts)
        directory.register_office(selectors.OFFICE_ROLES)
        register_checks(town=verify.checks)
        menus.register()
        kinds.register("approval_work", "待办审批")
        kinds.register("approval_news", "审批结果和抄送")
