"""What 镇经办 may not do, as the permissions have it, the page of the office's accounts and the manual say it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jifen.approvals.permissions import ApprovalsPermission
from jifen.inbox.permissions import InboxPermission
from jifen.kernel.permissions import Permission, allotted_to
from reporting.permissions import ReportingPermission
from scoring.permissions import ScoringPermission
from tenants.community.permissions import CommunityPermission
from tests.cast import Cast

Clients = Callable[..., Any]
MANUAL = Path(__file__).parents[2] / "docs" / "manuals" / "镇级办公室.md"
ADMIN_ONLY = {
    CommunityPermission.MANAGE_TOWN: ("村居", "办公室账号", "工作移交", "日历"),
    InboxPermission.MANAGE_CHANNELS: ("提醒渠道",),
    ScoringPermission.MANAGE_RULES: ("自动采集的密钥", "修订细则", "审核办法"),
    ApprovalsPermission.DESIGN: ("审批流程",),
    ApprovalsPermission.ADMINISTER: ("停住的审批",),
    ReportingPermission.HANDLING: ("异议的办理期限",),
}


def test_the_two_roles_of_the_office_differ_in_what_the_page_and_the_manual_name(
    cast: Cast, client_for: Clients
) -> None:
    assert _may("town_officer") < _may("town_admin")
    assert _may("town_admin") - _may("town_officer") == set(ADMIN_ONLY)
    page = client_for(cast.admin()).get("/office/accounts/").text
    told = [_between(text, "不能管", "由镇管理员处理") for text in (page, MANUAL.read_text(encoding="utf-8"))]
    assert told[0] == told[1]
    assert all(word in told[0] for words in ADMIN_ONLY.values() for word in words)


def test_an_officer_proposes_and_approves_a_years_close(cast: Cast, client_for: Clients) -> None:
    assert ScoringPermission.CLOSE_YEAR in allotted_to("town_officer")
    assert client_for(cast.officer()).get("/office/years/").status_code == 200
    page = client_for(cast.admin()).get("/office/accounts/").text
    assert "提出、批准年终封账" in page and "提出、批准年终封账" in MANUAL.read_text(encoding="utf-8")


def _may(role: str) -> set[Permission]:
    """What rooms have allotted to the role; other tests allot permissions of their own."""
    return {one for one in allotted_to(role) if not type(one).__module__.startswith("tests.")}


def _between(text: str, start: str, end: str) -> str:
    """The first passage from ``start`` to ``end``."""
    return start + text.partition(start)[2].partition(end)[0]
