from django.apps import AppConfig

from jifen.kernel.permissions import register_grants
from tenants import menus, permissions


class TenantsConfig(AppConfig):
    name = "tenants"
    label = "tenants"
    verbose_name = "乡镇"

    def ready(self) -> None:
        from tenants import selectors  # noqa: PLC0415 - models are ready only now

        permissions.allot_all()
        register_grants(selectors.district_grants)
        menus.register()
