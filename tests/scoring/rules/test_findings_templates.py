"""What the checks say about the templates that come with the platform, and how fast."""

import pytest

from scoring.rules import findings, library

EXPECTED: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {
    "seed_000": [],
    "seed_001": [("sign_off", "legality", ("rr-01",))],
    "seed_002": [
        ("sign_off", "legality", ("pa-03",)),
        ("sign_off", "legality", ("pa-f02",)),
        ("sign_off", "legality", ("pa-f08",)),
        ("hint", "no_ceiling", ("ml-09",)),
        ("hint", "class_empty", ()),
    ],
    "seed_003": [
        ("sign_off", "legality", ("yf-01",)),
        ("hint", "daily_check_in", ("hj-01",)),
        ("hint", "no_ceiling", ("st-01",)),
        ("hint", "no_ceiling", ("cy-01",)),
        ("sign_off", "legality_benefit", ("loan",)),
        ("sign_off", "legality_benefit", ("support",)),
    ],
    "seed_000_003": [
        ("blocking", "two_prices", ("qj-01", "yf-01")),
        ("sign_off", "legality", ("yf-01",)),
        ("hint", "daily_check_in", ("hj-01",)),
        ("hint", "no_ceiling", ("st-01",)),
        ("hint", "no_ceiling", ("cy-01",)),
        ("sign_off", "legality_benefit", ("loan",)),
        ("sign_off", "legality_benefit", ("support",)),
    ],
}


@pytest.mark.parametrize("code", library.available())
def test_each_template_yields_what_is_known_of_it(code: str) -> None:
    found = findings.check_scheme(library.load(code))
    assert [(one.severity, one.kind, one.codes) for one in found] == EXPECTED[code]


@pytest.mark.parametrize(
    ("code", "item", "word"),
    [
        ("seed_002", "pa-f08", "上访"),
        ("seed_002", "pa-f02", "宗派"),
        ("seed_003", "yf-01", "彩礼"),
        ("seed_001", "rr-01", "考上"),
    ],
)
def test_what_touches_rights_or_private_life_names_the_word(code: str, item: str, word: str) -> None:
    [found] = [one for one in findings.check(library.load(code).rulebook) if one.codes == (item,)]
    assert f"“{word}”" in found.text
    assert found.blocking


def test_points_for_medical_insurance_may_be_offered() -> None:
    scheme = library.load("seed_000")
    assert "缴纳医保" in scheme.policy.redemption.services[-1]
    assert not findings.check_policy(scheme.policy)


@pytest.mark.parametrize("code", library.available())
def test_every_proposal_can_be_carried_out_and_settles_its_finding(code: str) -> None:
    book = library.load(code).rulebook
    for found in findings.check(book):
        if found.remedy is None or not found.remedy.changes:
            continue
        after = findings.apply(book, found.remedy)
        assert (found.kind, found.codes) not in {(one.kind, one.codes) for one in findings.check(after)}
