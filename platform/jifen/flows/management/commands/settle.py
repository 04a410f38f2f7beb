"""``jifen settle``: what the workers would do next second, done before they stop."""

from typing import Any

from django.core.management.base import BaseCommand

from jifen.flows import settle


class Command(BaseCommand):
    help = "停机前收尾：应用发件箱、封存审计记录"

    def handle(self, *_args: Any, **_options: Any) -> None:
        settle.settle()
