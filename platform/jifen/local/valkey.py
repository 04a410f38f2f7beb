"""The embedded Valkey: broker, cache and results, kept in an append-only file."""

from pathlib import Path

from redis import Redis

from jifen.local.binaries import valkey_server
from jifen.local.credentials import Credentials
from jifen.local.folder import RunFolder
from jifen.local.processes import Part, spawn, wait_ready


def start(folder: RunFolder, known: Credentials, port: int, *, fast: bool) -> Part:
    """Start and wait until it answers; `fast` keeps nothing on disk.

    Raises:
        LocalError: it did not come up; carries the end of its log.
    """
    lines = [
        "bind 127.0.0.1",
        f"port {port}",
        f"dir {folder.data('valkey')}",
        f"requirepass {known.valkey}",
        f"appendonly {'no' if fast else 'yes'}",
        'save ""',
        "maxmemory-policy noeviction",
        "loglevel warning",
    ]
    with folder.log("valkey").open("ab") as log:
        # The settings come by standard input, so that the password stands in no command line.
        command: list[str | Path] = [valkey_server(folder), "-"]
        part = spawn("valkey", command, output=log, given="\n".join(lines), unprivileged=True, environ={})
    client = Redis(host="127.0.0.1", port=port, password=known.valkey, socket_timeout=2)
    wait_ready(part, client.ping, log=folder.log("valkey"))
    client.close()
    return part


def url(port: int, password: str, database: int) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/{database}"
