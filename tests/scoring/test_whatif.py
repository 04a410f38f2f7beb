"""试算: a draft tried on the months gone by; who would win, who would lose, and why. The ledger is only read."""

from decimal import Decimal
from typing import Any

import pytest

from jifen.clocks.models import Work
from jifen.kernel.actors import Actor
from scoring import errors, selectors, tasks
from scoring.models import Entry, Posting, WhatIfRun
from scoring.rules.periods import months_on
from scoring.rules.spec import Rulebook
from scoring.selectors import whatif as seen
from scoring.selectors.rulebooks import current, whole
from scoring.whatif import runs, single
from scoring.whatif.compare import Row, Side, Terms, place
from tenants.community.services import cells
from tests.clients import api_client
from tests.scoring import wide
from tests.scoring.desk import DAY, NOW, Desk, last_year, rule
from tests.scoring.rulebooks import Office


def book(**changed: dict[str, Any] | None) -> Rulebook:
    """The rulebook in force, with items changed (``tidy={"points": 5}``: its amount) or, for None, left out."""
    version = current(None, DAY)
    assert version is not None
    kept = whole(version).model_dump(mode="json")
    kept["rules"] = [one for one in kept["rules"] if changed.get(one["code"], {}) is not None]
    for one in kept["rules"]:
        one["amount"] |= changed.get(one["code"]) or {}
    return Rulebook.model_validate(kept)


@pytest.fixture
def posted(desk: Desk) -> Desk:
    """张三 earned 4 by tidiness and lost 3; 李四 planted three trees."""
    wide.install(desk)
    other = desk.cast.household(name="李四", number="90002")
    for code in ("tidy", "tidy", "litter"):
        desk.record(code)
    desk.record("trees", household=other, facts={"quantity": "3"})
    desk.post()
    return desk


def tried(desk: Desk, draft: Rulebook, **more: Any) -> WhatIfRun:
    run = runs.start(rulebook=draft, village=desk.village, title="试一试", by=desk.by, **more)
    assert tasks.whatif(run.pk) == "done"
    run.refresh_from_db()
    return run


def test_the_same_rulebook_changes_nothing(posted: Desk) -> None:
    run = tried(posted, book())
    assert run.summary is not None and (run.summary["winners"], run.summary["losers"]) == (0, 0)
    assert run.summary["merit"] == {"before": "10", "after": "10"} and run.done == run.total == 4


def test_winners_and_losers_stand_with_the_why_of_each_change(posted: Desk) -> None:
    run = tried(posted, book(tidy={"points": "5"}, trees={"points": "1"}))
    rows = {row.household.number: row for row in seen.households(run)}
    won, lost = rows[posted.zhang.number], rows["90002"]
    assert (won.merit_before, won.merit_after, won.gain) == (1, 7, 6)
    assert lost.gain == -6 and (lost.rank_before, lost.rank_after) == (1, 2)
    [why] = won.reasons
    assert (why["title"], why["deeds"], why["before"], why["after"]) == ("庭院整洁", 2, "4", "10")
    assert why["why"].startswith("细则：庭院整洁，+5分")


def test_the_why_cites_the_number_that_is_printed(posted: Desk) -> None:
    kept = book(tidy={"points": "5"}).model_dump(mode="json")
    for one in kept["rules"]:
        one["number"] = "A-3.2" if one["code"] == "tidy" else None
    row = seen.households(tried(posted, Rulebook.model_validate(kept)), "winners").get()
    assert row.reasons[0]["why"].startswith("规则A-3.2：庭院整洁，+5分")


def test_an_item_that_is_gone_gives_nothing_and_says_so(posted: Desk) -> None:
    run = tried(posted, book(trees=None))
    row = seen.households(run, "losers").get()
    assert row.merit_after == 0 and row.reasons[0]["why"] == "新细则没有这一条，不计分"


def test_an_item_that_was_switched_off_says_so_as_a_trial_does(posted: Desk) -> None:
    kept = book().model_dump(mode="json")
    for one in kept["rules"]:
        one["active"] = one["code"] not in ("trees", "litter")
    run = tried(posted, Rulebook.model_validate(kept))
    why = {one["code"]: one["why"] for row in seen.households(run) for one in row.reasons}
    assert why["trees"] == "这一条在修订稿里已停用，当时计的9分不再计"
    assert why["litter"] == "这一条在修订稿里已停用，当时扣的3分不再扣"


def test_an_item_for_other_days_says_for_which(posted: Desk) -> None:
    kept = book().model_dump(mode="json")
    for one in kept["rules"]:
        if one["code"] == "trees":
            one["until"] = f"{months_on(DAY, -1)}"
    row = seen.households(tried(posted, Rulebook.model_validate(kept)), "losers").get()
    why = row.reasons[0]["why"]
    assert why.startswith("这一条在修订稿里只计") and why.endswith("，当时计的9分不再计") and "请" not in why


def test_what_a_form_would_ask_is_not_asked_in_a_trial(posted: Desk) -> None:
    kept = book().model_dump(mode="json")
    for one in kept["rules"]:
        if one["code"] == "trees":
            one |= {"subject": "resident", "attribution": "resident"}
    row = seen.households(tried(posted, Rulebook.model_validate(kept)), "undecided").get()
    assert row.reasons[0]["why"] == "新细则下要由人认定（“植树”只对个人计分），暂按原来的分计"


def test_caps_and_what_looks_back_hold_in_the_run(posted: Desk) -> None:
    kept = book().model_dump(mode="json")
    for one in kept["rules"]:
        if one["code"] == "tidy":
            one["limits"] = [{"kind": "count", "value": "1", "period": "month"}]
    run = tried(posted, Rulebook.model_validate(kept))
    row = seen.households(run, "losers").get()
    assert row.gain == -2 and "本月限计1次，已计1次" in row.reasons[0]["why"]


def test_a_single_deed_counts_after_those_told_before_it(posted: Desk) -> None:
    kept = book().model_dump(mode="json")
    kept["rules"][0]["limits"] = [{"kind": "count", "value": "1", "period": "month"}]
    later, first = single.recent("tidy", posted.village.pk)
    limited = Rulebook.model_validate(kept)
    assert [single.once_more(limited, first).now.merit, single.once_more(limited, first).got] == [2, 2]
    told = single.once_more(limited, later)
    assert [told.now.merit, told.got] == [0, 2] and "本月限计1次，已计1次" in told.now.why
    assert "庭院整洁，+2分" in told.got_why


def test_a_single_deed_that_waits_comes_after_those_of_earlier_days_posted_since(desk: Desk) -> None:
    day = months_on(DAY, -1)
    last_year(desk, sealed=False)
    waiting = desk.record("tidy", happened_on=DAY, declared_by="self", declarer=desk.head())
    desk.record("tidy", happened_on=day)
    desk.post(day)
    assert single.recent("tidy", desk.village.pk)[0] == waiting
    kept = book().model_dump(mode="json")
    kept["rules"][0]["limits"] = [{"kind": "count", "value": "1", "period": "ever"}]
    limited = Rulebook.model_validate(kept)
    assert [single.once_more(limited, one).now.merit for one in single.recent("tidy", desk.village.pk)] == [0, 2]


def test_what_a_person_would_have_to_decide_keeps_its_points_and_is_counted(posted: Desk) -> None:
    kept = book().model_dump(mode="json")
    for one in kept["rules"]:
        if one["code"] == "tidy":
            one["amount"] = {"kind": "range", "least": "1", "most": "3"}
    run = tried(posted, Rulebook.model_validate(kept))
    assert run.summary is not None and run.summary["undecided"] == 2
    row = seen.households(run, "undecided").get()
    assert row.gain == 0 and "要由人认定" in row.reasons[0]["why"]


def test_lists_honours_and_cost_stand_before_and_after(posted: Desk) -> None:
    draft = book(tidy={"points": "6"})
    run = tried(posted, draft, terms=Terms(red=1, honours=1, point_value=Decimal("0.5")))
    assert run.summary is not None
    assert run.summary["red"] == {"before": 1, "after": 1, "came": 0, "went": 0}
    assert [row.household.number for row in seen.households(run, "red")] == ["90002"]
    assert run.summary["cost"] == {"before": "5", "after": "9"}
    assert [row.household.number for row in seen.households(run, "black")] == [posted.zhang.number]


def test_nothing_is_written_to_the_ledger(posted: Desk) -> None:
    before = (Entry.objects.count(), Posting.objects.count(), posted.merit())
    tried(posted, book(tidy={"points": "50"}))
    assert (Entry.objects.count(), Posting.objects.count(), posted.merit()) == before


def test_a_run_waits_in_the_towns_backlog_and_can_be_stopped(posted: Desk) -> None:
    run = runs.start(rulebook=book(), village=None, title="全镇", by=posted.by)
    assert Work.objects.filter(task=runs.TASK, args=[run.pk]).exists()
    with pytest.raises(errors.WhatIfRunning):
        runs.start(rulebook=book(), village=None, title="全镇", by=posted.by)
    assert runs.stop(run=run, by=posted.by).state == "stopped"
    assert tasks.whatif(run.pk) == "stopped" and not run.households.exists()
    with pytest.raises(errors.WhatIfOver):
        runs.stop(run=run, by=posted.by)


def test_a_run_that_is_stopped_half_way_keeps_nothing(posted: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    run = runs.start(rulebook=book(), village=None, title="全镇", by=posted.by)
    monkeypatch.setattr(runs, "_keep", lambda *_: WhatIfRun.objects.update(is_stopping=True))
    assert tasks.whatif(run.pk) == "stopped"
    run.refresh_from_db()
    assert run.summary is None and run.ended_at is not None


def test_days_that_cannot_be_are_refused(posted: Desk) -> None:
    with pytest.raises(errors.WhatIfDays):
        runs.start(rulebook=book(), village=None, title="", since=DAY, until=DAY.replace(year=2001), by=posted.by)
    assert not WhatIfRun.objects.exists()


def test_the_admin_reads_runs_of_the_town_alone(posted: Desk) -> None:
    own = tried(posted, book())
    town = runs.start(rulebook=book(), village=None, title="全镇", by=Actor.of(posted.officer))
    tasks.whatif(town.pk)
    api = api_client(posted.cast.admin())
    assert [one["id"] for one in api.get("/api/v1/whatif-runs/").json()["results"]] == [town.pk]
    assert api.get(f"/api/v1/whatif-runs/{own.pk}/").status_code == 404
    rows = api.get(f"/api/v1/whatif-runs/{town.pk}/households/?only=black").json()
    assert [row["household"] for row in rows] == [posted.zhang.number]
    assert api_client(posted.steward).get("/api/v1/whatif-runs/").status_code == 403


def test_a_draft_without_what_a_village_had_changed_is_tried_with_the_rest(posted: Desk, office: Office) -> None:
    draft = office.village_draft()
    office.amend(draft, "tidy", 5)
    office.add(draft)
    office.ready(draft)
    office.resolve(draft)
    version = office.submit(draft)
    run = runs.start(rulebook=book(tidy=None), village=None, title="试一试", until=version.effective_from, by=posted.by)
    assert tasks.whatif(run.pk) == "done"
    run.refresh_from_db()
    assert (run.state, run.problem) == ("done", "")
    assert run.summary is not None
    [lost] = run.summary["dropped"]
    assert lost["village"] == posted.village.name
    assert lost["changes"] == [{"title": "庭院整洁", "why": "修订稿里没有这一条"}]
    assert tried(posted, book()).summary["dropped"] == []  # type: ignore[index]


def _sides(*told: tuple[int, int]) -> list[Row]:
    """Households by merit and by what was taken."""
    return [
        Row(pk, 1, f"{pk:05}", before=Side(merit=Decimal(merit), negative=Decimal(-taken)))
        for pk, (merit, taken) in enumerate(told, start=1)
    ]


@pytest.mark.parametrize(
    ("told", "red", "black"), [
        ([(5, 0), (5, 0), (5, 0)], [1, 2, 3], []),
        ([(9, 0), (5, 0), (5, 0)], [1], []),
        ([(9, 2), (9, 1), (9, 0)], [2, 3], [1, 2]),
        ([(0, 0), (0, 0), (0, 0)], [], []),
        ([(1, 4), (1, 4), (1, 4)], [1, 2, 3], []),
    ],
)  # fmt: skip
def test_a_list_of_a_trial_never_outgrows_its_size_by_a_tie(
    told: list[tuple[int, int]], red: list[int], black: list[int]
) -> None:
    village = _sides(*told)
    place(village, Terms(red=2, black=2))
    assert [row.household for row in village if row.before.is_red] == red
    assert [row.household for row in village if row.before.is_black] == black


def _in_classes(draft: Rulebook, *classes: dict[str, Any], **of: str) -> Rulebook:
    """The draft with named classes, and items that belong to one (``tidy="good"``)."""
    kept = draft.model_dump(mode="json")
    kept["settings"]["classes"] = list(classes)
    for one in kept["rules"]:
        one["point_class"] = of.get(one["code"])
    return Rulebook.model_validate(kept)


GOOD: dict[str, Any] = {"code": "good", "name": "善行分", "weight": "1.5"}


@pytest.fixture
def weighed(desk: Desk) -> Desk:
    """张三 did good: 5 × 1.5 + 2; 李四 has 9. What counts for goods alone ranks nobody."""
    goods = {"code": "goods", "name": "礼品分", "counts_for": "redeem"}
    more = [rule("care", "照料老人", 5, point_class="good"), rule("cheer", "助兴", 4, point_class="goods")]
    wide.install(desk, more=more, settings={"classes": [GOOD, goods]})
    other = desk.cast.household(name="李四", number="90002")
    for code in ("care", "cheer", "tidy"):
        desk.record(code)
    desk.record("trees", household=other, facts={"quantity": "3"})
    desk.post()
    return desk


def test_points_of_a_class_weigh_before_and_after_as_on_the_lists(weighed: Desk) -> None:
    run = tried(weighed, book())
    [ranked] = [row for row in selectors.rankings(year=NOW.year) if row.id == weighed.zhang.pk]
    row = run.households.get(household=weighed.zhang)
    assert (row.merit_before, row.merit_after) == (ranked.net, ranked.net) == (Decimal("9.5"), Decimal("9.5"))
    assert (row.rank_before, row.rank_after, row.gain, row.reasons) == (1, 1, 0, [])
    assert run.summary is not None and run.summary["told"]["merit"] == "分类积分按各自的权重折算"


def test_a_draft_that_weighs_otherwise_moves_those_that_did_it(weighed: Desk) -> None:
    run = tried(weighed, _in_classes(book(), GOOD | {"weight": "0.33"}, care="good"), terms=Terms(red=1))
    row = run.households.get(household=weighed.zhang)
    assert (row.merit_before, row.merit_after, row.rank_after) == (Decimal("9.5"), Decimal("7.65"), 2)
    assert row.redeemable_after == row.redeemable_before == 11
    told = {reason["code"]: reason["why"] for reason in row.reasons}
    assert told["care"].endswith("，排名时乘0.33（原来乘1.5）") and told["cheer"].endswith("，排名时乘1（原来乘0）")
    assert run.summary is not None and run.summary["red"] == {"before": 1, "after": 1, "came": 1, "went": 1}


def test_a_sum_of_weighed_points_is_rounded_once(weighed: Desk) -> None:
    small = book(care={"points": "0.25"}, cheer={"points": "0.25"}, tidy={"points": "0.25"})
    draft = _in_classes(small, GOOD | {"weight": "0.33"}, care="good", cheer="good", tidy="good")
    row = tried(weighed, draft).households.get(household=weighed.zhang)
    assert row.merit_after == Decimal("0.25")  # 3 × 0.0825, not 3 × 0.08


def test_a_deed_of_a_cell_stands_with_each_household_on_both_sides(desk: Desk) -> None:
    wide.install(desk, more=[rule("cell", "联户互助", 4, attribution="cell")])
    other = desk.cast.household(name="李四", number="90002")
    cell = cells.make(village=desk.village, name="第一组", by=desk.by)
    cells.put_in(cell=cell, numbers=[desk.zhang.number, "90002"], on=DAY, by=desk.by)
    desk.record("cell")
    desk.record("tidy")
    desk.post()
    kept = book(cell={"points": "10"}).model_dump(mode="json")
    for one in kept["rules"]:
        one["attribution"] = "cell" if one["code"] in ("cell", "tidy") else one["attribution"]
    run = tried(desk, Rulebook.model_validate(kept))
    rows = {row.household_id: (row.merit_before, row.merit_after) for row in seen.households(run)}
    assert (rows[desk.zhang.pk], rows[other.pk]) == ((4, 6), (2, 6))
