"""A group chat that listens, and a channel into it."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.conf import LazySettings


class Robot(BaseHTTPRequestHandler):
    """A group chat's robot, or a gateway: keeps what it is sent, answers with ``status`` and, where it leads on,
    ``location``."""

    heard: list[dict[str, Any]] = []
    status = 200
    location = ""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append(json.loads(body))
        self.send_response(type(self).status)
        if self.location:
            self.send_header("Location", self.location)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def robot() -> type[Robot]:
    Robot.heard, Robot.status, Robot.location = [], 200, ""
    return Robot


@pytest.fixture
def chat(settings: LazySettings, robot: type[Robot]) -> Iterator[str]:
    """The address of a chat that listens, of a kind that this installation allows."""
    settings.NOTIFY_SCHEMES, settings.NOTIFY_HOSTS = ("json",), ("127.0.0.1",)
    server = HTTPServer(("127.0.0.1", 0), robot)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"json://127.0.0.1:{server.server_port}/"
    server.shutdown()
