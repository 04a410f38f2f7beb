"""``jifen bench NAME``: our path against the bare SQL, in alternating runs, or against its target."""

import json
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand

from jifen.clocks.bench import clocks, fairness
from scoring.bench import posting
from scoring.bench_review import review
from scoring.bench_rules import rules
from scoring.bench_whatif import whatif
from scoring.bench_year import year

BENCHES: dict[str, Callable[..., dict[str, Any]]] = {
    "posting": posting,
    "review": review,
    "rules": rules,
    "whatif": whatif,
    "clocks": clocks,
    "fairness": fairness,
    "year": year,
}


class Command(BaseCommand):
    help = "测量：记账和月末与裸SQL之比、时钟、各镇轮流、年终封账、规则计分"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", choices=sorted(BENCHES))
        parser.add_argument("-n", type=int, default=None, help="行数、镇数或倍数；不写时用该项的默认数")
        parser.add_argument("--json", action="store_true", help="最后一行输出一个JSON对象")

    def handle(self, *args: Any, **options: Any) -> None:
        size = {} if options["n"] is None else {"n": options["n"]}
        result = BENCHES[options["name"]](**size)
        for key, value in result.items():
            self.stdout.write(f"{key:>20}  {value}")
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
