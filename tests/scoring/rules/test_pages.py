"""docs/rules: there is a page for every kind, and the engine prices every example as the page says."""

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest

from scoring.rules import balances, engine, files, grants, pools
from scoring.rules.base import plain
from scoring.rules.candidates import Candidate
from scoring.rules.engine import Facts, People
from scoring.rules.sequence import sequence
from scoring.rules.spec import Balance, BaseGrant, Pool, Rulebook, RuleSpec
from scoring.rules.spec_amounts import AnyAmount
from scoring.rules.spec_effects import EFFECT_NAMES
from scoring.rules.spec_limits import EVERY
from scoring.rules.spec_people import TARGET_NAMES
from scoring.rules.spec_sources import PROOF_NAMES
from tests.scoring.rules.build import rule

FOLDER = Path(__file__).resolve().parents[3] / "docs" / "rules"
PAGES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
LOOKS = ["cooldown", "streak", "repeat", "after_warning", "group", "not_with", "repair"]
PARTS = [*LOOKS, "limits", "inputs", "effects", "attribution", "multipliers", "rating", "proofs", "catch_all", "feed"]
SETTINGS = ["base", "balances", "pools", "fractions", "measures", "shared_limits"]


def example_of(page: Path) -> dict[str, Any]:
    """The one YAML block of a page."""
    [block] = re.findall(r"```yaml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    data: dict[str, Any] = files.read(block).data
    return data


def computed(example: dict[str, Any]) -> list[dict[str, Any]]:
    """What the engine makes of each case of an example."""
    if "base" in example:
        return [_granted(BaseGrant.model_validate(example["base"]), case) for case in example["cases"]]
    if "balance" in example:
        return [_moved(Balance.model_validate(example["balance"]), case) for case in example["cases"]]
    if "pool" in example:
        return [_divided(Pool.model_validate(example["pool"]), case) for case in example["cases"]]
    return list(_awarded(example))


def _awarded(example: dict[str, Any]) -> Iterator[dict[str, Any]]:
    rules = [_rule(part) for part in example.get("rules") or [example["rule"]]]
    book = Rulebook.model_validate(
        {
            "categories": [{"name": "美丽建设", "limits": example.get("category_limits", [])}],
            "rules": [item.model_dump(mode="json") for item in rules],
            "settings": example.get("settings", {}),
        }
    )
    deeds = [_deed(book, place, case) for place, case in enumerate(example["cases"])]
    for result in sorted(sequence(deeds), key=lambda result: result.key):
        award = result.award
        shares = {share.target: plain(share.points) for share in award.shares}
        ends = award.expires_on.isoformat() if award.expires_on else "没有"
        yield {"得分": plain(award.points), "分给": shares, "到期": ends, "说明": award.explanation}


def _rule(part: dict[str, Any]) -> RuleSpec:
    return rule(**{"code": "hj-01", "text": part["title"], **part})


def _deed(book: Rulebook, place: int, case: dict[str, Any]) -> Candidate:
    spec = book.rule(case.get("条目", book.rules[0].code))
    told = dict(case.get("填写", {}))
    people = told.pop("people", None)
    if people is not None:
        people = People(
            frozenset(people.get("roles", ())), tuple(people.get("members", ())), tuple(people.get("cell", ()))
        )
    day = _day(case.get("日期", "2025-03-05"))
    award = engine.price(spec, Facts(date=day, people=people, **told), book.settings)
    return Candidate(key=f"{place:03d}", rule=spec, date=day, award=award, household="张家", village="一村", book=book)


def _day(told: Any) -> date:
    return told if isinstance(told, date) else date.fromisoformat(told)


def _granted(base: BaseGrant, case: dict[str, Any]) -> dict[str, Any]:
    made = grants.grant(base, day=_day(case["日期"]), joined=_day(case["参加"]), members=case["成员"])
    return {"得分": plain(made.points), "说明": made.explanation}


def _moved(bounds: Balance, case: dict[str, Any]) -> dict[str, Any]:
    found = balances.moved(Decimal(case["现有"]), Decimal(case["变动"]), bounds)
    return {"得分": plain(found.points), "说明": found.why or "照常变动"}


def _divided(pool: Pool, case: dict[str, Any]) -> dict[str, Any]:
    points = {home: Decimal(value) for home, value in case["积分"].items()}
    found = pools.divide(pool, Decimal(case["金额"]), points)
    return {"分给": {home: plain(share) for home, share in found.shares.items()}, "说明": found.explanation}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_engine_prices_each_example_as_its_page_says(page: Path) -> None:
    example = example_of(page)
    assert example["cases"]
    for case, made in zip(example["cases"], computed(example), strict=True):
        stated = {key: case[key] for key in made if key in case}
        assert "说明" in stated
        assert {key: _text(value) for key, value in stated.items()} == {key: made[key] for key in stated}


def _text(value: Any) -> Any:
    return {home: _text(one) for home, one in value.items()} if isinstance(value, dict) else str(value)


def test_every_kind_has_its_page_and_every_page_stands_in_the_list() -> None:
    kinds = [get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(AnyAmount)]
    names = {page.stem for page in PAGES}
    assert names == {*kinds, *PARTS, *SETTINGS}
    listed = re.findall(r"\]\((\w+)\.md\)", (FOLDER / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(names)


def test_every_page_and_the_manual_show_the_form_filled_in() -> None:
    manual = (FOLDER.parent / "manuals" / "积分细则怎么配.md").read_text(encoding="utf-8")
    for page in PAGES:
        picture = f"../images/rules/{page.stem}.png"
        assert picture in page.read_text(encoding="utf-8") and picture in manual, page.stem
        assert (FOLDER / picture).stat().st_size > 2000, page.stem


@pytest.mark.parametrize(
    ("page", "words"),
    [("effects", EFFECT_NAMES), ("limits", EVERY), ("attribution", TARGET_NAMES), ("proofs", PROOF_NAMES)],
)
def test_a_page_names_every_choice_there_is(page: str, words: dict[str, str]) -> None:
    text = (FOLDER / f"{page}.md").read_text(encoding="utf-8")
    assert [word for word in words if f"`{word}`" not in text] == []
