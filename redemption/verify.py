"""What must always be true of the exchange, as queries that count breaches (DESIGN §4)."""

from jifen.kernel.checks import Check

SPENT = """
SELECT count(*) FROM (
    SELECT r.id FROM redemption_redemption r
      LEFT JOIN scoring_posting p ON p.redemption_id = r.id AND p.cause = 'redemption'
      LEFT JOIN scoring_entry e ON e.posting_id = p.id
     WHERE r.state IN ('captured', 'reversed')
     GROUP BY r.id, r.points
    HAVING coalesce(sum(e.amount), 0) <> -r.points OR count(DISTINCT p.id) <> 1
        OR bool_or(e.measure <> 'redeemable')
) wrong
"""

UNBOUGHT = """
SELECT count(*) FROM scoring_posting p
  LEFT JOIN redemption_redemption r ON r.id = p.redemption_id
 WHERE p.cause = 'redemption' AND (r.id IS NULL OR r.state NOT IN ('captured', 'reversed'))
"""

RETURNED = """
SELECT count(*) FROM redemption_redemption r
  JOIN scoring_posting p ON p.redemption_id = r.id AND p.cause = 'redemption'
 WHERE (r.state = 'reversed') <> EXISTS (SELECT 1 FROM scoring_posting b WHERE b.reverses_id = p.id)
"""

HELD = """
SELECT count(*) FROM (
    SELECT coalesce(a.household_id, h.household_id) FROM
        (SELECT a.household_id, sum(b.held) AS held FROM scoring_balance b
           JOIN scoring_account a ON a.id = b.account_id
          WHERE b.measure = 'redeemable' AND b.held <> 0 GROUP BY a.household_id) a
        FULL JOIN (SELECT household_id, sum(points) AS held FROM redemption_redemption
                    WHERE state = 'held' GROUP BY household_id) h USING (household_id)
     WHERE coalesce(a.held, 0) <> coalesce(h.held, 0)
) wrong
"""

TWICE = """
SELECT count(*) FROM (
    SELECT idempotency_key FROM redemption_redemption GROUP BY idempotency_key HAVING count(*) > 1
) wrong
"""

LINES = """
SELECT count(*) FROM redemption_settlementline l
  JOIN redemption_redemption r ON r.id = l.redemption_id
  JOIN redemption_settlement s ON s.id = l.settlement_id
 WHERE r.state <> 'captured' OR (r.membership_id, r.fund_id) <> (s.membership_id, s.fund_id)
"""

SUMS = """
SELECT count(*) FROM (
    SELECT s.id FROM redemption_settlement s
      LEFT JOIN redemption_settlementline l ON l.settlement_id = s.id
      LEFT JOIN redemption_redemption r ON r.id = l.redemption_id
     GROUP BY s.id
    HAVING (s.redemptions, s.points, s.fen) IS DISTINCT FROM
           (count(r.id)::integer, coalesce(sum(r.points), 0), coalesce(sum(r.fen), 0)::bigint)
) wrong
"""

VOUCHERS = """
SELECT count(*) FROM redemption_redemption r
 WHERE r.state = 'captured' AND r.hold_expires_at < now()
   AND NOT EXISTS (SELECT 1 FROM redemption_voucher v WHERE v.redemption_id = r.id)
"""

EXCUSED = """
SELECT count(*) FROM redemption_redemption r JOIN redemption_redemptionexception x ON x.id = r.exception_id
 WHERE x.state <> 'approved' OR (r.held_at AT TIME ZONE 'Asia/Shanghai')::date > x.use_by
    OR (r.household_id, r.membership_id, r.offering_id, r.quantity, r.points)
       IS DISTINCT FROM (x.household_id, x.membership_id, x.offering_id, x.quantity, x.points)
"""

USED_TWICE = """
SELECT count(*) FROM (
    SELECT exception_id FROM redemption_redemption WHERE exception_id IS NOT NULL AND state <> 'released'
     GROUP BY exception_id HAVING count(*) > 1
) wrong
"""

UNOPENED = """
SELECT count(*) FROM redemption_redemption r LEFT JOIN redemption_redemptionexception x ON x.id = r.exception_id
 WHERE r.window_id IS NULL AND x.kind IS DISTINCT FROM 'window'
"""

_LAST = """
    SELECT DISTINCT ON (subject_id) subject_id, state, facts FROM approvals_item
     WHERE subject_kind = '{kind}' ORDER BY subject_id, id DESC
"""

EXCEPTIONS = f"""
SELECT count(*) FROM redemption_redemptionexception x JOIN ({_LAST.format(kind="redemption_exception")}) i
    ON i.subject_id = x.id
 WHERE (x.state = 'approved') <> (i.state = 'approved') OR (x.state = 'refused') <> (i.state = 'rejected')
    OR (x.state = 'asked') <> (i.state IN ('open', 'returned', 'suspended'))
"""

MEMBERSHIPS = f"""
SELECT count(*) FROM redemption_membership m JOIN ({_LAST.format(kind="membership")}) i ON i.subject_id = m.id
 CROSS JOIN LATERAL (SELECT i.facts ->> 'act' IS NOT DISTINCT FROM '终止' AS leaves) asked
 WHERE i.state IN ('open', 'returned', 'suspended') AND m.state <> CASE WHEN leaves THEN 'active' ELSE 'applied' END
    OR i.state = 'approved' AND m.state = CASE WHEN leaves THEN 'active' ELSE 'refused' END
"""

UNAPPROVED = f"""
SELECT count(*) FROM redemption_settlement s JOIN ({_LAST.format(kind="settlement")}) i ON i.subject_id = s.id
 WHERE s.state = 'draft' OR s.state = 'paid' AND s.approved_at IS NULL
    OR i.state = 'approved' AND s.approved_at IS NULL
    OR i.state IN ('open', 'returned', 'suspended') AND s.approved_at IS NOT NULL
"""

OWN_SHOP = """
SELECT count(*) FROM approvals_word w JOIN approvals_item i ON i.id = w.item_id
  LEFT JOIN redemption_settlement s ON i.subject_kind = 'settlement' AND s.id = i.subject_id
  LEFT JOIN redemption_redemptionexception x ON i.subject_kind = 'redemption_exception' AND x.id = i.subject_id
  JOIN redemption_membership m ON m.id =
       CASE WHEN i.subject_kind = 'membership' THEN i.subject_id ELSE coalesce(s.membership_id, x.membership_id) END
  JOIN community_resident p ON p.user_id = w.speaker_id
  JOIN community_householdmember h ON h.resident_id = p.id
   AND h.household_id IN (m.run_by_id, x.household_id)
   AND daterange(h.from_date, h.to_date) @> (w.at AT TIME ZONE 'Asia/Shanghai')::date
 WHERE w.kind IN ('approve', 'reject')
"""


def checks() -> list[Check]:
    """The town's checks of this room."""
    return [
        Check("I3", "兑换预留的积分与账户冻结的积分相等", HELD),
        Check("I4", "每笔兑换只扣一次可兑换积分，不动评比积分", SPENT),
        Check("I4", "每笔兑换扣分都有对应的兑换", UNBOUGHT),
        Check("I4", "退回的兑换都已更正，没退回的没有更正", RETURNED),
        Check("I6", "同一编号只有一笔兑换", TWICE),
        Check("I14", "结算单只含本店本经费的已兑换单", LINES),
        Check("I14", "结算单的合计等于各笔之和", SUMS),
        Check("I14", "兑换后15分钟内都有凭证", VOUCHERS),
        Check("redemption.exception", "按特例的兑换与批准的一致，没有过期", EXCUSED),
        Check("redemption.exception", "一个特例只兑换一次", USED_TWICE),
        Check("redemption.exception", "兑换期外的兑换都有特例", UNOPENED),
        Check("redemption.exception", "特例的状态与审批一致", EXCEPTIONS),
        Check("redemption.membership", "加盟的状态与审批一致", MEMBERSHIPS),
        Check("redemption.settlement", "经审批的结算单同意后才付款", UNAPPROVED),
        Check("I11", "没有人决定自己家或自家店的加盟、结算、特例", OWN_SHOP),
    ]
