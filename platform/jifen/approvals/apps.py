from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "jifen.approvals"
    label = "approvals"
    verbose_name = "审批"
