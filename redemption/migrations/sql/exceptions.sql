-- An approved exception allows the one redemption it was asked for, to its last day.
CREATE FUNCTION redemption_guard_excused() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    excuse record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RAISE EXCEPTION 'I14: the exception of a redemption does not change' USING ERRCODE = 'JF001';
    END IF;
    SELECT * INTO excuse FROM redemption_redemptionexception WHERE id = NEW.exception_id FOR SHARE;
    IF excuse.state <> 'approved' THEN
        RAISE EXCEPTION 'I14: only an approved exception allows a redemption' USING ERRCODE = 'JF001';
    END IF;
    IF (excuse.household_id, excuse.membership_id, excuse.offering_id, excuse.quantity, excuse.points) IS DISTINCT FROM
       (NEW.household_id, NEW.membership_id, NEW.offering_id, NEW.quantity, NEW.points) THEN
        RAISE EXCEPTION 'I14: an exception allows what was asked for and nothing else' USING ERRCODE = 'JF001';
    END IF;
    IF (NEW.held_at AT TIME ZONE 'Asia/Shanghai')::date > excuse.use_by THEN
        RAISE EXCEPTION 'I14: an exception ends with its last day' USING ERRCODE = 'JF001';
    END IF;
    IF NEW.window_id IS NULL AND excuse.kind <> 'window' THEN
        RAISE EXCEPTION 'I14: this exception does not open a window' USING ERRCODE = 'JF001';
    END IF;
    RETURN NEW;
END $body$;

-- What was asked for stays; it is answered once.
CREATE FUNCTION redemption_guard_exception() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'I14: an exception is never deleted' USING ERRCODE = 'JF001';
    END IF;
    IF OLD.state <> 'asked' AND to_jsonb(OLD) <> to_jsonb(NEW) THEN
        RAISE EXCEPTION 'I14: an answered exception does not change' USING ERRCODE = 'JF001';
    END IF;
    IF (OLD.household_id, OLD.membership_id, OLD.offering_id, OLD.quantity, OLD.points, OLD.kind, OLD.use_by)
       IS DISTINCT FROM
       (NEW.household_id, NEW.membership_id, NEW.offering_id, NEW.quantity, NEW.points, NEW.kind, NEW.use_by) THEN
        RAISE EXCEPTION 'I14: what an exception was asked for does not change' USING ERRCODE = 'JF001';
    END IF;
    RETURN NEW;
END $body$;

-- What went through a flow is paid only when the flow approved it.
CREATE FUNCTION redemption_guard_paid() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.approved_at IS NULL AND EXISTS (
        SELECT 1 FROM approvals_item i WHERE i.subject_kind = 'settlement' AND i.subject_id = NEW.id) THEN
        RAISE EXCEPTION 'I14: this settlement waits for its approval' USING ERRCODE = 'JF001';
    END IF;
    RETURN NEW;
END $body$;

DO $pin$
DECLARE
    one text;
BEGIN
    FOREACH one IN ARRAY ARRAY['redemption_guard_excused', 'redemption_guard_exception', 'redemption_guard_paid'] LOOP
        EXECUTE format('ALTER FUNCTION %I() SET search_path = %I, public, pg_temp', one, current_schema());
    END LOOP;
END $pin$;

CREATE TRIGGER redemption_redemption_excused BEFORE INSERT ON redemption_redemption
  FOR EACH ROW WHEN (NEW.exception_id IS NOT NULL) EXECUTE FUNCTION redemption_guard_excused();
CREATE TRIGGER redemption_redemption_excuse_kept BEFORE UPDATE ON redemption_redemption
  FOR EACH ROW WHEN (OLD.exception_id IS DISTINCT FROM NEW.exception_id) EXECUTE FUNCTION redemption_guard_excused();
CREATE TRIGGER redemption_exception_guard BEFORE UPDATE OR DELETE ON redemption_redemptionexception
  FOR EACH ROW EXECUTE FUNCTION redemption_guard_exception();
CREATE TRIGGER redemption_exception_keep BEFORE TRUNCATE ON redemption_redemptionexception
  FOR EACH STATEMENT EXECUTE FUNCTION redemption_keep();
CREATE TRIGGER redemption_settlement_paid BEFORE UPDATE ON redemption_settlement
  FOR EACH ROW WHEN (OLD.state <> 'paid' AND NEW.state = 'paid') EXECUTE FUNCTION redemption_guard_paid();
