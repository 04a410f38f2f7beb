from django.apps import AppConfig


class NetworkConfig(AppConfig):
    name = "redemption.network"
    label = "network"
    verbose_name = "兑换联盟"
