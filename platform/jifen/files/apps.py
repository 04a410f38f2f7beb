from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "jifen.files"
    label = "files"
    verbose_name = "文件"
