"""``jifen demo``: builds the demo district once, then serves it.

``--once`` ends after the year; ``--json`` prints one JSON object as the last line; ``--fresh`` starts over.
"""

import argparse
import json
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from jifen.local import LocalError, Services, services
from jifen.local.demo.pool import end_as_by_ctrl_c
from jifen.local.folder import RunFolder, read_json, run_folder
from jifen.local.stack import Stack, check_port, coloured, stack, wait
from jifen.local.up import migrate, settle, wipe

WEB_PATIENCE = 60
PARTS = ("web", "worker", "public", "owner", "beat")


def main(arguments: list[str]) -> int:
    """0 when the district stands (and after a clean stop), 1 otherwise."""
    options = _options(arguments)
    end_as_by_ctrl_c()
    started = time.monotonic()
    if not options.once:
        check_port(options.port)
    if (options.fresh or _unfinished()) and wipe():
        return 1
    with services() as found:
        if code := migrate():
            return code
        with (
            _LogFile(found.folder.path / "log" / "stack.log") as log,
            stack(found, _first_parts(found, options), log=log.write, port=options.port) as running,
        ):
            result = _announced(_kept(found)) or _build(found, running)
            code = 0 if options.once else _serve(result, running, log, options, started)
        code = code or _settled()
        if options.once:
            _report(result, options, time.monotonic() - started)
        return code


def _settled() -> int:
    print("正在收尾……", flush=True)
    return settle()


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="jifen demo", description="建一个示范区，让三个镇过完一个积分年度，然后开放访问。"
    )
    parser.add_argument("--once", action="store_true", help="建完就结束，不提供访问")
    parser.add_argument("--json", action="store_true", help="最后一行输出一个JSON对象")
    parser.add_argument("--fresh", action="store_true", help="删除以前的数据，从头再来")
    parser.add_argument("--port", type=int, default=None, help="网页端口，默认取 PUBLIC_PORT 或 8000")
    return parser.parse_args(arguments)


def _marker(folder: RunFolder) -> Path:
    return folder.path / "demo.json"


def _kept(found: Services) -> dict[str, Any] | None:
    """What an earlier run built, when it was finished."""
    kept = read_json(_marker(found.folder))
    if not kept or not kept.get("finished"):
        return None
    return {**kept, "kept": True}


def _announced(kept: dict[str, Any] | None) -> dict[str, Any] | None:
    """Says first that the table to come is an earlier run's."""
    if kept:
        built = kept.get("built_at", "以前")
        print(f"沿用 {built} 建好的示范数据（重新来过：make demo FRESH=1）", flush=True)
    return kept


def _unfinished() -> bool:
    """An earlier run was stopped half-way: its data tell no whole year."""
    kept = read_json(_marker(run_folder()))
    if not kept or kept.get("finished"):
        return False
    print("上一次示范没有建完，现在从头再来。", flush=True)
    return True


def _build(found: Services, running: Stack) -> dict[str, Any]:
    from jifen.local.demo import build  # noqa: PLC0415 - Django starts when the services are known

    _marker(found.folder).write_text(json.dumps({"finished": False}), encoding="utf-8")
    result = {**build.district(running), "built_at": time.strftime("%Y-%m-%d %H:%M")}
    _marker(found.folder).write_text(json.dumps({**result, "finished": True}, ensure_ascii=False), encoding="utf-8")
    return result


def _first_parts(found: Services, options: argparse.Namespace) -> tuple[str, ...]:
    """The web alone when a district stands already: it answers sooner, the others follow."""
    if options.once:
        return PARTS[1:]
    return PARTS[:1] if _kept(found) else PARTS


def _serve(result: dict[str, Any], running: Stack, log: "_LogFile", options: argparse.Namespace, started: float) -> int:
    """Until Ctrl-C."""
    from jifen.local.demo import show  # noqa: PLC0415 - Django starts when the services are known

    port = options.port or int(os.environ.get("PUBLIC_PORT", "8000"))
    _until_answering(port, running)
    running.complete(PARTS, port=port)
    _report(result, options, time.monotonic() - started)
    show.addresses(os.environ.get("BASE_DOMAIN", "localhost"), port)
    sys.stdout.flush()
    log.follow(coloured)
    return wait(running)


def _until_answering(port: int, running: Stack) -> None:
    """Until the web answers: an address shown earlier would lead nowhere."""
    limit = time.monotonic() + WEB_PATIENCE
    while time.monotonic() < limit:
        running.check()
        with suppress(OSError), urlopen(f"http://127.0.0.1:{port}/health/", timeout=5):
            return
        time.sleep(0.1)
    raise LocalError(f"网页 {WEB_PATIENCE} 秒内没有应答，请看日志。")


def _report(result: dict[str, Any], options: argparse.Namespace, seconds: float) -> None:
    from jifen.local.demo import show  # noqa: PLC0415 - as above

    show.table(result, seconds)
    if options.json:
        print(
            json.dumps(
                {key: value for key, value in result.items() if key not in ("finished", "kept")}, ensure_ascii=False
            )
        )
        sys.stdout.flush()


class _LogFile:
    """The parts' lines go to a file while the district is built, and to the terminal as well afterwards."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._show: Any = None

    def __enter__(self) -> "_LogFile":
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._path.open("a", encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self._show = None
        self._file.close()

    def write(self, name: str, line: str) -> None:
        if not self._file.closed:
            self._file.write(f"{name} | {line}\n")
            self._file.flush()
        if self._show:
            self._show(name, line)

    def follow(self, show: Any) -> None:
        self._show = show


__all__ = ["LocalError", "main"]
