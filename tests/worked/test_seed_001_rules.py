"""川沙新镇（seed 001）：五大类、三在、八成参与、前百分之五。"""

from datetime import date
from decimal import Decimal

from scoring.rules import library

SCHEME = library.load("seed_001")


def test_the_scheme_is_valid_for_two_years() -> None:
    assert SCHEME.issued == date(2024, 5, 28)
    assert (SCHEME.effective_from, SCHEME.effective_to) == (date(2024, 6, 1), date(2026, 5, 31))


def test_five_classes_hold_all_sixteen_matters_the_document_names() -> None:
    matters = {(rule.category, rule.matter) for rule in SCHEME.rulebook.rules}
    per_class = {name: len([1 for category, _ in matters if category == name]) for name, _ in matters}
    assert per_class == {"人居环境": 4, "文明新风": 3, "知法守规": 3, "人人参与": 3, "底线约束": 3}


def test_a_crossed_bottom_line_takes_points_and_bars_from_honours() -> None:
    bottom = [rule for rule in SCHEME.rulebook.rules if rule.category == "底线约束"]
    assert [rule.matter for rule in bottom] == ["杜绝违法违规行为", "严禁新增“两违”", "杜绝电动自行车违规停放充电"]
    assert {rule.sign for rule in bottom} == {"negative"}
    assert {rule.effect.kind for rule in bottom if rule.effect} == {"bar_honours"}


def test_every_score_is_an_example_because_the_annex_was_not_published() -> None:
    assert {rule.figures for rule in SCHEME.rulebook.rules} == {"example"}


def test_hukou_house_and_at_least_one_person_or_the_meeting_agrees() -> None:
    who = SCHEME.policy.eligibility
    assert (who.kind, who.least_permanent, who.outsiders) == ("three_in", 1, "representatives_meeting")
    assert who.excluded == ("工业区", "企业")


def test_thirty_six_villages_and_four_fifths_of_all_households() -> None:
    assert SCHEME.policy.organisation.villages == 36
    assert SCHEME.policy.participation.target == Decimal("0.8")
    assert SCHEME.policy.participation.base == "total_households"
    assert SCHEME.policy.participation.full_coverage == ("starred", "party_member")


def test_ranked_each_quarter_and_the_first_twentieth_rewarded() -> None:
    lists = SCHEME.policy.lists
    assert (lists.ranking, lists.red, lists.black, lists.reward_share) == (True, None, None, Decimal("0.05"))


def test_redeemed_at_least_once_before_october_with_vouchers_filed() -> None:
    window = SCHEME.policy.redemption.windows[0]
    assert (window.kind, window.least_times, window.before_month) == ("yearly_before", 1, 10)
    assert SCHEME.policy.redemption.vouchers


def test_high_scores_come_first_for_the_most_beautiful_family() -> None:
    assert [(title.name, title.basis) for title in SCHEME.policy.honours.titles] == [("最美家庭", "priority")]
