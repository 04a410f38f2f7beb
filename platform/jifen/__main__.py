"""`jifen COMMAND`: the platform's own commands, else Django's, each with the services it misses."""

import os
import signal
import sys
from collections.abc import Callable
from importlib import import_module

from jifen.env import ConfigError
from jifen.local import LocalError, services

OWN = {
    "up": "jifen.local.up:main",
    "services": "jifen.local.up:services_main",
    "assets": "jifen.local.assets:main",
    "demo": "jifen.local.demo.command:main",
}
"""Commands that do not begin with Django; each takes its arguments and returns the exit code."""

AS_OWNER = frozenset(
    {"migrate", "migrate_all", "migrate_schemas", "provision", "sqlmigrate", "showmigrations", "dbshell"}
)
"""Commands that need the rights of the role that owns the schemas."""

WITHOUT_SERVICES = frozenset({"help", "check", "collectstatic", "spectacular", "startapp", "rules"})


def main() -> int:
    """The console script. Exit codes: 0 done, 1 failed, 2 a wrong variable or argument."""
    arguments = sys.argv[1:] or ["help"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jifen.settings")
    try:
        return run(arguments[0], arguments[1:])
    except ConfigError as error:
        return refuse(str(error), 2)
    except LocalError as error:
        return refuse(str(error), 1)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT


def refuse(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


def run(command: str, arguments: list[str]) -> int:
    if command in OWN:
        module, _, name = OWN[command].partition(":")
        own: Callable[[list[str]], int] = getattr(import_module(module), name)
        return own(arguments)
    if command in AS_OWNER:
        os.environ.setdefault("JIFEN_DB_ROLE", "owner")
    if command in WITHOUT_SERVICES or command.startswith("-"):
        return django(command, arguments)
    with services():
        return django(command, arguments)


def django(command: str, arguments: list[str]) -> int:
    """Run one of Django's commands; a command that fails raises SystemExit with its code."""
    from django.core.management import execute_from_command_line  # noqa: PLC0415 - after the variables are set

    execute_from_command_line(["jifen", command, *arguments])
    return 0


if __name__ == "__main__":
    sys.exit(main())
