-- What was asked for stays, unless it was sent back to whoever asked; a new household is named with the answer.
CREATE OR REPLACE FUNCTION community_guard_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'I1: a change of the roster is never deleted' USING ERRCODE = 'JF001';
    END IF;
    IF OLD.state <> 'asked' AND to_jsonb(OLD) <> to_jsonb(NEW) THEN
        RAISE EXCEPTION 'I1: an answered change of the roster stays as it is' USING ERRCODE = 'JF001';
    END IF;
    IF (OLD.village_id, OLD.kind, OLD.actor_realm, OLD.actor_id, OLD.asked_at)
       IS DISTINCT FROM (NEW.village_id, NEW.kind, NEW.actor_realm, NEW.actor_id, NEW.asked_at)
       OR OLD.household_id IS DISTINCT FROM NEW.household_id AND OLD.household_id IS NOT NULL THEN
        RAISE EXCEPTION 'I1: what a change of the roster was asked for stays as it is' USING ERRCODE = 'JF001';
    END IF;
    IF (OLD.number, OLD.resident_id, OLD.terms, OLD.reason)
       IS DISTINCT FROM (NEW.number, NEW.resident_id, NEW.terms, NEW.reason) AND NOT EXISTS (
        SELECT FROM approvals_item i WHERE i.subject_kind = 'roster_change' AND i.subject_id = OLD.id
            AND i.state = 'returned') THEN
        RAISE EXCEPTION 'I1: what a change of the roster was asked for stays as it is' USING ERRCODE = 'JF001';
    END IF;
    RETURN NEW;
END $body$;

DO $pin$
BEGIN
    EXECUTE format(
        'ALTER FUNCTION community_guard_change() SET search_path = %I, public, pg_temp', current_schema());
END $pin$;
