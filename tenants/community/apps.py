from django.apps import AppConfig

from jifen.approvals.directory import register as register_directory
from jifen.kernel.checks import register_checks
from jifen.kernel.permissions import register_grants
from jifen.web import context
from tenants.community import menus, permissions, verify


class CommunityConfig(AppConfig):
    name = "tenants.community"
    label = "community"
    verbose_name = "村居与农户"

    def ready(self) -> None:
        from jifen.approvals.registry import (  # noqa: PLC0415 - as below
            register_holders,
            register_posts,
            register_superiors,
        )
        from tenants.community import (  # noqa: PLC0415 - models are ready only now
            audiences,
            directory,
            grants,
            selectors,
            subjects,
        )

        permissions.allot_all()
        register_grants(grants.village_grants)
        register_grants(grants.household_grants)
        register_holders(grants.holders)
        register_superiors(grants.superiors)
        register_posts(grants.posts)
        register_directory(directory.Register())
        subjects.register()
        audiences.register()
        context.register_office(selectors.office_name)
        register_checks(town=verify.checks)
        menus.register()
