from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jifen.accounts"
    label = "accounts"
    verbose_name = "账号"
