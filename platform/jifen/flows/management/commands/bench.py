"""``jifen bench NAME``: our path against the bare SQL, in alternating runs."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand

from scoring.bench import posting

BENCHES: dict[str, Callable[[int], dict[str, Any]]] = {"posting": posting}


class Command(BaseCommand):
    help = "测量:一个月的记账与裸SQL之比"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=sorted(BENCHES))
        parser.add_argument("-n", type=int, default=10_000, help="行数")
        parser.add_argument("--json", action="store_true", help="最后一行输出一个JSON对象")

    def handle(self, *args: Any, **options: Any) -> None:
        result = BENCHES[options["name"]](options["n"])
        for key, value in result.items():
            self.stdout.write(f"{key:>20}  {value}")
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
