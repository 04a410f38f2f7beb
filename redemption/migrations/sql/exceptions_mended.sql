-- What was asked for stays, unless it was sent back to whoever asked; it is answered once.
CREATE OR REPLACE FUNCTION redemption_guard_exception() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'I14: an exception is never deleted' USING ERRCODE = 'JF001';
    END IF;
    IF OLD.state <> 'asked' AND to_jsonb(OLD) <> to_jsonb(NEW) THEN
        RAISE EXCEPTION 'I14: an answered exception does not change' USING ERRCODE = 'JF001';
    END IF;
    IF (OLD.household_id, OLD.membership_id, OLD.offering_id, OLD.kind)
       IS DISTINCT FROM (NEW.household_id, NEW.membership_id, NEW.offering_id, NEW.kind) THEN
        RAISE EXCEPTION 'I14: what an exception was asked for does not change' USING ERRCODE = 'JF001';
    END IF;
    IF (OLD.quantity, OLD.points, OLD.use_by, OLD.reason)
       IS DISTINCT FROM (NEW.quantity, NEW.points, NEW.use_by, NEW.reason) AND NOT EXISTS (
        SELECT FROM approvals_item i WHERE i.subject_kind = 'redemption_exception' AND i.subject_id = OLD.id
            AND i.state = 'returned') THEN
        RAISE EXCEPTION 'I14: what an exception was asked for does not change' USING ERRCODE = 'JF001';
    END IF;
    RETURN NEW;
END $body$;

DO $pin$
BEGIN
    EXECUTE format(
        'ALTER FUNCTION redemption_guard_exception() SET search_path = %I, public, pg_temp', current_schema());
END $pin$;
