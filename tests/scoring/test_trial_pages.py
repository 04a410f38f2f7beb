"""试算 on pages: begun from the draft's way, followed, stopped, and read household by household."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from jifen.kernel import clock
from reporting.policies import ReportingPolicy
from reporting.trial import TownLists
from scoring import ports, tasks
from scoring.models import Draft, WhatIfRun
from scoring.selectors import drafts as seen
from scoring.services import draft_checks, drafts
from scoring.whatif import runs
from tests.scoring.desk import NOW
from tests.scoring.rulebooks import LATER, Office

Browser = Callable[..., Any]


@pytest.fixture
def checked(office: Office) -> Draft:
    """张三 was tidy once and littered; 李四 planted. The draft gives five points for tidiness."""
    desk = office.desk
    desk.record("tidy")
    desk.record("litter")
    desk.record("trees", household=desk.cast.household(name="李四", number="90002"), facts={"quantity": "3"})
    desk.post()
    draft = office.town_draft()
    office.price(draft, points=5)
    draft.refresh_from_db()
    draft = draft_checks.check(draft=draft, by=office.zhou)
    for finding in seen.open_findings(draft):
        draft_checks.sign_off(draft=draft, finding=finding.pk, reason="镇里研究过，照旧保留", by=office.zhou)
    return Draft.objects.get(pk=draft.pk)


def at(name: str, draft: Draft, *more: Any) -> str:
    return reverse(f"scoring:office_{name}", args=[draft.pk, *more])


def text(answer: Any) -> str:
    return str(answer.content.decode())


def begun(browser: Any, draft: Draft, period: str = "year") -> WhatIfRun:
    browser.post(at("step", draft, "try"), {"period": period})
    return WhatIfRun.objects.get()


def test_a_trial_begins_on_the_drafts_way_and_counts_as_its_step(
    office: Office, client_for: Browser, checked: Draft
) -> None:
    browser = client_for(office.desk.cast.admin())
    assert "开始试算" in text(browser.get(at("way", checked)))
    run = begun(browser, checked)
    assert "看进度" in text(browser.get(at("way", checked)))
    assert "正在试算" in text(browser.get(at("trial", checked, run.pk)))
    assert tasks.whatif(run.pk) == "done"
    answer = browser.get(at("trial_state", checked, run.pk))
    assert answer.headers["HX-Refresh"] == "true"
    checked.refresh_from_db()
    assert checked.state == "tried" and seen.trial_of(checked)
    page = text(browser.get(at("way", checked)))
    assert "看试算结果" in page and f"（{run.actor_name}）" in page and "（系统）" not in page


def test_the_result_shows_each_household_and_why(office: Office, client_for: Browser, checked: Draft) -> None:
    browser = client_for(office.desk.cast.admin())
    run = begun(browser, checked)
    tasks.whatif(run.pk)
    page = text(browser.get(at("trial", checked, run.pk)))
    assert "分多了的" in page and "分少了的" not in page and "庭院整洁" in page
    won = run.households.get(gain__gt=0)
    one = text(browser.get(at("trial_household", checked, run.pk, won.pk)))
    assert "细则：庭院整洁，+5分" in one and "看存折" in one and "TIDY" not in one + page
    assert "90002" not in text(browser.get(at("trial", checked, run.pk), {"only": "winners"}))
    assert "90002" in text(browser.get(at("trial", checked, run.pk), {"q": "李四"}))


def tried_page(office: Office, client_for: Browser, until: date = NOW) -> str:
    """What the trial of the town's unchanged rulebook says of 张三, who was tidy under an earlier wording."""
    run = runs.start_for_draft(draft=office.town_draft(), until=until, by=office.zhou)
    assert tasks.whatif(run.pk) == "done"
    assert run.draft is not None
    row = run.households.get(household=office.desk.zhang)
    return text(client_for(office.desk.cast.admin()).get(at("trial_household", run.draft, run.pk, row.pk)))


def test_a_deed_priced_by_an_older_version_says_by_which(office: Office, client_for: Browser) -> None:
    office.desk.record("tidy")
    office.desk.post()
    office.town_version(points=5)
    page = tried_page(office, client_for)
    since = f"{NOW.year - 1}年1月1日"
    assert f"当时按镇里第1版（{since}起）的这一条计，和镇里最新的不一样" in page


def test_an_item_that_the_village_changed_since_says_so(office: Office, client_for: Browser) -> None:
    office.desk.record("tidy")
    office.desk.post()
    office.village_version(points=3)
    page = tried_page(office, client_for, until=LATER)
    own = f"本村第1版（{LATER.year}年{LATER.month}月1日起）改过，试算照本村改的算"
    assert f"当时按镇里第1版（{NOW.year - 1}年1月1日起）的这一条计，{own}" in page


def test_an_item_that_the_village_switched_off_is_not_laid_on_the_draft(office: Office, client_for: Browser) -> None:
    office.desk.record("tidy")
    office.desk.post()
    draft = office.village_draft()
    drafts.switch_item(draft=draft, code="tidy", revision=None, on=False, by=office.wang)
    office.ready(draft)
    office.resolve(draft)
    office.submit(draft)
    page = tried_page(office, client_for, until=LATER)
    assert "这一条本村已停用，当时计的2分不再计" in page and "修订稿里已停用" not in page


def test_a_deed_priced_by_what_is_in_force_says_nothing_of_it(
    office: Office, client_for: Browser, checked: Draft
) -> None:
    browser = client_for(office.desk.cast.admin())
    run = begun(browser, checked)
    tasks.whatif(run.pk)
    won = run.households.get(gain__gt=0)
    assert "当时按" not in text(browser.get(at("trial_household", checked, run.pk, won.pk)))


def test_a_trial_is_stopped_on_its_page(office: Office, client_for: Browser, checked: Draft) -> None:
    browser = client_for(office.desk.cast.admin())
    run = begun(browser, checked)
    page = text(browser.post(at("trial_stop", checked, run.pk), follow=True))
    assert "已停止" in page and "回去再试" in page
    assert "已经" in text(browser.post(at("trial_stop", checked, run.pk), follow=True))
    checked.refresh_from_db()
    assert checked.state == "checked"


@pytest.mark.parametrize("sent", [{}, {"period": "own"}, {"period": "own", "since": "2026-02-31", "until": "x"}])
def test_a_trial_without_days_is_refused(
    office: Office, client_for: Browser, checked: Draft, sent: dict[str, str]
) -> None:
    page = text(client_for(office.desk.cast.admin()).post(at("step", checked, "try"), sent, follow=True))
    assert "请选试算哪一段时间" in page and not WhatIfRun.objects.exists()


def test_own_days_are_tried(office: Office, client_for: Browser, checked: Draft) -> None:
    sent = {"period": "own", "since": f"{NOW - timedelta(days=3)}", "until": f"{NOW}"}
    client_for(office.desk.cast.admin()).post(at("step", checked, "try"), sent)
    run = WhatIfRun.objects.get()
    assert (run.since, run.until) == (NOW - timedelta(days=3), NOW)


def test_another_towns_people_find_no_trial(office: Office, client_for: Browser, checked: Draft) -> None:
    run = begun(client_for(office.desk.cast.admin()), checked)
    steward = client_for(office.desk.steward)
    assert steward.get(at("trial", checked, run.pk)).status_code == 403
    assert steward.get(reverse("scoring:village_trial", args=[checked.pk, run.pk])).status_code == 404


def lists(**more: Any) -> TownLists:
    """A town with a red list of one, a black list of one by gross deductions, and titles for the first half."""
    rule = {"size": 1, "subject": "household"}
    return TownLists(ReportingPolicy.model_validate({
        "notice": {"days": 7, "places": ["village_board"], "rankings": ["household_net"]},
        "objection": {"days": 5, "investigators": ["审核委员会"]},
        "lists": {"red": {"name": "红榜", "measure": "net", "order": "highest", **rule},
                  "black": {"name": "黑榜", "measure": "gross_negative", "order": "highest", **rule},
                  "reward_share": "0.5"},
        "honours": {"titles": [], "barred_below": "5"} | more,
    }))  # fmt: skip


def tally(pk: int, positive: int, negative: int = 0) -> ports.Tally:
    return ports.Tally(pk, 1, f"{pk:05}", Decimal(positive), Decimal(negative))


def test_lists_are_made_as_on_the_notice() -> None:
    listed = lists().of([tally(1, 20), tally(2, 20), tally(3, 4, 9), tally(4, 10)])
    assert [sorted(part) for part in (listed.red, listed.black, listed.honoured)] == [[1, 2], [3], [1, 2]]
    assert lists().words["red"] == "“红榜”：总积分最高的1户"


def test_who_is_barred_from_honours_is_not_on_the_red_list() -> None:
    listed = lists().of([tally(1, 20)._replace(barred=True), tally(2, 9)])
    assert sorted(listed.red) == [2]


def test_who_is_below_the_bar_gets_no_title() -> None:
    assert lists().of([tally(1, 4), tally(2, 1)]).honoured == set()
    assert "低于5分的不评" in lists().words["honours"]


def test_a_run_reads_the_towns_lists_and_prices(
    office: Office, checked: Draft, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ports, "_list_rules", [lambda day: lists()])
    monkeypatch.setattr(ports, "_point_prices", [lambda a, b: {office.village.pk: Decimal("0.5")}])
    run = runs.start_for_draft(draft=checked, until=clock.today(), by=office.zhou)
    tasks.whatif(run.pk)
    run.refresh_from_db()
    assert run.summary is not None and run.summary["told"]["red"] == "“红榜”：总积分最高的1户"
    assert run.summary["red"] == {"before": 1, "after": 1, "came": 0, "went": 0}
    free = [max(row.redeemable_after, Decimal(0)) for row in run.households.all()]
    assert Decimal(run.summary["cost"]["after"]) == sum(free) / 2
