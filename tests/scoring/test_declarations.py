"""一事一记录: what is accepted, what is refused, and that a refusal changes nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from jifen.approvals.errors import Recused
from jifen.audit.models import AuditRow
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import JifenError
from scoring import errors
from scoring.models import Batch, Declaration
from scoring.rules.errors import PointsOutOfRange, SubjectMismatch, TierUnknown
from scoring.services import batches, declarations, rulebooks, years
from tenants.community import selectors as community
from tenants.community.models import Resident
from tests.scoring import closing
from tests.scoring.desk import DAY, NOW, Desk, photo, scheme
from tests.together import together

Change = Callable[[Desk], dict[str, Any]]

WRONG: list[tuple[type[JifenError], str, str, Change]] = [
    (errors.DeedInFuture, "happened_on", "tidy", lambda d: {"happened_on": NOW + timedelta(days=2)}),
    (errors.YearNotOpen, "happened_on", "tidy", lambda d: {"happened_on": date(NOW.year - 1, 12, 31)}),
    (errors.PlaceMissing, "place", "tidy", lambda d: {"place": " "}),
    (errors.ReasonMissing, "reason", "tidy", lambda d: {"reason": ""}),
    (errors.ChannelUnknown, "channel", "tidy", lambda d: {"channel": "pigeon"}),
    (errors.DeclarerNotAllowed, "declared_by", "litter", lambda d: {"declared_by": "self"}),
    (errors.DeclarerMissing, "declarer", "tidy", lambda d: {"declared_by": "neighbour"}),
    (errors.DeclarerWrong, "declarer", "tidy", lambda d: {"declared_by": "neighbour", "declarer": d.head()}),
    (errors.HouseholdNotJoined, "household", "tidy", lambda d: {"household": d.cast.household(joined=False)}),
    (errors.ResidentNotMember, "resident", "help", lambda d: {"resident": d.head(d.cast.household(name="李四"))}),
    (errors.EvidenceMissing, "evidence", "report", lambda d: {}),
    (errors.EvidenceNotReady, "evidence", "tidy", lambda d: {"evidence": [photo("expected")]}),
    (errors.FactsUnknown, "facts", "tidy", lambda d: {"facts": {"money": 3}}),
    (errors.FactsMissing, "facts", "trees", lambda d: {}),
    (SubjectMismatch, "subject", "help", lambda d: {}),
    (TierUnknown, "tier", "prize", lambda d: {"facts": {"tier": "省"}}),
    (PointsOutOfRange, "points", "host", lambda d: {"facts": {"points": "9"}}),
]


@pytest.mark.parametrize(("error", "field", "code", "change"), WRONG, ids=[row[0].__name__ for row in WRONG])
def test_a_wrong_deed_is_refused_at_its_field_and_nothing_is_written(
    desk: Desk, error: type[JifenError], field: str, code: str, change: Change
) -> None:
    sent = change(desk)
    before = AuditRow.objects.count()
    with pytest.raises(error) as refused:
        desk.record(code, **sent)
    assert refused.value.field == field and refused.value.message
    assert not Declaration.objects.exists() and AuditRow.objects.count() == before


def test_a_deed_of_a_sealed_year_is_refused(desk: Desk) -> None:
    closing.seal(years.open_year(number=NOW.year - 1, by=SYSTEM))
    with pytest.raises(errors.YearSealed, match="不能再登记这一年的行为。请核对日期"):
        desk.record("tidy", happened_on=date(NOW.year - 1, 12, 31))


def test_a_rule_of_an_older_version_is_refused_after_the_new_one_is_in_force(desk: Desk) -> None:
    old = desk.rule("tidy")
    rulebooks.install(scheme=scheme(), effective_from=DAY, resolution="修订", by=SYSTEM)
    with pytest.raises(errors.RuleOutOfForce):
        desk.record(rule=old)
    assert desk.record("tidy").points == 2


def test_a_villages_own_rulebook_stands_before_the_towns(desk: Desk) -> None:
    towns = desk.rule("tidy")
    rulebooks.install(scheme=scheme(), village=desk.village, effective_from=DAY, resolution="村民代表会议", by=SYSTEM)
    with pytest.raises(errors.RuleOutOfForce):
        desk.record(rule=towns)


def test_a_version_cannot_begin_before_the_one_in_force(desk: Desk) -> None:
    with pytest.raises(errors.VersionDates):
        rulebooks.install(scheme=scheme(), effective_from=date(NOW.year - 2, 1, 1), resolution="", by=SYSTEM)


def test_the_same_key_answers_with_the_first_record_and_is_refused_for_another_deed(desk: Desk) -> None:
    first = desk.record("tidy", idempotency_key="k")
    assert desk.record("tidy", idempotency_key="k") == first
    with pytest.raises(errors.KeyReused):
        desk.record("litter", idempotency_key="k")
    assert Declaration.objects.count() == 1


def test_the_same_key_at_the_same_moment_records_once(committing_desk: Desk) -> None:
    acts = [lambda: committing_desk.record("tidy", idempotency_key="k") for _ in range(2)]
    first, second = together(*acts)
    assert first == second and Declaration.objects.count() == 1


def test_a_stewards_record_waits_for_review_and_a_villagers_for_the_steward(desk: Desk) -> None:
    own = {"declared_by": "self", "declarer": desk.head()}
    assert desk.record("tidy").state == "ready"
    told = desk.record("tidy", **own)
    assert told.state == "submitted"
    assert declarations.verify(declaration=told, accept=True, by=desk.by).state == "ready"


def test_a_refused_verification_needs_a_reason_and_tells_it(desk: Desk) -> None:
    told = desk.record("tidy", declared_by="self", declarer=desk.head())
    with pytest.raises(errors.VerdictReasonMissing):
        declarations.verify(declaration=told, accept=False, by=desk.by)
    told = declarations.verify(declaration=told, accept=False, reason="没有做", by=desk.by)
    assert (told.state, told.refusal) == ("rejected", "没有做")
    with pytest.raises(errors.NotVerifiable):
        declarations.verify(declaration=told, accept=True, by=desk.by)


def test_a_steward_does_not_verify_her_own_household(desk: Desk) -> None:
    own = Resident.objects.get(user=desk.steward).memberships.get().household
    told = desk.record("tidy", household=own, declared_by="self", declarer=own.head)
    with pytest.raises(Recused):
        declarations.verify(declaration=told, accept=True, by=desk.by)


def test_a_declaration_is_withdrawn_until_it_is_on_a_sheet(desk: Desk) -> None:
    told = desk.record("tidy", declared_by="self", declarer=desk.head())
    assert declarations.withdraw(declaration=told, by=desk.by).state == "withdrawn"
    other = desk.record("tidy")
    desk.sheet()
    with pytest.raises(errors.NotWithdrawable):
        declarations.withdraw(declaration=other, by=desk.by)


def test_nobody_takes_back_what_another_told_of_her_own_household(desk: Desk) -> None:
    home = community.household_of_user(desk.steward)
    assert home is not None
    told = desk.record("litter", household=home, by=Actor.of(desk.cast.steward(name="钱管理")))
    with pytest.raises(errors.Recused):
        declarations.withdraw(declaration=told, by=desk.by)
    told.refresh_from_db()
    assert told.state == "ready"


def test_evidence_stays_with_its_deed(desk: Desk) -> None:
    picture = photo("ready")
    told = desk.record("report", evidence=[picture, picture])
    assert [row.file for row in told.evidence.all()] == [picture]


def test_a_batch_is_written_whole_with_one_audit_line(desk: Desk) -> None:
    other = desk.cast.household(name="李四")
    before = AuditRow.objects.count()
    batch = _batch(desk, [(desk.zhang, None, desk.rule("tidy"), {}), (other, other.head, desk.rule("help"), {})])
    assert batch.declarations.count() == 2 and AuditRow.objects.count() == before + 1


def test_a_batch_with_a_wrong_row_names_it_and_writes_nothing(desk: Desk) -> None:
    foreign = desk.cast.household(desk.cast.village("李家村"), name="外村人")
    rows: list[batches.Row] = [
        (desk.zhang, None, desk.rule("tidy"), {}),
        (foreign, None, desk.rule("tidy"), {}),
        (desk.zhang, foreign.head, desk.rule("help"), {}),
        (desk.zhang, None, desk.rule("report"), {}),
    ]
    with pytest.raises(errors.BatchInvalid) as refused:
        _batch(desk, rows)
    assert [row for row, _ in refused.value.data["problems"]] == [2, 3, 4]
    assert not Batch.objects.exists() and not Declaration.objects.exists()


def test_an_empty_batch_and_an_old_rule_are_refused(desk: Desk) -> None:
    with pytest.raises(errors.BatchEmpty):
        _batch(desk, [])
    old = desk.rule("tidy")
    rulebooks.install(scheme=scheme(), effective_from=DAY, resolution="修订", by=SYSTEM)
    with pytest.raises(errors.BatchInvalid, match="不适用"):
        _batch(desk, [(desk.zhang, None, old, {})])


def _batch(desk: Desk, rows: Any) -> Batch:
    return batches.record_batch(
        village=desk.village, kind="activity", title="劳动", happened_on=DAY, rows=rows, place="村口", by=desk.by
    )
