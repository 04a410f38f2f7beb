from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "jifen.flows"
    label = "flows"
    verbose_name = "流程"
