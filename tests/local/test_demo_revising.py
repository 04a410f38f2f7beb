"""The demo's villages and town that make the rules their own."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole, User
from jifen.kernel.actors import SYSTEM, Actor
from jifen.local.demo import deeds, plan, revising
from scoring.models import Adaptation, Resolution, RulebookVersion, VersionState, WhatIfRun
from scoring.rules import findings, library
from scoring.selectors import drafts as seen
from scoring.selectors import rulebooks as books
from scoring.selectors.rules import rules_in_force
from scoring.services import draft_checks, drafts
from scoring.whatif import runs
from tests.scoring.desk import Desk, photo
from tests.scoring.rulebooks import LATER

TOWN = replace(plan.TOWNS[2], name="清溪镇")


@pytest.fixture
def desk(ready_desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    admin = accounts.create(username="admin", display_name="镇管理员", password=None, by=SYSTEM)
    accounts.grant_role(user=admin, role=SiteRole.TOWN_ADMIN, by=SYSTEM)
    monkeypatch.setattr(revising, "photo_of", lambda _seed, _by: photo("ready"))
    monkeypatch.setattr(revising, "until", _carry_out)
    return ready_desk


def _carry_out(done: Callable[[], bool], _what: str) -> None:
    """The worker's part."""
    runs.carry_out(run=WhatIfRun.objects.get())
    assert done()


def _price(desk: Desk, code: str) -> Decimal:
    return Decimal(str(rules_in_force(desk.village, LATER).get(code=code).spec["amount"]["points"]))


def test_a_village_s_meeting_raises_one_price_and_adds_an_item(desk: Desk) -> None:
    before = _price(desk, "tidy")
    version = revising.adapt(desk.village)
    assert (version.state, version.effective_from) == (VersionState.IN_FORCE, LATER)
    assert Resolution.objects.get().is_passed
    assert _price(desk, "tidy") == before + 1 and _price(desk, revising.OWN["code"]) == 2


def test_a_town_tries_its_revision_and_the_village_confirms_it(desk: Desk) -> None:
    revising.adapt(desk.village)
    version = revising.revise(TOWN)
    assert (version.state, version.effective_from) == (VersionState.IN_FORCE, LATER)
    assert WhatIfRun.objects.get().state == "done"
    assert not Adaptation.objects.filter(state="pending").exists()
    own = books.current(desk.village, LATER)
    assert own is not None and own.town_version == version
    assert (
        RulebookVersion.objects.filter(rulebook__village=None).latest("number").resolution == "清溪镇政发〔2025〕26号"
    )


def test_of_two_prices_for_one_deed_the_revision_keeps_one(desk: Desk) -> None:
    scheme = library.load("seed_000_003")
    assert "two_prices" in {one.kind for one in findings.check(scheme.rulebook)}
    admin = Actor.of(User.objects.get(username="admin"))
    draft = drafts.open_draft(village=None, start="template:seed_000_003", by=admin)
    revising._settle_prices(draft, admin)
    assert "two_prices" not in {one.kind for one in draft_checks.found_now(draft).values()}
    left = [rule for rule in seen.whole(draft).rules if rule.title == "简办红白事" and rule.active]
    assert [rule.amount.kind for rule in left] == ["fixed"]


def test_the_newcomer_s_household_does_what_its_village_s_own_item_is_about(desk: Desk) -> None:
    revising.adapt(desk.village)
    known = list(rules_in_force(desk.village, LATER))
    assert [rule.code for rule in deeds._harvested(known, date(plan.YEAR, 4, 1))] == [revising.OWN["code"]]
    assert deeds._harvested(known, date(plan.YEAR, 5, 1)) == []


@pytest.mark.parametrize("code", sorted(library.available()))
def test_a_town_begins_without_what_nobody_signed_for(code: str) -> None:
    scheme: Any = library.load(code)
    begun = findings.guarded(scheme)
    assert not [one for one in findings.check_scheme(begun) if one.kind.startswith("legality")]
    assert [rule.code for rule in begun.rulebook.rules] == [rule.code for rule in scheme.rulebook.rules]
