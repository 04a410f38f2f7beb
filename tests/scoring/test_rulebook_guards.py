"""What the database itself refuses about rulebooks, to the serving role and to the owner of the tables."""

from scoring import verify_rulebooks
from scoring.models import RulebookVersion
from scoring.selectors import rulebooks as books
from scoring.services import adaptations
from tests.scoring.desk import MONTH, NOW
from tests.scoring.owner import owner, refusal
from tests.scoring.rulebooks import LATER, Office

KEPT = [
    ("rewritten", "UPDATE scoring_rulebookversion SET head = '{}'"),
    ("rewritten", "UPDATE scoring_rulebookversion SET bounds = '{\"amended_most\": 1}'"),
    ("rewritten", "UPDATE scoring_rulebookversion SET content_hash = ''"),
    ("never changes", "UPDATE scoring_rulebookversion SET effective_from = effective_from - 1"),
    ("forward only", "UPDATE scoring_rulebookversion SET state = 'draft'"),
    ("forward only", "UPDATE scoring_rulebookversion SET state = 'approved'"),
    ("never deleted", "DELETE FROM scoring_rulebookversion"),
    ("never changed", "UPDATE scoring_rule SET title = '改'"),
    ("never changed", "DELETE FROM scoring_rulelimit"),
    ("a draft that is over", "UPDATE scoring_draft SET title = '改'"),
    ("stands still", "UPDATE scoring_draftitem SET body = '{}'"),
    ("resolution is never changed", "UPDATE scoring_resolution SET votes_for = votes_for + 1"),
    ("resolution is never changed", "DELETE FROM scoring_resolution"),
]
ADDED = (
    "INSERT INTO scoring_rule (version_id, code, position, sign, subject, category, matter, title, text, is_example, "
    "is_sensitive, spec) SELECT version_id, 'more', 99, sign, subject, category, '', '多', '', false, false, spec "
    "FROM scoring_rule ORDER BY id LIMIT 1"
)
BEGUN = (
    "INSERT INTO scoring_rulebookversion (rulebook_id, number, state, effective_from, effective_to, resolution, "
    "made_at, actor_realm, actor_id, actor_name) SELECT rulebook_id, 9, %s, %s, %s, '', now(), '', 0, '' "
    "FROM scoring_rulebookversion"
)
SIGNED = (
    "INSERT INTO scoring_draftfinding (draft_id, key, kind, codes, text, mend, is_blocking, revision, reason, "
    "signed_at, signed_by_name) VALUES (%s, 'k', 'legality', '[]', '', '', true, 0, '', now(), '周主任')"
)
COUNTED = (
    "INSERT INTO scoring_resolution (draft_id, revision, meeting, held_on, place, members, present, votes_for, "
    "votes_against, votes_abstained, quorum, majority, is_passed, text, minutes_id, made_at, actor_realm, actor_id, "
    "actor_name) SELECT draft_id, revision, meeting, held_on, place, 10, 28, 25, 2, 1, quorum, majority, true, text, "
    "minutes_id, made_at, '', 0, '' FROM scoring_resolution"
)
VERIFIED: dict[str, tuple[str, str]] = {
    "细则成文后内容没有改动": ("scoring_rule", "UPDATE scoring_rule SET spec = '{}' WHERE code = 'tidy'"),
    "记为通过的决议人数和票数都够": ("scoring_resolution", "UPDATE scoring_resolution SET members = 60"),
    "村的细则有通过的会议决议": ("scoring_resolution", "UPDATE scoring_resolution SET revision = 99"),
    "报批的修订稿试算过或写明了理由": ("scoring_drafttrial", "DELETE FROM scoring_drafttrial"),
    "村的确认与其版本一致": (
        "scoring_adaptation",
        "UPDATE scoring_adaptation SET result_id = (SELECT min(id) FROM scoring_rulebookversion)",
    ),
}


def test_even_the_owner_cannot_rewrite_rules(committing_office: Office) -> None:
    committing_office.village_version()
    with owner("t_alpha") as sql:
        for words, statement in KEPT:
            try:
                sql.execute(statement)
            except Exception as refused:  # noqa: BLE001 - its words are looked at
                assert words in str(refused), statement
            else:
                raise AssertionError(statement)


def test_nothing_is_added_to_what_was_handed_in(office: Office) -> None:
    assert "nothing is added" in refusal(ADDED)


def test_no_rules_begin_over_a_closed_month(office: Office) -> None:
    office.desk.record()
    office.desk.post()
    begin = (
        "INSERT INTO scoring_rulebookversion (rulebook_id, number, state, effective_from, effective_to, resolution, \
        made_at, actor_realm, actor_id, actor_name) SELECT rulebook_id, 9, 'in_force', %s, NULL, '', now(), '', 0, '' \
        FROM scoring_rulebookversion"
    )
    refused = refusal(begin, [MONTH])
    assert f"never change over a closed month: {MONTH}" in refused
    shorter = "UPDATE scoring_rulebookversion SET effective_to = %s"
    assert "over a closed month" in refusal(shorter, [MONTH])
    assert refusal(shorter, [LATER]) == ""


def test_a_closed_month_of_one_village_does_not_hold_another(office: Office) -> None:
    office.village_version(MONTH)
    office.desk.record()
    office.desk.post()
    other = office.desk.cast.village("东风村")
    book = books.current(None, NOW)
    assert book is not None and other.pk
    assert books.first_open_day(book.rulebook, NOW) == NOW
    assert books.first_open_day(RulebookVersion.objects.latest("pk").rulebook, NOW) == LATER


def test_versions_of_a_book_never_overlap_whatever_became_of_them(office: Office) -> None:
    for state in ("in_force", "superseded", "withdrawn"):
        assert "scoring_version_in_force_once" in refusal(BEGUN, [state, NOW, LATER])


def test_a_blocking_fault_is_signed_with_a_name_and_a_reason(office: Office) -> None:
    draft = office.town_draft()
    assert "scoring_finding_signed" in refusal(SIGNED, [draft.pk])


def test_a_draft_is_not_approved_without_being_checked(office: Office) -> None:
    draft = office.town_draft()
    for state in ("tried", "submitted", "approved"):
        assert "does not go" in refusal("UPDATE scoring_draft SET state = %s WHERE id = %s", [state, draft.pk])
    office.ready(draft)
    assert "checked anew" in refusal("UPDATE scoring_draft SET revision = revision + 1")


def test_the_votes_add_up(office: Office) -> None:
    draft = office.village_draft()
    office.resolve(draft)
    assert "scoring_resolution_votes" in refusal(COUNTED)


def _breaches() -> dict[str, int]:
    return {check.title: found for check in verify_rulebooks.checks() if (found := check.breaches())}


def test_verify_finds_nothing_wrong_and_then_what_was_done_past_the_guards(committing_office: Office) -> None:
    committing_office.village_version(NOW)
    committing_office.town_version(code="help", points=6)
    adaptations.confirm(adaptation=committing_office.pending(), by=committing_office.wang)
    assert _breaches() == {}
    with owner("t_alpha") as sql:
        for title, (table, act) in VERIFIED.items():
            sql.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            sql.execute(act)
            sql.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            assert _breaches().get(title, 0) > 0, title


def test_a_version_that_nobody_dated_judges_nothing(office: Office) -> None:
    version = office.submit(office.ready(office.town_draft()), NOW)
    assert version not in books.judging(NOW)
    RulebookVersion.objects.filter(pk=version.pk).update(state="approved")
    assert version not in books.judging(NOW)
