"""What a redemption, a voucher and a settlement may not become, held by PostgreSQL itself (I4, I14)."""

from django.db import migrations

REDEMPTION = """
CREATE FUNCTION redemption_guard_redemption() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'I14: a redemption is never deleted' USING ERRCODE = 'JF001';
    END IF;
    IF (OLD.household_id, OLD.membership_id, OLD.offering_id, OLD.window_id, OLD.fund_id, OLD.quantity, OLD.points,
        OLD.fen, OLD.collected_by, OLD.is_proxy, OLD.held_at, OLD.idempotency_key)
       IS DISTINCT FROM
       (NEW.household_id, NEW.membership_id, NEW.offering_id, NEW.window_id, NEW.fund_id, NEW.quantity, NEW.points,
        NEW.fen, NEW.collected_by, NEW.is_proxy, NEW.held_at, NEW.idempotency_key) THEN
        RAISE EXCEPTION 'I14: what was exchanged does not change' USING ERRCODE = 'JF001';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN
       (('held', 'captured'), ('held', 'released'), ('captured', 'reversed')) THEN
        RAISE EXCEPTION 'I14: a redemption does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'JF001';
    END IF;
    IF OLD.ended_at IS NOT NULL AND OLD.ended_at IS DISTINCT FROM NEW.ended_at THEN
        RAISE EXCEPTION 'I14: the end of a redemption is final' USING ERRCODE = 'JF001';
    END IF;
    IF NEW.state = 'reversed' AND OLD.state = 'captured'
       AND EXISTS (SELECT 1 FROM redemption_settlementline l WHERE l.redemption_id = NEW.id) THEN
        RAISE EXCEPTION 'I14: a settled redemption is not reversed' USING ERRCODE = 'JF001';
    END IF;
    RETURN NEW;
END $body$
"""

LINE = """
CREATE FUNCTION redemption_guard_line() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    bought record;
    bill record;
BEGIN
    SELECT state, membership_id, fund_id INTO bought FROM redemption_redemption WHERE id = NEW.redemption_id FOR SHARE;
    SELECT state, membership_id, fund_id INTO bill FROM redemption_settlement WHERE id = NEW.settlement_id FOR SHARE;
    IF bought.state <> 'captured' THEN
        RAISE EXCEPTION 'I14: only a captured redemption is settled' USING ERRCODE = 'JF001';
    END IF;
    IF bill.state <> 'draft' THEN
        RAISE EXCEPTION 'I14: an agreed settlement takes no line' USING ERRCODE = 'JF001';
    END IF;
    IF (bought.membership_id, bought.fund_id) <> (bill.membership_id, bill.fund_id) THEN
        RAISE EXCEPTION 'I14: a line belongs to the shop and the payer of its settlement' USING ERRCODE = 'JF001';
    END IF;
    RETURN NEW;
END $body$
"""

SETTLEMENT = """
CREATE FUNCTION redemption_guard_settlement() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'I14: a settlement is never deleted' USING ERRCODE = 'JF001';
    END IF;
    IF (OLD.membership_id, OLD.fund_id, OLD.from_date, OLD.to_date)
       IS DISTINCT FROM (NEW.membership_id, NEW.fund_id, NEW.from_date, NEW.to_date) THEN
        RAISE EXCEPTION 'I14: shop, payer and period of a settlement do not change' USING ERRCODE = 'JF001';
    END IF;
    IF OLD.state <> 'draft' AND (OLD.redemptions, OLD.points, OLD.fen) <> (NEW.redemptions, NEW.points, NEW.fen) THEN
        RAISE EXCEPTION 'I14: an agreed sum does not change' USING ERRCODE = 'JF001';
    END IF;
    IF OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (('draft', 'agreed'), ('agreed', 'paid')) THEN
        RAISE EXCEPTION 'I14: a settlement does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'JF001';
    END IF;
    IF NEW.state = 'agreed' AND OLD.state = 'draft' AND (NEW.redemptions, NEW.points, NEW.fen) <>
       (SELECT count(*)::integer, coalesce(sum(r.points), 0), coalesce(sum(r.fen), 0)::bigint
          FROM redemption_settlementline l JOIN redemption_redemption r ON r.id = l.redemption_id
         WHERE l.settlement_id = NEW.id) THEN
        RAISE EXCEPTION 'I14: a statement equals the sum of its lines' USING ERRCODE = 'JF001';
    END IF;
    RETURN NEW;
END $body$
"""

VOUCHER = """
CREATE FUNCTION redemption_guard_voucher() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF (SELECT state FROM redemption_redemption WHERE id = NEW.redemption_id) NOT IN ('captured', 'reversed') THEN
        RAISE EXCEPTION 'I14: a voucher is for goods that changed hands' USING ERRCODE = 'JF001';
    END IF;
    RETURN NEW;
END $body$
"""

KEEP = """
CREATE FUNCTION redemption_keep() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'I14: rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'JF001';
END $body$
"""

FUNCTIONS = (
    "redemption_guard_redemption",
    "redemption_guard_line",
    "redemption_guard_settlement",
    "redemption_guard_voucher",
    "redemption_keep",
)
TRIGGERS = (
    ("redemption_redemption_guard", "BEFORE UPDATE OR DELETE ON redemption_redemption FOR EACH ROW", FUNCTIONS[0]),
    ("redemption_redemption_keep", "BEFORE TRUNCATE ON redemption_redemption FOR EACH STATEMENT", FUNCTIONS[4]),
    ("redemption_line_guard", "BEFORE INSERT ON redemption_settlementline FOR EACH ROW", FUNCTIONS[1]),
    ("redemption_line_keep", "BEFORE UPDATE OR DELETE ON redemption_settlementline FOR EACH ROW", FUNCTIONS[4]),
    ("redemption_line_keep_all", "BEFORE TRUNCATE ON redemption_settlementline FOR EACH STATEMENT", FUNCTIONS[4]),
    ("redemption_settlement_guard", "BEFORE UPDATE OR DELETE ON redemption_settlement FOR EACH ROW", FUNCTIONS[2]),
    ("redemption_settlement_keep", "BEFORE TRUNCATE ON redemption_settlement FOR EACH STATEMENT", FUNCTIONS[4]),
    ("redemption_voucher_guard", "BEFORE INSERT ON redemption_voucher FOR EACH ROW", FUNCTIONS[3]),
    ("redemption_voucher_keep", "BEFORE UPDATE OR DELETE ON redemption_voucher FOR EACH ROW", FUNCTIONS[4]),
    ("redemption_voucher_keep_all", "BEFORE TRUNCATE ON redemption_voucher FOR EACH STATEMENT", FUNCTIONS[4]),
)


def pinned(function):
    return (
        "DO $pin$ BEGIN EXECUTE format('ALTER FUNCTION "
        f"{function}() SET search_path = %I, public, pg_temp', current_schema()); END $pin$"
    )


class Migration(migrations.Migration):
    dependencies = [("redemption", "0001_initial")]

    operations = [
        migrations.RunSQL(
            [REDEMPTION, LINE, SETTLEMENT, VOUCHER, KEEP]
            + [pinned(function) for function in FUNCTIONS]
            + [f"CREATE TRIGGER {name} {event} EXECUTE FUNCTION {function}()" for name, event, function in TRIGGERS],
            [f"DROP FUNCTION {function}() CASCADE" for function in FUNCTIONS],
        )
    ]
