"""``jifen rules check|explain|diff``: rulebooks in files, without a database."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from jifen.kernel.errors import JifenError
from scoring.rules import cases, diffs, findings, library, loading
from scoring.rules.base import plain
from scoring.rules.diffs import Line
from scoring.rules.findings import SEVERITIES, Finding
from scoring.rules.loading import Loaded
from scoring.rules.spec import Sign

HINT = "YAML 文件、工作簿（.xlsx、.xls、.csv），或随平台的样张代码"


class Command(BaseCommand):
    help = "细则文件：检查、试算、比较"

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True, metavar="check|explain|diff")
        check = acts.add_parser("check", help="能不能用，有哪些问题")
        check.add_argument("file", metavar="FILE", help=HINT)
        explain = acts.add_parser("explain", help="某些行为得几分，为什么")
        explain.add_argument("file", metavar="FILE", help=HINT)
        explain.add_argument("--case", required=True, metavar="CASE.json", help="算例")
        for act in (check, explain):
            act.add_argument("--gives", action="append", default=[], metavar="SHEET", help="这张表里没写加扣的都是加分")
            act.add_argument("--takes", action="append", default=[], metavar="SHEET", help="这张表里没写加扣的都是扣分")
        diff = acts.add_parser("diff", help="两份细则有什么不同")
        diff.add_argument("old", metavar="A", help=HINT)
        diff.add_argument("new", metavar="B", help=HINT)
        for act in (check, explain, diff):
            act.add_argument("--json", action="store_true", help="最后一行输出一个JSON对象")

    def handle(self, *args: Any, **options: Any) -> None:
        acts = {"check": self._check, "explain": self._explain, "diff": self._diff}
        try:
            summary, failed = acts[options["act"]](options)
        except JifenError as error:
            for line in error.data.get("told", [error.message]):
                self.stdout.write(f"✗ {line}")
            self._ask(error.data.get("unsigned", {}))
            summary, failed = {"ok": False, "error": error.code, "message": error.message, **_plain(error.data)}, True
        if options["json"]:
            self.stdout.write(json.dumps(summary, ensure_ascii=False, default=str))
        if failed:
            sys.exit(1)

    def _check(self, options: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        loaded = _loaded(options["file"], _signs(options))
        found = findings.check(loaded.book) + (findings.check_policy(loaded.policy) if loaded.policy else [])
        self._tell_file(loaded)
        for one in found:
            self._tell_finding(one)
        numbers = Counter(one.severity for one in found)
        told = "，".join(f"{word}{numbers[severity]}处" for severity, word in SEVERITIES.items())
        self.stdout.write(f"{told}；没有读的{len(loaded.problems)}处。")
        failed = bool(loaded.problems or numbers["blocking"])
        return {"ok": not failed, "rules": len(loaded.book.rules), **_read(loaded), **_checked(found)}, failed

    def _tell_file(self, loaded: Loaded) -> None:
        signs = Counter(rule.sign for rule in loaded.book.rules)
        self.stdout.write(f"{loaded.title}：加分条目{signs['positive']}条，扣分条目{signs['negative']}条。")
        for problem in loaded.problems:
            self.stdout.write(f"✗ 没有读 {problem.sheet} {problem.cell}“{problem.text}”：{problem.why}")
        for doubt in loaded.doubts:
            self.stdout.write(f"？ 请核对 {doubt.sheet} {doubt.cell}（{doubt.code}）：{doubt.text}")

        self._ask(loaded.unsigned)

    def _ask(self, unsigned: Mapping[str, int]) -> None:
        """One question for each sheet."""
        for sheet, rows in unsigned.items():
            self.stdout.write(
                f'？ “{sheet}”有{rows}行没有写加分还是扣分：都是加分的，加上 --gives "{sheet}" 再读；'
                f'都是扣分的，加上 --takes "{sheet}" 再读'
            )

    def _tell_finding(self, one: Finding) -> None:
        mark = {"blocking": "✗", "sign_off": "！", "hint": "·"}[one.severity]
        self.stdout.write(f"{mark} {SEVERITIES[one.severity]} {'、'.join(one.codes)} {one.text}")
        if one.mend:
            self.stdout.write(f"    建议：{one.mend}。")

    def _explain(self, options: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        loaded = _loaded(options["file"], _signs(options))
        told = cases.tell(loaded.book, cases.read(_text(options["case"])))
        for one in told:
            mark = "✗" if one.error else "？" if one.undecided else "✓"
            self.stdout.write(f"{mark} {one.case.date} {one.case.household} {plain(one.points)}分　{one.sentence}")
        failed = any(one.error for one in told)
        return {"ok": not failed, "cases": [_case(one) for one in told]}, failed

    def _diff(self, options: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        old, new = _loaded(options["old"]), _loaded(options["new"])
        lines = [_unread_or(line, old, new) for line in diffs.diff(old.book, new.book)]
        for line in lines:
            self.stdout.write(f"{line['category'] or '整本'}　{line['text']}")
        problems = _read(old)["problems"] + _read(new)["problems"]
        for one in problems:
            self.stdout.write(f"✗ 没有读 {one['sheet']} {one['cell']}“{one['text']}”：{one['why']}")
        if not lines and not problems:
            self.stdout.write("两份细则一样。")
        return {"ok": not problems, "changes": lines, "problems": problems}, bool(problems)


def _signs(options: Mapping[str, Any]) -> dict[str, Sign]:
    signs: dict[str, Sign] = dict.fromkeys(options["gives"], "positive")
    return signs | dict.fromkeys(options["takes"], "negative")


def _loaded(name: str, signs: Mapping[str, Sign] | None = None) -> Loaded:
    path = Path(name)
    if not path.exists() and name in library.available():
        return loading.template(name)
    return loading.load(_bytes(path), path.name, signs)


def _unread_or(line: Line, old: Loaded, new: Loaded) -> dict[str, Any]:
    """A change as programs read it; what stands in both files and was read in one alone is neither new nor gone."""
    told = {name: getattr(line, name) for name in ("code", "category", "kind", "text")}
    there, other, word = (old, new, "后") if line.kind == "removed" else (new, old, "前")
    rule = next((one for one in there.book.rules if one.code == line.code), None)
    missed = loading.unread_line(other, rule) if rule and line.kind in ("added", "removed") else None
    if rule is None or missed is None:
        return told
    where = f"{missed.sheet} {missed.cell}".strip()
    return told | {"kind": "unread", "text": f"“{rule.title}”在{word}一份里没有读懂（{where}），不能比较。"}


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise cases.CasesInvalid(f"打不开 {path}：没有这个文件，或没有权限。", field="file") from error


def _text(name: str) -> str:
    try:
        return _bytes(Path(name)).decode("utf-8-sig")
    except UnicodeDecodeError as foreign:
        raise cases.CasesInvalid(reason="不是 UTF-8 文字") from foreign


def _read(loaded: Loaded) -> dict[str, Any]:
    return {
        "problems": [
            {name: getattr(one, name) for name in ("sheet", "cell", "text", "why")} for one in loaded.problems
        ],
        "doubts": [{name: getattr(one, name) for name in ("sheet", "cell", "code", "text")} for one in loaded.doubts],
        "unsigned": dict(loaded.unsigned),
    }


def _checked(found: list[Finding]) -> dict[str, Any]:
    listed = [
        {
            "kind": one.kind, "severity": one.severity, "codes": one.codes, "text": one.text, "mend": one.mend,
            "changes": [{"code": change.code, "values": change.values} for change in one.remedy.changes]
            if one.remedy else [],
        }
        for one in found
    ]  # fmt: skip
    return {"findings": listed}


def _case(one: cases.Told) -> dict[str, Any]:
    return {
        "rule": one.case.rule, "date": one.case.date.isoformat(), "points": plain(one.points),
        "redeemable": plain(one.redeemable), "sentence": one.sentence, "undecided": one.undecided, "error": one.error,
        "shares": [{"target": share.target, "points": plain(share.points)} for share in one.shares],
        "effects": [{"kind": effect.kind, "text": effect.text, "last": effect.last} for effect in one.effects],
    }  # fmt: skip


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    """What an error knows, as far as programs can use it."""
    return {name: value for name, value in data.items() if name in ("problems", "unsigned")}
