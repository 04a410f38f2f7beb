"""Every kind that a room has registered can be designed, tried and read about; what decides it says so elsewhere."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from jifen.approvals import catalog, conditions, gate, registry, selectors, services, wording
from jifen.approvals.definition import check_conditions, parse
from jifen.approvals.errors import DecidedByFlow
from jifen.kernel.actors import SYSTEM, Actor
from tests.approvals.deeds import OFFICER, Deed, started
from tests.cast import Cast

DOCS = Path(__file__).parents[2] / "docs" / "flows.md"
KINDS = sorted(kind.kind for kind in registry.kinds())
VALUES = {"number": "1", "text": "本人", "yes_no": "是", "date": "2025-03-05"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_fact_has_a_word_and_can_be_a_condition(kind: str) -> None:
    facts = registry.facts_of(kind)
    assert set(facts) <= set(wording.FACTS)
    for name, of in facts.items():
        text = conditions.text("||", [conditions.Row(name, "==", VALUES[of])], facts)
        check_conditions(parse([{**OFFICER, "when": text}]), facts)


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_says_how_it_is_decided(kind: str) -> None:
    assert catalog.for_kind(kind) or (registry.standard_of(kind) is not None or registry.subject(kind).without)


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_designed_and_tried(cast: Cast, client_for: Callable[..., Any], kind: str) -> None:
    zhou, village = client_for(cast.admin()), cast.village()
    cast.household(name="张三")
    assert zhou.get(f"/office/flows/{kind}/").status_code == 200
    subject = registry.subject(kind)
    given = {
        f"fact_{name}": subject.values.get(name, [VALUES[of]])[0] if of != "yes_no" else "yes"
        for name, of in subject.facts.items()
    }
    page = zhou.get(f"/office/flows/{kind}/drive/", {"village": village.pk, "person": "张三", **given})
    assert page.status_code == 200, page.text
    assert "张三" in page.text


@pytest.mark.parametrize("kind", KINDS)
def test_the_documentation_names_its_facts(kind: str) -> None:
    found = re.search(rf"^\| [^|]*`{kind}`[^|]* \|(.*)$", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert found, f"docs/flows.md has no row for {kind}"
    assert all(f"`{name}`" in found[1] for name in registry.facts_of(kind))


def test_without_a_flow_the_direct_word_is_free(cast: Cast, deed: Deed) -> None:
    by = Actor.of(cast.officer())
    gate.require_direct("deed", 1, by=by)
    assert not selectors.has_flow("deed") and not gate.asks("deed", {"points": 5})


def test_with_a_flow_it_says_where_the_subject_stands(cast: Cast, deed: Deed) -> None:
    by, item = Actor.of(cast.officer()), started(OFFICER)
    with pytest.raises(DecidedByFlow, match=r"张三 打扫公共场所1.*经办.*待办") as refused:
        gate.require_direct("deed", 1, by=by)
    assert refused.value.data["item"] == item.pk
    with pytest.raises(DecidedByFlow, match="请先提交审批"):
        gate.require_direct("deed", 2, by=by)
    gate.require_direct("deed", 2, by=SYSTEM)


def test_a_flow_asks_only_where_a_step_applies(cast: Cast, deed: Deed) -> None:
    services.install(subject_kind="deed", steps=[{**OFFICER, "when": "points >= 20"}], by=SYSTEM)
    assert [gate.asks("deed", {"points": points}) for points in (5, 20, None)] == [False, True, True]
