from django.apps import AppConfig

from jifen.kernel.permissions import register_grants


class NetworkConfig(AppConfig):
    name = "redemption.network"
    label = "network"
    verbose_name = "兑换联盟"

    def ready(self) -> None:
        from redemption.network import selectors  # noqa: PLC0415 - models are ready only now

        register_grants(selectors.grants)
