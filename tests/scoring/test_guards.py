"""What the database itself refuses, to the serving role and to the owner of the tables (DESIGN §4)."""

import psycopg
import pytest

from jifen.kernel.actors import SYSTEM
from scoring.models import Balance, Entry, Posting, Rule
from scoring.services import ledger, years
from tests.scoring import closing
from tests.scoring.desk import MONTH, NOW, Desk
from tests.scoring.owner import owner, refusal

BY_THE_OWNER = [
    ("I1", "UPDATE scoring_entry SET amount = amount + 1"),
    ("I1", "DELETE FROM scoring_entry"),
    ("I1", "TRUNCATE scoring_entry CASCADE"),
    ("I1", "DELETE FROM scoring_posting"),
    ("I1", "UPDATE scoring_posting SET reason = '改'"),
    ("I10", "UPDATE scoring_posting SET reversed_at = now()"),
    ("I2", "UPDATE scoring_balance SET posted = posted + 1, positive = positive + 1"),
    ("I2", "DELETE FROM scoring_balance"),
    ("I3", "UPDATE scoring_balance SET held = posted + 1 WHERE measure = 'redeemable'"),
    ("I5", "UPDATE scoring_rule SET title = '改'"),
    ("I5", "DELETE FROM scoring_rulelimit"),
    ("I5", "UPDATE scoring_declaration SET points = points + 1"),
    ("I5", "DELETE FROM scoring_declaration"),
    ("I5", "UPDATE scoring_reviewitem SET points = 1"),
    ("I5", "DELETE FROM scoring_reviewitem"),
    ("I7", "UPDATE scoring_year SET state = 'sealed'"),
    ("I7", "DELETE FROM scoring_year"),
    ("I10", "UPDATE scoring_review SET state = 'open'"),
]


def test_even_the_owner_cannot_rewrite_the_ledger(committing_desk: Desk) -> None:
    committing_desk.record("help", resident=committing_desk.head())
    committing_desk.post()
    before = list(Entry.objects.values())
    with owner("t_alpha") as sql:
        for code, statement in BY_THE_OWNER:
            with pytest.raises(psycopg.DatabaseError, match=f"{code}: "):
                sql.execute(statement)
    assert list(Entry.objects.values()) == before


def test_the_serving_role_has_no_right_to_rewrite_the_ledger(desk: Desk) -> None:
    desk.record("tidy")
    desk.post()
    for statement in (
        "UPDATE scoring_entry SET amount = 9",
        "DELETE FROM scoring_entry",
        "TRUNCATE scoring_entry",
        "UPDATE scoring_balance SET posted = 9",
        "UPDATE scoring_posting SET reason = ''",
        "INSERT INTO scoring_balance SELECT * FROM scoring_balance",
    ):
        assert "permission denied" in refusal(statement), statement


def test_a_redemption_never_touches_merit(desk: Desk) -> None:
    desk.record("tidy")
    desk.post()
    line = Entry.objects.get(measure="merit")
    text = refusal(_copy(line, "'redemption'", "'merit'"))
    assert "scoring_merit_stays" in text


def test_a_deed_is_posted_once(desk: Desk) -> None:
    desk.record("tidy")
    desk.post()
    columns = "cause, declaration_id, review_item_id, document, reason, explanation, posted_at, actor_realm, actor_id"
    columns += ", actor_name"
    assert "scoring_posted_once" in refusal(
        f"INSERT INTO scoring_posting ({columns}) SELECT {columns} FROM scoring_posting"
    )


def test_an_entry_has_its_postings_cause_and_its_own_household(desk: Desk) -> None:
    desk.record("honour")
    desk.post()
    line = Entry.objects.get(measure="merit")
    other = desk.cast.household(name="赵六")
    assert "I5: an entry has the cause" in refusal(_copy(line, "'opening'", "'redeemable'"))
    assert "I9: " in refusal(_copy(line, "cause", "'redeemable'", household=str(other.pk)))


def test_a_reversal_mirrors_its_original(desk: Desk) -> None:
    desk.record("tidy")
    desk.post()
    posting = Posting.objects.get()
    reversal = ledger.reverse(posting=posting, reason="认错户", by=desk.by)
    line = Entry.objects.filter(posting=reversal).earliest("pk")
    spoilt = _copy(line, "cause", "'merit'", reverses="(SELECT min(id) FROM scoring_entry)", amount="-1")
    assert "I5: a reversal mirrors its original" in refusal(spoilt) or "unique" in refusal(spoilt)


def test_a_sealed_year_takes_no_entry(desk: Desk) -> None:
    last = years.open_year(number=NOW.year - 1, by=SYSTEM)
    closing.seal(last)
    desk.record("honour")
    desk.post()
    line = Entry.objects.get(measure="merit")
    assert "I7: a sealed year takes no entry" in refusal(_copy(line, "cause", "'redeemable'", year=str(last.pk)))


def test_nobody_decides_on_her_own_household(desk: Desk) -> None:
    desk.record("tidy")
    desk.sheet(MONTH)
    statement = "UPDATE scoring_reviewitem SET verdict = 'approved', decided_at = now(), decided_by_resident_id = %s"
    assert "I11: " in refusal(statement, [desk.head().pk])
    assert refusal(statement, [desk.head(desk.cast.household(name="孙七")).pk]) == ""


def test_two_versions_of_a_rulebook_are_never_in_force_together(desk: Desk) -> None:
    version = Rule.objects.first().version  # type: ignore[union-attr]
    statement = (
        "INSERT INTO scoring_rulebookversion (rulebook_id, number, state, effective_from, resolution, made_at, "
        "actor_realm, actor_id, actor_name) SELECT rulebook_id, 9, 'in_force', effective_from, '', now(), '', 0, '' "
        "FROM scoring_rulebookversion WHERE id = %s"
    )
    assert "scoring_version_in_force_once" in refusal(statement, [version.pk])


def test_a_hold_beyond_what_is_posted_is_refused(desk: Desk) -> None:
    desk.record("tidy")
    desk.post()
    assert "I3: " in refusal("UPDATE scoring_balance SET held = 3 WHERE measure = 'redeemable'")
    assert Balance.objects.filter(held__gt=0).count() == 0


def _copy(line: Entry, cause: str, measure: str, **other: str) -> str:
    """An INSERT of the same line with some columns changed."""
    columns = {
        "posting_id": "posting_id", "account_id": "account_id", "household_id": other.get("household", "household_id"),
        "year_id": other.get("year", "year_id"), "month": "month", "measure": measure,
        "amount": other.get("amount", "amount"), "cause": cause, "rule_id": "rule_id", "happened_on": "happened_on",
        "posted_at": "posted_at", "reverses_id": other.get("reverses", "reverses_id"),
    }  # fmt: skip
    names, values = ", ".join(columns), ", ".join(columns.values())
    return f"INSERT INTO scoring_entry ({names}) SELECT {values} FROM scoring_entry WHERE id = {line.pk}"
