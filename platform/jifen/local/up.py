"""`jifen up`: services, migrations, web, workers and beat; `jifen services`: the services alone."""

import argparse
import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from jifen.local.client import Services, missing_services, services
from jifen.local.folder import RunFolder, is_held, run_folder, tests_paths
from jifen.local.stack import Stack, check_port, coloured, stack, wait


def main(arguments: list[str]) -> int:
    """Serve until Ctrl-C. 0 after a clean stop, 1 when a part died."""
    parser = argparse.ArgumentParser(prog="jifen up", description="启动整个平台，合并显示日志。")
    parser.add_argument("--host", default="127.0.0.1", help="网页监听的地址；手机访问时写 0.0.0.0")
    parser.add_argument("--port", type=int, default=None, help="网页端口，默认取 PUBLIC_PORT 或 8000")
    options = parser.parse_args(arguments)
    embedded = missing_services(os.environ)
    check_port(options.port)
    with services() as found:
        if code := migrate():
            return code
        with stack(found, host=options.host, port=options.port) as running:
            follow(found, embedded)
            announce(running, options.port)
            code = wait(running)
        return code or settle()


def settle() -> int:
    """What the workers would do next second: apply the outbox, seal the audit trail; returns the exit code."""
    return subprocess.run([sys.executable, "-m", "jifen", "settle"], check=False).returncode


def migrate() -> int:
    """Bring every schema up to date with the owner's rights; returns the command's exit code."""
    command = [sys.executable, "-m", "jifen", "migrate_all"]
    return subprocess.run(command, env={**os.environ, "JIFEN_DB_ROLE": "owner"}, check=False).returncode


def announce(running: Stack, port: int | None) -> None:
    domain, number = os.environ.get("BASE_DOMAIN", "localhost"), port or os.environ.get("PUBLIC_PORT", "8000")
    running.log("jifen", f"平台：http://{domain}:{number}/  乡镇：http://<镇>.{domain}:{number}/  停止：Ctrl-C")


def follow(found: Services, names: list[str]) -> None:
    """Show what the embedded services write to their logs from now on."""
    for name in names:
        threading.Thread(target=tail, args=(name, found.folder.log(name)), daemon=True).start()


def tail(name: str, path: Path) -> None:
    with path.open(encoding="utf-8", errors="replace") as file:
        file.seek(0, os.SEEK_END)
        while True:
            line = file.readline()
            if line:
                coloured(name, line.rstrip())
            else:
                time.sleep(0.3)


def services_main(arguments: list[str]) -> int:
    """Run the services alone and print how to reach them; `--wipe` removes their data instead."""
    parser = argparse.ArgumentParser(prog="jifen services", description="只启动内置的数据库、消息队列和对象存储。")
    parser.add_argument("--wipe", action="store_true", help="停止以后删除它们的全部数据")
    if parser.parse_args(arguments).wipe:
        return wipe(tests=True)
    with services() as found:
        for name, value in found.environ.items():
            print(f"export {name}='{value}'")
        sys.stdout.flush()
        with suppress(OSError):
            print("# 在另一个终端里粘贴上面几行；Ctrl-C 停止", file=sys.stderr, flush=True)
        return wait(Stack(found, coloured))


def wipe(*, tests: bool = False) -> int:
    """Remove the data of this checkout, with `tests` the tests' too, unless somebody uses it."""
    for path in (run_folder().path, *(tests_paths() if tests else ())):
        if is_held(RunFolder(path).supervisor_lock):
            print(f"内置服务正在使用中（{path}）：请先停止使用它们的程序。", file=sys.stderr)
            return 1
        RunFolder(path).wipe()
    return 0
