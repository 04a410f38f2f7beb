-- What was gathered stays as it was handed in: nothing is marked or signed once a round is over.
CREATE FUNCTION scoring_round_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  round bigint;
  its text;
BEGIN
  IF TG_TABLE_NAME = 'scoring_attendance' THEN
    round := CASE TG_OP WHEN 'DELETE' THEN OLD.activity_id ELSE NEW.activity_id END;
    SELECT a.state INTO its FROM scoring_activity a WHERE a.id = round FOR SHARE;
  ELSE
    round := CASE TG_OP WHEN 'DELETE' THEN OLD.inspection_id ELSE NEW.inspection_id END;
    SELECT i.state INTO its FROM scoring_inspection i WHERE i.id = round FOR SHARE;
  END IF;
  IF its <> 'open' THEN
    RAISE EXCEPTION 'this round is over' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scoring_round_kept';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER scoring_marks_kept BEFORE INSERT OR UPDATE OR DELETE ON scoring_inspectionmark
FOR EACH ROW EXECUTE FUNCTION scoring_round_kept();

CREATE TRIGGER scoring_attendance_kept BEFORE INSERT OR UPDATE OR DELETE ON scoring_attendance
FOR EACH ROW EXECUTE FUNCTION scoring_round_kept();

-- An ended round is not opened again.
CREATE FUNCTION scoring_round_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'open' THEN
    RAISE EXCEPTION 'this round is over' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'scoring_round_ends';
  END IF;
  RETURN NEW;
END $$;

CREATE TRIGGER scoring_inspection_ends BEFORE UPDATE ON scoring_inspection
FOR EACH ROW EXECUTE FUNCTION scoring_round_ends();

CREATE TRIGGER scoring_activity_ends BEFORE UPDATE ON scoring_activity
FOR EACH ROW EXECUTE FUNCTION scoring_round_ends();

DO $pin$
BEGIN
  EXECUTE format('ALTER FUNCTION scoring_round_kept() SET search_path = %I, public, pg_temp', current_schema());
END $pin$;
