"""Whom to ask when a password is forgotten: somebody who can really reset it."""

from collections.abc import Callable
from typing import Any

from jifen.kernel.tenancy import outside
from tenants.models import Town


def test_a_towns_people_ask_in_the_village_or_the_office(town: Town, client_for: Callable[..., Any]) -> None:
    assert "村民请找村里的积分管理员" in client_for().get("/login/").text


def test_on_the_public_site_the_operators_reset_passwords(town: Town, client_for: Callable[..., Any]) -> None:
    with outside():
        assert "请联系平台运维人员重设" in client_for().get("/login/").text
