"""The embedded object store: `rclone serve s3` over a folder; a bucket is a folder in it."""

import http.client
import os
from pathlib import Path

from jifen.local.binaries import rclone
from jifen.local.credentials import Credentials
from jifen.local.folder import AS_ROOT, NOBODY, RunFolder
from jifen.local.processes import Part, spawn, wait_ready

BUCKET = "jifen"


def start(folder: RunFolder, known: Credentials, port: int, *, fast: bool) -> Part:
    """Start and wait until it answers.

    Raises:
        LocalError: it did not come up; carries the end of its log.
    """
    data = folder.data("objects")
    make_bucket(data / BUCKET)
    # The keys and the configuration come by environment, so that they stand in no command line and no file.
    environ = {
        "PATH": os.defpath,
        "HOME": str(data),
        "RCLONE_CONFIG": "",
        "RCLONE_AUTH_KEY": f'"{known.s3_access_key},{known.s3_secret_key}"',
    }
    command: list[str | Path] = [
        rclone(folder), "serve", "s3", "--addr", f"127.0.0.1:{port}", "--allow-origin", "*",
        "--cache-dir", data / ".cache", "--etag-hash", "MD5", "--log-level", "NOTICE", data,
    ]  # fmt: skip
    with folder.log("objects").open("ab") as log:
        part = spawn("objects", command, output=log, unprivileged=True, environ=environ)
    wait_ready(part, lambda: answer(port), log=folder.log("objects"))
    return part


def make_bucket(path: os.PathLike[str]) -> None:
    os.makedirs(path, mode=0o700, exist_ok=True)  # noqa: PTH103 - takes any path-like
    if AS_ROOT:
        os.chown(path, NOBODY, NOBODY)


def answer(port: int) -> int:
    """The status of a bare request: any answer means that it serves (without keys it refuses)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    finally:
        connection.close()


def url(port: int) -> str:
    return f"http://127.0.0.1:{port}"
