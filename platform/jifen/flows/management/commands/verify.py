"""``jifen verify``: checks the invariants over one town or all, prints counts, exits 1 on any breach."""

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from jifen.flows import verify


class Command(BaseCommand):
    help = "检查不变量：一个镇或全部"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--town", help="只查这个镇（schema 名）")
        parser.add_argument("--json", action="store_true", help="最后一行输出一个JSON对象")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = []
        for finding in verify.findings(options["town"]):
            findings.append(finding)
            mark = "✓" if not finding.breaches else "✗"
            self.stdout.write(f"{mark} {finding.where:<16} {finding.code:<6} {finding.title}:{finding.breaches}")
            for example in finding.examples:
                self.stdout.write(f"    {example}")
        breaches = sum(finding.breaches for finding in findings)
        self.stdout.write(f"共{len(findings)}项检查，{breaches}处不符。")
        if options["json"]:
            self.stdout.write(json.dumps(_summary(findings, breaches), ensure_ascii=False))
        if breaches:
            sys.exit(1)


def _summary(findings: list[verify.Finding], breaches: int) -> dict[str, Any]:
    broken = [asdict(finding) for finding in findings if finding.breaches]
    places = {finding.where for finding in findings}
    return {"checks": len(findings), "places": len(places), "breaches": breaches, "broken": broken}
