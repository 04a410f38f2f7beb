"""Who looks into an objection: the people of its flow, or else the body that the town's policy names; nobody whom it
concerns (I11)."""

from collections.abc import Collection
from typing import Any

from django.db import connection

from jifen.accounts import selectors as accounts
from jifen.accounts.models import SiteRole
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema
from reporting import policies
from reporting.models import Level, Objection
from reporting.selectors import inquiries
from tenants.community import selectors as community
from tenants.community.models import Role

OFFICE = (SiteRole.TOWN_ADMIN, SiteRole.TOWN_OFFICER)

SIGNED = """EXISTS (SELECT FROM scoring_reviewseat s
        WHERE s.review_id = {review} AND s.actor_realm = current_schema() AND s.actor_id = {user}
            AND s.signed_at < {by})
    OR EXISTS (SELECT FROM scoring_meeting m JOIN scoring_meetingseat a ON a.meeting_id = m.id
        JOIN community_villagerole q ON q.id = a.role_id LEFT JOIN community_resident z ON z.id = a.substitute_id
        WHERE m.review_id = {review} AND m.paper_id IS NOT NULL AND a.noted_at < {by}
            AND {user} = CASE a.presence WHEN 'present' THEN q.user_id WHEN 'substitute' THEN z.user_id END)"""
"""Whether an account had signed a sheet, in the system or on the paper whose scan is attached, for itself or as a
substitute."""
_BARRED = f"""
SELECT o.id, u.id
FROM reporting_objection o
JOIN accounts_user u ON u.id = ANY(%(users)s)
LEFT JOIN community_resident r ON r.user_id = u.id
LEFT JOIN scoring_posting p ON p.id = coalesce(o.posting_id, %(posting)s)
LEFT JOIN scoring_declaration d ON d.id = coalesce(o.declaration_id, p.declaration_id)
LEFT JOIN scoring_reviewitem i ON i.declaration_id = d.id
LEFT JOIN reporting_objection f ON f.id = o.appeal_of_id
WHERE o.id = ANY(%(objections)s) AND (
    (d.actor_realm = current_schema() AND d.actor_id = u.id)
    OR (p.cause <> 'declaration' AND p.actor_realm = current_schema() AND p.actor_id = u.id)
    OR d.declarer_id = r.id
    OR i.decided_by_id = u.id
    OR f.answered_by_id = u.id
    OR EXISTS (SELECT FROM approvals_word w JOIN approvals_item t ON t.id = w.item_id
        WHERE t.subject_kind = 'objection' AND t.subject_id = f.id AND w.kind IN ('approve', 'reject')
            AND w.speaker_id = u.id)
    OR {SIGNED.format(review="i.review_id", user="u.id", by="'infinity'")}
    OR EXISTS (SELECT FROM scoring_hearing h WHERE h.declaration_id = d.id AND h.decided_by_id = u.id)
    OR EXISTS (SELECT FROM approvals_word w JOIN approvals_item t ON t.id = w.item_id
        WHERE t.subject_kind = 'declaration' AND t.subject_id = d.id AND w.kind IN ('approve', 'reject')
            AND w.speaker_id = u.id)
    OR EXISTS (SELECT FROM (SELECT o.household_id UNION SELECT d.household_id
            UNION SELECT e.household_id FROM scoring_entry e WHERE e.posting_id = p.id) concerned (id)
        WHERE scoring_is_barred(r.id, concerned.id, coalesce(d.happened_on, o.raised_on))))
"""
"""Those who declared, scored or decided what is questioned, signed the sheet on which it was decided, had a say
in the first stage, or belong (with their declared relatives) to a household that it concerns."""


def body(level: str, village_id: int, investigated_by: Collection[str]) -> set[int]:
    """The accounts that hold a seat in the investigating body of ``level``, the concerned among them."""
    in_charge = {"town"} if level == Level.TOWN else set(investigated_by)
    found: set[int] = set()
    if "committee" in in_charge:
        found |= set(_committee().filter(village=village_id).values_list("user_id", flat=True))
    if "town" in in_charge:
        found |= office()
    return found


def office() -> set[int]:
    """The accounts of the town's office."""
    return {pk for role in OFFICE for pk in accounts.holders(role).values_list("pk", flat=True)}


def barred(objections: Collection[int], users: Collection[int], posting: int | None = None) -> set[tuple[int, int]]:
    """(objection, account) pairs that must not meet. ``posting``: what is to be corrected of a questioned notice."""
    values = {"objections": list(objections), "users": list(users), "posting": posting}
    with connection.cursor() as cursor:
        cursor.execute(_BARRED, values)
        return {(objection, user) for objection, user in cursor.fetchall()}


def of(objection: Objection) -> set[int]:
    """The accounts that may look into ``objection`` today."""
    seats = body(objection.level, objection.village_id, policies.on(objection.raised_on).bodies)
    return seats - {user for _, user in barred([objection.pk], seats)}


def has_seat(objection: Objection, by: Actor) -> bool:
    """Whether ``by`` belongs to the body that has it in hand, concerned or not."""
    bodies = policies.on(objection.raised_on).bodies
    return by.realm == current_schema() and by.id in body(objection.level, objection.village_id, bodies)


def is_one(objection: Objection, by: Actor, posting: int | None = None) -> bool:
    """Whether ``by`` may answer it. ``posting`` as in ``barred``."""
    return has_seat(objection, by) and not barred([objection.pk], [by.id], posting)


def mine(objections: Collection[Objection], user: Any) -> set[int]:
    """Ids of those of ``objections`` that ``user`` looks into: a handful of queries, however many there are."""
    flowing = inquiries.in_flow([one.pk for one in objections])
    seated = inquiries.seated(flowing.values(), user.pk) if flowing else set()
    found = {pk for pk, item in flowing.items() if item in seated}
    found |= _in_body([one for one in objections if one.pk not in flowing], user)
    return found - {objection for objection, _ in barred(found, [user.pk])} if found else set()


def _in_body(objections: Collection[Objection], user: Any) -> set[int]:
    """Those that the town's policy gives to a body in which ``user`` has a seat."""
    villages = set(_committee().filter(user=user.pk).values_list("village_id", flat=True))
    in_office = user.pk in office()
    if not objections or not (villages or in_office):
        return set()
    bodies = {day: policies.on(day).bodies for day in {one.raised_on for one in objections}}
    return {one.pk for one in objections if _sits(one, bodies[one.raised_on], villages, in_office)}


def _sits(objection: Objection, bodies: Collection[str], villages: Collection[int], in_office: bool) -> bool:
    if objection.level == Level.TOWN:
        return in_office
    return ("committee" in bodies and objection.village_id in villages) or ("town" in bodies and in_office)


def _committee() -> Any:
    return community.roles_on(clock.today()).filter(role=Role.COMMITTEE, user__is_active=True)
