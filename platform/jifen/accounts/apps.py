from django.apps import AppConfig

from jifen.api.auth import register_tokens
from jifen.kernel.permissions import register_grants
from jifen.web import nav

STAFF_AREAS = ("office", "village", "provider", "district")
"""A shop has few tabs: it changes its password beside its name."""


class AccountsConfig(AppConfig):
    name = "jifen.accounts"
    label = "accounts"
    verbose_name = "账号"

    def ready(self) -> None:
        from jifen.accounts import selectors, services  # noqa: PLC0415 - models are ready only now

        register_grants(selectors.site_grants)
        register_tokens(services.user_of_token)
        for area in STAFF_AREAS:
            nav.register(area, nav.Entry("修改密码", "password", "key", 95, group=nav.OWN))
