from django.apps import AppConfig


class DistrictConfig(AppConfig):
    name = "reporting.district"
    label = "district"
    verbose_name = "区级数据"
