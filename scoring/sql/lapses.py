"""Redeemable points with an end of their own, and those that outlive the year.

What is spent is taken from the points that end first. So of a year's balance there lapses on a day what was gained of
points that have ended by then, less all that went out of it; and the year's end leaves what is left, at most what was
gained of points that outlive it.
"""

ENDS = """
    SELECT r.id AS rule_id,
        coalesce((r.spec #>> '{expires,months}')::int, 12 * (r.spec #>> '{expires,years}')::int,
            (c #>> '{expires,months}')::int, 12 * (c #>> '{expires,years}')::int) AS months
    FROM scoring_rule r
    JOIN scoring_rulebookversion v ON v.id = r.version_id
    LEFT JOIN LATERAL (
        SELECT c FROM jsonb_array_elements(v.head #> '{settings,classes}') AS c
        WHERE c ->> 'code' = r.spec ->> 'point_class') own ON true
    WHERE r.sign = 'positive' AND (r.spec #>> '{expires}' IS NOT NULL OR c #>> '{expires}' IS NOT NULL
        OR (c ->> 'keeps')::boolean)
"""
"""Rules whose points have an end of their own, so many months after the deed; without a number they never end."""

_LOTS = f"""
    SELECT e.account_id, e.household_id, e.year_id, own.ends_on, sum(e.amount) AS gained
    FROM (
        SELECT e.id, CASE WHEN rule.months IS NULL THEN DATE '9999-12-31'
            ELSE (e.happened_on + make_interval(months => rule.months))::date END AS ends_on
        FROM ({ENDS}) rule JOIN scoring_entry e ON e.rule_id = rule.rule_id
        UNION ALL
        SELECT e.id, e.ends_on FROM scoring_entry e WHERE e.ends_on IS NOT NULL) own
    JOIN scoring_entry e ON e.id = own.id AND e.measure = 'redeemable'
    JOIN scoring_year y ON y.id = e.year_id AND <years>
    LEFT JOIN scoring_entry o ON o.id = e.reverses_id
    WHERE coalesce(o.amount, e.amount) > 0
    GROUP BY e.account_id, e.household_id, e.year_id, own.ends_on HAVING sum(e.amount) > 0
"""
"""What was gained, by the last day on which it can be used; reversals taken off."""

OPEN_LOTS = _LOTS.replace("<years>", "y.state <> 'sealed'")

NEXT = f"SELECT min(ends_on) FROM ({OPEN_LOTS}) lot WHERE ends_on >= %(day)s AND ends_on < DATE '9999-12-31'"

_DUE = f"""
    SELECT lot.account_id, lot.household_id, lot.year_id,
        least(greatest(sum(lot.gained) - b.negative, 0), b.posted - b.held) AS points
    FROM ({OPEN_LOTS}) lot
    JOIN scoring_balance b ON b.account_id = lot.account_id AND b.year_id = lot.year_id AND b.measure = 'redeemable'
    WHERE lot.ends_on < %(day)s
    GROUP BY lot.account_id, lot.household_id, lot.year_id, b.negative, b.posted, b.held
"""

LOCK = f"""
SELECT count(*) FROM (
    SELECT b.id FROM scoring_balance b WHERE b.measure = 'redeemable'
        AND (b.account_id, b.year_id) IN (SELECT account_id, year_id FROM ({_DUE}) due WHERE points > 0)
    ORDER BY b.id FOR UPDATE) held
"""

LAPSE = f"""
INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, month, measure, amount, cause, happened_on,
    posted_at)
SELECT %(posting)s, due.account_id, due.household_id, due.year_id, CASE WHEN y.number = extract(year FROM %(day)s::date)
        THEN extract(month FROM %(day)s::date) ELSE 12 END, 'redeemable', -due.points, 'lapse', %(day)s, %(now)s
FROM ({_DUE}) due JOIN scoring_year y ON y.id = due.year_id
WHERE due.points > 0 ORDER BY due.account_id
"""

LEFT = """
    SELECT b.account_id, a.household_id, b.posted - coalesce(x.expired, 0) AS points, coalesce(x.expired, 0) AS expired
    FROM scoring_balance b
    JOIN scoring_account a ON a.id = b.account_id
    LEFT JOIN (SELECT e.account_id, sum(e.amount) AS expired
        FROM scoring_posting p JOIN scoring_entry e ON e.posting_id = p.id
        WHERE p.cause = 'expiry' AND e.year_id = %(year)s GROUP BY e.account_id) x ON x.account_id = b.account_id
    WHERE b.year_id = %(year)s AND b.measure = 'redeemable'
"""
"""What a year leaves, whether or not its end has taken it yet; ``expired``, below zero, is what it has taken."""

KEPT = f"""
    SELECT account_id, household_id, ends_on,
        greatest(least(gained, left_over - coalesce(sum(gained) OVER later, 0)), 0) AS points
    FROM (
        SELECT lot.*, l.points AS left_over FROM ({_LOTS.replace("<years>", "y.id = %(year)s")}) lot
        JOIN ({LEFT}) l ON l.account_id = lot.account_id
        WHERE lot.ends_on > %(day)s AND l.points > 0) lot
    WINDOW later AS (PARTITION BY account_id ORDER BY ends_on DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
"""
"""What outlives the year's last day: of the points left, those that end last."""

KEPT_BY_ACCOUNT = f"SELECT account_id, sum(points) AS points FROM ({KEPT}) k GROUP BY account_id"

_KEPT_BEFORE = """
    SELECT e.account_id, e.household_id, e.ends_on, sum(e.amount) AS points
    FROM scoring_posting p JOIN scoring_entry e ON e.posting_id = p.id
    WHERE p.carries_id = %(year)s AND p.carry = 'kept'
    GROUP BY e.account_id, e.household_id, e.ends_on
"""

AT_STAKE = f"""
    SELECT l.household_id, coalesce(k.points, 0) - coalesce(before.points, 0) AS kept,
        coalesce(before.points, 0) AS kept_before, -l.expired - coalesce(before.points, 0.00) AS ended,
        greatest(l.points, 0) - coalesce(k.points, 0) + l.expired + coalesce(before.points, 0) AS points
    FROM ({LEFT}) l
    LEFT JOIN ({KEPT_BY_ACCOUNT}) k ON k.account_id = l.account_id
    LEFT JOIN (SELECT account_id, sum(points) AS points FROM ({_KEPT_BEFORE}) b GROUP BY account_id) before
        ON before.account_id = l.account_id
"""
"""What a close would end now, and keep, beyond what the year's earlier closes did; below zero, what it gives back.
``ended``, ``kept_before``: what the earlier closes did."""

TO_KEEP = f"""
SELECT account_id, household_id, ends_on, coalesce(k.points, 0) - coalesce(done.points, 0)
FROM unnest(%(accounts)s::bigint[], %(households)s::bigint[], %(ends)s::date[], %(points)s::numeric[])
    AS k (account_id, household_id, ends_on, points)
FULL JOIN ({_KEPT_BEFORE}) done USING (account_id, household_id, ends_on)
WHERE coalesce(k.points, 0) <> coalesce(done.points, 0)
"""
"""What outlives the year, less what its earlier closes have carried of it."""

KEEP = """
INSERT INTO scoring_entry (posting_id, account_id, household_id, year_id, month, measure, amount, cause, happened_on,
    ends_on, posted_at)
SELECT posting, account, household, %(next)s, 1, 'redeemable', points, 'opening', %(first)s, ends_on, %(now)s
FROM unnest(%(postings)s::bigint[], %(accounts)s::bigint[], %(households)s::bigint[], %(points)s::numeric[],
    %(ends)s::date[]) AS k (posting, account, household, points, ends_on)
ORDER BY posting, account
"""
