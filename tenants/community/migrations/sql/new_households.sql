-- What was asked for stays; a new household is named when it is there, with the answer.
CREATE OR REPLACE FUNCTION community_guard_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'I1: a change of the roster is never deleted' USING ERRCODE = 'JF001';
    END IF;
    IF OLD.state <> 'asked' AND to_jsonb(OLD) <> to_jsonb(NEW) THEN
        RAISE EXCEPTION 'I1: an answered change of the roster stays as it is' USING ERRCODE = 'JF001';
    END IF;
    IF (OLD.village_id, OLD.number, OLD.resident_id, OLD.kind, OLD.terms)
       IS DISTINCT FROM (NEW.village_id, NEW.number, NEW.resident_id, NEW.kind, NEW.terms)
       OR OLD.household_id IS DISTINCT FROM NEW.household_id AND OLD.household_id IS NOT NULL THEN
        RAISE EXCEPTION 'I1: what a change of the roster was asked for stays as it is' USING ERRCODE = 'JF001';
    END IF;
    RETURN NEW;
END $body$;
