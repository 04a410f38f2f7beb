"""I7, asked of the database: two people close a year, and what they sealed can be computed again."""

from jifen.kernel.checks import Check
from scoring.sql import carried
from scoring.sql import years as sql

_TWO_PEOPLE = """
SELECT count(*) FROM scoring_yearseal s LEFT JOIN scoring_yearrequest r ON r.seal_id = s.id
WHERE s.kind IN ('close', 'reopen') AND (r.state, r.kind) IS DISTINCT FROM ('done', s.kind)
    OR (r.actor_realm, r.actor_id) = (r.confirmer_realm, r.confirmer_id)
"""

_STANDINGS = """
SELECT count(*) FROM scoring_yearseal s
WHERE s.kind = 'close' AND s.standings_hash <> scoring_standings_hash(s.id)
"""

_STOOD = f"""
SELECT count(*) FROM scoring_year y
JOIN LATERAL (SELECT s.id FROM scoring_yearseal s
    WHERE s.year_id = y.id AND s.kind = 'close' ORDER BY s.id DESC LIMIT 1) last ON y.state = 'sealed'
CROSS JOIN LATERAL (
    SELECT FROM (SELECT * FROM scoring_yearstanding WHERE seal_id = last.id) t
    FULL JOIN ({sql.SUMS % {"year": "y.id", "day": "make_date(y.number, 12, 31)"}}) sum USING (household_id)
    WHERE (coalesce(t.positive, 0), coalesce(t.negative, 0), coalesce(t.net, 0))
        <> (coalesce(sum.positive, 0), coalesce(sum.negative, 0), coalesce(sum.net, 0))) wrong
"""

_LATER = """
SELECT count(*) FROM scoring_year y
JOIN LATERAL (SELECT s.id FROM scoring_yearseal s
    WHERE s.year_id = y.id AND s.kind = 'close' ORDER BY s.id DESC LIMIT 1) last ON y.state = 'sealed'
JOIN scoring_yearstanding t ON t.seal_id = last.id
WHERE NOT EXISTS (SELECT FROM community_application a WHERE a.household_id = t.household_id
    AND a.state IN ('joined', 'left') AND a.joined_on <= make_date(y.number, 12, 31))
"""
"""Of the seal that stands: the ones before it stay as they were sealed."""

_OF = {"year": "closed.id", "day": "make_date(closed.number, 12, 31)"}

_CARRIED = f"""
SELECT count(*) FROM scoring_year closed CROSS JOIN LATERAL (
    SELECT FROM ({carried.STANDS % _OF}) t FULL JOIN ({carried.SAID % _OF}) said USING (household_id, measure)
    WHERE coalesce(t.amount, 0) <> coalesce(said.amount, 0)) wrong
WHERE closed.state = 'sealed'
"""

_VOLUMES = """
SELECT count(*) FROM (SELECT seal_id, sum(households) AS households FROM scoring_yearvolume GROUP BY seal_id) v
WHERE v.households <> (SELECT count(*) FROM scoring_yearstanding s WHERE s.seal_id = v.seal_id)
"""

_IN_FLOW = """
SELECT (SELECT count(*) FROM approvals_item i JOIN scoring_yearrequest r ON r.id = i.subject_id
        WHERE i.subject_kind = 'year_close' AND (i.finished_at IS NULL) <> (r.state = 'proposed'))
    + (SELECT count(*) FROM approvals_item i JOIN scoring_yearrequest r ON r.id = i.subject_id
        WHERE i.subject_kind = 'year_close' AND i.state = 'approved' AND NOT EXISTS (
            SELECT FROM approvals_word w WHERE w.item_id = i.id AND w.kind = 'approve'
                AND w.speaker_id = r.confirmer_id AND w.speaker_id <> r.actor_id))
"""

_ENTERED = """
SELECT count(*) FROM approvals_word w JOIN approvals_item i ON i.id = w.item_id AND i.subject_kind = 'year_close'
JOIN scoring_yearrequest r ON r.id = i.subject_id
WHERE w.kind = 'approve' AND (w.actor_realm, w.actor_id) = (r.actor_realm, r.actor_id)
"""


def checks() -> list[Check]:
    """Of the years that were closed or opened again."""
    return [
        Check("I7", "封账和重开都由两人批准", _TWO_PEOPLE),
        Check("I7", "按流程批准的封账由提出人以外的人同意", _IN_FLOW),
        Check("I7", "封账的同意不由提出人录入", _ENTERED),
        Check("I7", "封存的名次可重新算出指纹", _STANDINGS),
        Check("I7", "封存的名次与账目一致", _STOOD),
        Check("I7", "封存的名次里没有年后才加入的户", _LATER),
        Check("I7", "结转到下一年度的积分与封账时的一致", _CARRIED),
        Check("I7", "归档的存折与封存名次的户数一致", _VOLUMES),
    ]
