from django.apps import AppConfig


class DatesConfig(AppConfig):
    name = "jifen.clocks.dates"
    label = "dates"
    verbose_name = "日历"
