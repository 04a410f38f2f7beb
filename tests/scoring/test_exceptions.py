"""What on a sheet a person looks at first, and why."""

from datetime import date, timedelta

import pytest

from jifen.files import services as files
from jifen.files.models import File
from jifen.kernel.actors import SYSTEM, Actor
from scoring import ports
from scoring.models import Declaration
from scoring.selectors.exceptions import Hint, exceptions
from scoring.services import batches, declarations, years
from tenants.community.models import Household, Resident
from tests.files.scenes import scene
from tests.scoring.desk import DAY, MONTH, NOW, Desk

BEFORE = MONTH - timedelta(days=1)


@pytest.fixture(autouse=True)
def last_year(desk: Desk) -> None:
    """Open, for the days before the first of January."""
    years.open_year(number=NOW.year - 1, by=SYSTEM)


@pytest.fixture
def objected(monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Declarations somebody objects to, told by a room above."""
    found: set[int] = set()
    monkeypatch.setattr(ports, "_objections", [])
    ports.register_objection_source(lambda asked, *, is_told: found & set(asked))
    return found


def test_a_plain_deed_with_its_photo_needs_no_look(desk: Desk) -> None:
    told = desk.record("tidy", evidence=[_photo(1)])
    assert _hints(desk, told) == {}


@pytest.mark.parametrize(
    ("code", "facts", "word"),
    [("litter", {}, "扣分"), ("host", {"points": "2"}, "分值由评定"), ("tidy", {}, "没有佐证")],
)
def test_a_deed_is_an_exception_by_itself(desk: Desk, code: str, facts: dict[str, str], word: str) -> None:
    told = desk.record(code, facts=facts)
    assert word in {hint.word for hint in _hints(desk, told).values()}


def test_a_photo_saved_anew_and_smaller_is_known_again(desk: Desk) -> None:
    first = desk.record("tidy", happened_on=BEFORE, evidence=[_photo(1)])
    again = desk.record("trees", facts={"quantity": "2"}, evidence=[_photo(1, size=(320, 240), quality=40)])
    other = desk.record("honour", evidence=[_photo(2)])
    hint = _hints(desk, again)["photo"]
    assert hint.word == "照片用过" and hint.other == first.pk and f"{BEFORE.day}日" in hint.why
    assert "photo" not in _hints(desk, other)


def test_one_photo_of_a_whole_list_is_not_used_twice(desk: Desk) -> None:
    other = desk.cast.household(name="李四")
    rule = desk.rule_in_force("tidy")
    batches.record_batch(
        village=desk.village, kind="activity", title="劳动", happened_on=DAY, place="村口", by=desk.by,
        rows=[(one, None, rule, {}) for one in (desk.zhang, other)], evidence=[_photo(1)],
    )  # fmt: skip
    assert exceptions(desk.sheet()) == {}


def test_a_photo_of_a_list_is_known_again_on_a_single_deed(desk: Desk) -> None:
    rule, picture = desk.rule_in_force("tidy"), _photo(1)
    batches.record_batch(
        village=desk.village, kind="activity", title="劳动", happened_on=DAY, place="村口", by=desk.by,
        rows=[(desk.cast.household(name="李四"), None, rule, {})], evidence=[picture],
    )  # fmt: skip
    told = desk.record("trees", facts={"quantity": "2"}, evidence=[picture])
    assert set(_hints(desk, told)) == {"photo"}


def test_a_photo_of_another_village_is_known_only_when_it_is_the_very_same_file(desk: Desk) -> None:
    far = desk.cast.household(desk.cast.village("李家村"), name="远方")
    desk.record("tidy", household=far, evidence=[_photo(1)])
    alike = desk.record("tidy", evidence=[_photo(1, size=(320, 240))])
    same = desk.record("trees", facts={"quantity": "2"}, evidence=[_photo(1)])
    hints = exceptions(desk.sheet())
    assert {hint.other for hint in hints[desk.item(same).pk]} == {min(one.pk for one in Declaration.objects.all())}
    assert "photo" in {hint.code for hint in hints[desk.item(alike).pk]}


@pytest.mark.parametrize(("days", "is_twin"), [(0, True), (1, True), (2, False)])
def test_the_same_deed_told_twice_is_seen(desk: Desk, days: int, is_twin: bool) -> None:
    first = desk.record("tidy", happened_on=DAY - timedelta(days=days))
    second = desk.record("tidy")
    found = _hints(desk, second)
    assert ("twin" in found) == is_twin and "twin" not in _hints(desk, first)
    assert not is_twin or found["twin"].other == first.pk


def test_neither_anothers_deed_nor_a_withdrawn_one_is_a_twin(desk: Desk) -> None:
    desk.record("tidy", household=desk.cast.household(name="李四"))
    declarations.withdraw(declaration=desk.record("tidy"), by=desk.by)
    assert "twin" not in _hints(desk, desk.record("tidy"))


def test_a_cap_is_told_when_it_is_near_and_when_it_is_over(desk: Desk) -> None:
    head = desk.head()
    first = desk.record("help", resident=head, happened_on=DAY)
    assert {"near", "over"}.isdisjoint(_hints(desk, first))
    desk.record("help", resident=head)
    assert "near" in _hints(desk, first)
    desk.record("help", resident=head)
    assert "over" in _hints(desk, first) and "near" not in _hints(desk, first)


def test_a_cap_counts_what_was_told_in_earlier_months_of_its_period(desk: Desk) -> None:
    quarter = date(MONTH.year, (MONTH.month - 1) // 3 * 3 + 1, 1)
    desk.record("class", happened_on=quarter)
    told = desk.record("class", happened_on=DAY)
    assert "over" in _hints(desk, told)


def test_a_household_far_above_the_village_is_seen(desk: Desk) -> None:
    for name in ("李四", "王五"):
        desk.record("tidy", household=desk.cast.household(name=name))
    many = [desk.record("trees", facts={"quantity": str(n)}) for n in range(1, 8)]
    found = _hints(desk, many[-1])
    assert found["busy_household"].why == "这家本月单独登记了7件，村里一般1件"
    other = Declaration.objects.exclude(household=desk.zhang).earliest("pk")
    assert "busy_household" not in _hints(desk, other)


def test_a_declarer_far_above_the_others_is_seen(desk: Desk) -> None:
    calm = [_declare(desk, desk.cast.household(name=name)) for name in ("李四", "王五")]
    busy = [_declare(desk, desk.zhang) for _ in range(6)]
    assert _hints(desk, busy[0])["busy_declarer"].why == "同一人本月申报了6件，一般1件"
    assert "busy_declarer" not in _hints(desk, calm[0])


def test_a_pending_objection_is_seen(desk: Desk, objected: set[int]) -> None:
    told = desk.record("tidy", evidence=[_photo(1)])
    objected.add(told.pk)
    assert _hints(desk, told)["objection"].word == "有异议"
    objected.clear()
    assert _hints(desk, told) == {}


def _photo(seed: int, size: tuple[int, int] = (640, 480), quality: int = 85) -> File:
    body = scene(seed, size, quality)
    return files.store(kind="evidence", name="a.jpg", content_type="image/jpeg", body=body, by=SYSTEM)


def _hints(desk: Desk, told: Declaration) -> dict[str, Hint]:
    """Why the deed needs a look, on a sheet gathered anew."""
    return {hint.code: hint for hint in exceptions(desk.sheet()).get(desk.item(told).pk, ())}


def _declare(desk: Desk, household: Household) -> Declaration:
    """A villager's own declaration, verified by the steward."""
    head = Resident.objects.get(pk=desk.head(household).pk)
    user = head.user or desk.cast.villager(household)
    told = desk.record("tidy", household=household, declared_by="self", declarer=head, by=Actor.of(user))
    return declarations.verify(declaration=told, accept=True, by=desk.by)
