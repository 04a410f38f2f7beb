"""What a year's end takes and what it carries into the next year.

A year that was opened again is closed anew: each statement posts the difference between what the year now says and what
its earlier closes have posted, so that a household of which nothing has changed gets no line.
"""

from scoring.sql.bounds import SETTINGS
from scoring.sql.lapses import KEPT, LEFT

_POST = """
WITH due AS MATERIALIZED ({due}),
posting AS (
    INSERT INTO scoring_posting (cause, carries_id, carry, document, reason, explanation, posted_at, actor_realm,
        actor_id, actor_name)
    SELECT %(cause)s, %(carries)s, %(carry)s, %(document)s, %(reason)s, '', %(now)s, %(realm)s, %(actor)s, %(name)s
    WHERE EXISTS (SELECT FROM due)
    RETURNING id
)
INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, month, measure, amount, cause, happened_on,
    posted_at)
SELECT posting.id, due.account_id, due.household_id, %(into)s, %(month)s, due.measure, due.amount, %(cause)s,
    %(happened_on)s, %(now)s
FROM due CROSS JOIN posting ORDER BY due.household_id, due.measure
"""

EXPIRE = _POST.format(
    due=f"""
    SELECT account_id, household_id, 'redeemable' AS measure, -greatest(points, 0) - expired AS amount
    FROM ({LEFT}) l WHERE greatest(points, 0) <> -expired"""
)

_ALREADY = """
    SELECT e.account_id, e.household_id, e.measure, sum(e.amount) AS amount
    FROM scoring_posting p JOIN scoring_entry e ON e.posting_id = p.id
    WHERE p.carries_id = %(carries)s AND p.carry = %(carry)s
    GROUP BY e.account_id, e.household_id, e.measure
"""

CROSS = _POST.format(
    due=f"""
    SELECT account_id, household_id, 'redeemable' AS measure, coalesce(l.points, 0) - coalesce(done.amount, 0) AS amount
    FROM (SELECT l.account_id, l.household_id, l.points - coalesce(k.points, 0) AS points FROM ({LEFT}) l
        LEFT JOIN (SELECT account, sum(points) AS points FROM unnest(%(accounts)s::bigint[], %(points)s::numeric[])
            AS k (account, points) GROUP BY account) k ON k.account = l.account_id
        WHERE %(crosses)s AND l.points > coalesce(k.points, 0)) l
    FULL JOIN ({_ALREADY}) done USING (account_id, household_id)
    WHERE coalesce(l.points, 0) <> coalesce(done.amount, 0)"""
)
"""What is left of the old year stands again in the next, where a town lets points cross; not what outlives it so."""

OWED = f"""
    SELECT debt.household_id, debt.measure, debt.amount
    FROM (
        SELECT e.household_id, e.measure, sum(e.amount) AS amount FROM scoring_entry e
        WHERE e.year_id = %(year)s AND e.concerns_year IS NULL AND e.cause <> 'expiry'
        GROUP BY e.household_id, e.measure HAVING sum(e.amount) < 0) debt
    JOIN community_household h ON h.id = debt.household_id
    JOIN ({SETTINGS}) s ON s.village_id = h.village_id AND s.settings -> debt.measure ->> 'negative' = 'carried'
"""
"""What households owe at the year's end where their village's rules carry it, below zero; by household and measure."""

HAS_DEBTS = f"""
SELECT EXISTS (SELECT FROM ({SETTINGS}) s
    WHERE settings -> 'merit' ->> 'negative' = 'carried' OR settings -> 'redeemable' ->> 'negative' = 'carried')
"""

DEBTS = _POST.format(
    due=f"""
    SELECT a.id AS account_id, household_id, measure, coalesce(debt.amount, 0) - coalesce(done.amount, 0) AS amount
    FROM ({OWED}) debt
    FULL JOIN ({_ALREADY}) done USING (household_id, measure)
    JOIN scoring_account a USING (household_id)
    WHERE coalesce(debt.amount, 0) <> coalesce(done.amount, 0)"""
)
"""A debt of the old year is taken from the next one where the village's rules carry it; the old year keeps its sums."""

CROSSES = """
coalesce((SELECT (c.data #>> '{year,crosses}')::boolean FROM scoring_reviewpolicy c
    WHERE c.effective_from <= %(day)s ORDER BY c.effective_from DESC LIMIT 1), false)
"""

SAID = f"""
    SELECT household_id, measure, sum(amount) AS amount FROM (
        SELECT household_id, 'redeemable' AS measure, greatest(points, 0) AS amount FROM ({LEFT}) l WHERE {CROSSES}
        UNION ALL SELECT household_id, 'redeemable', points FROM ({KEPT}) k WHERE NOT {CROSSES}
        UNION ALL SELECT household_id, measure, amount FROM ({OWED}) d) due
    GROUP BY household_id, measure
"""
"""What the year's end carries into the next year, by household and measure."""

STANDS = """
    SELECT e.household_id, e.measure, sum(e.amount) AS amount
    FROM scoring_posting p JOIN scoring_entry e ON e.posting_id = p.id
    WHERE p.carries_id = %(year)s
    GROUP BY e.household_id, e.measure
"""
"""What was carried, as a whole."""
