"""What a manual says cannot be done on the pages yet is on no page."""

from pathlib import Path

import pytest
from django.urls import reverse

MANUALS = Path(__file__).parents[2] / "docs" / "manuals"
OFFERED = (
    ("镇级办公室", "备案", "scoring:review_policy"),
    ("镇级办公室", "审定", "scoring:review_policy"),
    ("镇级办公室", "异议", "reporting:handling"),
    ("镇级办公室", "审批流程", "approvals:flows"),
    ("镇级办公室", "日历", "calendar:change"),
    ("村积分管理员", "改细则", "scoring:village_rulebooks"),
)


def not_yet(manual: str) -> str:
    lines = (MANUALS / f"{manual}.md").read_text(encoding="utf-8").splitlines()
    [found] = [line for line in lines if line.startswith("* 现在网页上还不能：")]
    return found


@pytest.mark.parametrize(("manual", "what", "page"), OFFERED)
def test_what_a_page_offers_is_not_called_impossible(manual: str, what: str, page: str) -> None:
    assert reverse(page, urlconf="jifen.urls.town").startswith("/")
    assert what not in not_yet(manual)
