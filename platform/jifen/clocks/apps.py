from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "jifen.clocks"
    label = "clocks"
    verbose_name = "时钟"
