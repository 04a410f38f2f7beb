"""The town's choices about publication."""

from datetime import date
from decimal import Decimal

import pytest

from jifen.kernel.actors import SYSTEM
from reporting import policies
from reporting.errors import PolicyInvalid, PolicyMissing, PolicyTaken
from reporting.models import NoticePolicy
from scoring.rules import library

JANUARY = date(2026, 1, 1)

pytestmark = pytest.mark.usefixtures("town")


def _section(scheme: str) -> dict[str, object]:
    return library.load(scheme).policy.model_dump(mode="json")


@pytest.mark.parametrize("scheme", library.available())
def test_every_template_can_be_chosen(scheme: str) -> None:
    policies.install(section=_section(scheme), effective_from=JANUARY, by=SYSTEM)
    assert policies.on(JANUARY).notice.rankings


def test_each_seed_keeps_its_own_lists() -> None:
    policies.install(section=_section("seed_002"), effective_from=JANUARY, by=SYSTEM)
    lists = policies.on(JANUARY).lists
    assert lists.red is not None
    assert lists.black is not None
    assert (lists.red.size, lists.red.measure) == (3, "net")
    assert (lists.black.size, lists.black.order, lists.black.visibility) == (1, "lowest", "internal")


def test_seed_001_has_no_lists_and_rewards_five_per_cent() -> None:
    policies.install(section=_section("seed_001"), effective_from=JANUARY, by=SYSTEM)
    lists = policies.on(JANUARY).lists
    assert (lists.red, lists.black, lists.reward_share) == (None, None, Decimal("0.05"))


def test_a_black_list_is_internal_unless_stated() -> None:
    section = _section("seed_000")
    section["lists"] = {"black": {"name": "黑榜", "size": 10, "measure": "gross_negative", "order": "highest"}}
    policies.install(section=section, effective_from=JANUARY, by=SYSTEM)
    black = policies.on(JANUARY).lists.black
    assert black is not None
    assert black.visibility == "internal"


def test_a_wrong_choice_is_named_and_not_kept() -> None:
    section = {**_section("seed_000"), "notice": {"days": 0}}
    with pytest.raises(PolicyInvalid, match=r"notice\.days"):
        policies.install(section=section, effective_from=JANUARY, by=SYSTEM)
    assert not NoticePolicy.objects.exists()


def test_a_day_has_one_choice() -> None:
    policies.install(section=_section("seed_000"), effective_from=JANUARY, by=SYSTEM)
    policies.install(section=_section("seed_000"), effective_from=JANUARY, by=SYSTEM)
    with pytest.raises(PolicyTaken):
        policies.install(section=_section("seed_001"), effective_from=JANUARY, by=SYSTEM)


def test_the_newest_choice_in_force_counts() -> None:
    policies.install(section=_section("seed_001"), effective_from=JANUARY, by=SYSTEM)
    policies.install(section=_section("seed_000"), effective_from=date(2026, 7, 1), by=SYSTEM)
    assert policies.on(date(2026, 6, 30)).lists.red is None
    assert policies.on(date(2026, 7, 1)).lists.red is not None


def test_a_town_without_a_choice_is_told_so() -> None:
    with pytest.raises(PolicyMissing):
        policies.on(JANUARY)
