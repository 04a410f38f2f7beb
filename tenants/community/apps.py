from django.apps import AppConfig


class CommunityConfig(AppConfig):
    name = "tenants.community"
    label = "community"
    verbose_name = "村居与农户"
