"""XX镇（seed 000）：原文没有分值，但流程、榜单、兑换和期限写得很具体。"""

from datetime import date

import pytest

from scoring.rules import engine, library
from scoring.rules.engine import Facts

SCHEME = library.load("seed_000")
TOGETHER = library.load("seed_000_003")
A_DAY = date(2025, 5, 5)


def test_every_score_is_marked_as_an_example_because_the_document_gives_none() -> None:
    assert {rule.figures for rule in SCHEME.rulebook.rules} == {"example"}
    assert SCHEME.is_example("effective_from")


@pytest.mark.parametrize(("grade", "points"), [("excellent", 3), ("good", 2), ("pass", 1)])
def test_the_monthly_inspection_grades_a_household(grade: str, points: int) -> None:
    rule = SCHEME.rulebook.rule("ws-01")
    assert engine.price(rule, Facts(date=A_DAY, tier=grade)).points == points
    assert SCHEME.policy.recording.inspection == "monthly"


def test_persons_are_scored_and_their_households_add_them_up() -> None:
    assert SCHEME.policy.eligibility.residents_scored
    assert SCHEME.policy.eligibility.kind == "local_hukou"
    assert SCHEME.rulebook.rule("zy-01").attribution == "resident"


def test_the_contents_the_document_names_are_all_there() -> None:
    names = {category.name for category in SCHEME.rulebook.categories}
    named = {"勤劳致富", "尊老爱幼", "邻里和谐", "勤俭节约", "男女平等", "优秀文化传统", "公共事务", "家庭卫生"}
    assert named | {"志愿和文体活动"} == names


def test_four_parties_sit_in_the_review_with_two_volunteers_of_each_group() -> None:
    seats = {seat.seat: seat for seat in SCHEME.policy.organisation.committee.seats}
    assert list(seats) == ["oversight_committee", "group_volunteer", "village_committees", "group_leader"]
    assert seats["group_volunteer"].least == 2
    assert not seats["group_volunteer"].is_example("least")


def test_four_rankings_are_shown_for_the_quarter_and_cumulatively() -> None:
    notice = SCHEME.policy.notice
    assert notice.rankings == ("household_positive", "household_negative", "resident_positive", "resident_negative")
    assert notice.bases == ("quarter", "cumulative")
    assert notice.changes
    assert notice.is_example("days")


def test_ten_are_red_by_gross_positive_and_ten_black_by_gross_negative() -> None:
    for lists in (SCHEME.policy.lists, TOGETHER.policy.lists):
        assert lists.red and lists.black
        assert (lists.red.size, lists.red.measure) == (10, "gross_positive")
        assert (lists.black.size, lists.black.measure) == (10, "gross_negative")


def test_the_first_three_months_of_the_trial_redeem_monthly() -> None:
    trial = SCHEME.policy.redemption.windows[1]
    assert (trial.kind, trial.first_months) == ("monthly", 3)
    assert SCHEME.policy.redemption.services == ("管道疏通", "空调清洗", "剪头发", "缴纳医保")


def test_four_honours_four_sources_of_money_four_reports() -> None:
    policy = SCHEME.policy
    assert [title.name for title in policy.honours.titles] == ["星级党员", "文明户", "孝道家庭", "道德模范"]
    assert [source.kind for source in policy.funds.sources] == ["subsidy", "collective", "donation", "unit"]
    assert [report.month for report in policy.reports] == [9, 10, 11, 12]


def test_points_neither_cross_the_year_nor_vanish_when_redeemed() -> None:
    assert not SCHEME.policy.year.crosses
    assert SCHEME.policy.redemption.keeps_merit
    assert SCHEME.policy.revision.between_by == "representatives_meeting"


def test_the_third_town_has_the_rules_of_both_and_states_whose_policy_it_takes() -> None:
    both = [*SCHEME.rulebook.rules, *library.load("seed_003").rulebook.rules]
    assert list(TOGETHER.rulebook.rules) == both
    assert TOGETHER.policy.honours.barred_below == 60
    assert TOGETHER.policy.redemption.shops == 21
    assert len(TOGETHER.policy.benefits) == 4
