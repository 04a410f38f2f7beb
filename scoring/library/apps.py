from django.apps import AppConfig

from scoring.library import permissions


class LibraryConfig(AppConfig):
    """The district's templates, in the public schema, beside those that come with the platform (the files here)."""

    name = "scoring.library"
    label = "library"
    verbose_name = "规则样张"

    def ready(self) -> None:
        permissions.allot_all()
