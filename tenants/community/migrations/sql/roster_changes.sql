-- What was asked for stays, and is answered once.
CREATE FUNCTION community_guard_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP <> 'UPDATE' THEN
        RAISE EXCEPTION 'I1: a change of the roster is never deleted' USING ERRCODE = 'JF001';
    END IF;
    IF OLD.state <> 'asked' AND to_jsonb(OLD) <> to_jsonb(NEW) THEN
        RAISE EXCEPTION 'I1: an answered change of the roster stays as it is' USING ERRCODE = 'JF001';
    END IF;
    IF (OLD.household_id, OLD.resident_id, OLD.kind, OLD.terms)
       IS DISTINCT FROM (NEW.household_id, NEW.resident_id, NEW.kind, NEW.terms) THEN
        RAISE EXCEPTION 'I1: what a change of the roster was asked for stays as it is' USING ERRCODE = 'JF001';
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER community_change_guard BEFORE UPDATE OR DELETE ON community_rosterchange
  FOR EACH ROW EXECUTE FUNCTION community_guard_change();
CREATE TRIGGER community_change_keep BEFORE TRUNCATE ON community_rosterchange
  FOR EACH STATEMENT EXECUTE FUNCTION community_guard_change();
