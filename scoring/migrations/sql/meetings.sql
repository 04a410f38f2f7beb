-- A decided sheet is locked: who was there, what was said and who signed stay; only the signed paper may follow.
CREATE FUNCTION scoring_meetingseat_kept() RETURNS trigger LANGUAGE plpgsql AS $fn$
DECLARE
  meeting bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.meeting_id ELSE NEW.meeting_id END;
BEGIN
  PERFORM FROM scoring_review r JOIN scoring_meeting m ON m.review_id = r.id
    WHERE m.id = meeting AND r.state IN ('open', 'returned') FOR SHARE OF r;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'I5: who was at the meeting of a decided sheet is not changed' USING ERRCODE = 'JF005';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $fn$;
CREATE TRIGGER scoring_meetingseat_kept BEFORE INSERT OR UPDATE OR DELETE ON scoring_meetingseat
  FOR EACH ROW EXECUTE FUNCTION scoring_meetingseat_kept();

CREATE FUNCTION scoring_meeting_kept() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM FROM scoring_review r WHERE r.id = NEW.review_id AND r.state IN ('open', 'returned') FOR SHARE;
  IF FOUND THEN
    RETURN NEW;
  ELSIF to_jsonb(NEW) - 'paper_id' <> to_jsonb(OLD) - 'paper_id' OR OLD.paper_id IS NOT NULL THEN
    RAISE EXCEPTION 'I5: the meeting of a decided sheet is not changed' USING ERRCODE = 'JF005';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_meeting_kept BEFORE UPDATE ON scoring_meeting
  FOR EACH ROW EXECUTE FUNCTION scoring_meeting_kept();
CREATE TRIGGER scoring_meeting_stays BEFORE DELETE OR TRUNCATE ON scoring_meeting
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I5: a meeting is never deleted');

CREATE FUNCTION scoring_seat_signed() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM FROM scoring_review r WHERE r.id = NEW.review_id AND r.state IN ('open', 'returned') FOR SHARE;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'I5: nobody signs a decided sheet' USING ERRCODE = 'JF005';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_seat_signed BEFORE INSERT OR UPDATE ON scoring_reviewseat
  FOR EACH ROW EXECUTE FUNCTION scoring_seat_signed();

-- A sheet stays its village's and its month's; once decided it never opens again, the town at most returns it.
CREATE TRIGGER scoring_review_turns BEFORE UPDATE ON scoring_review FOR EACH ROW
  WHEN ((OLD.village_id, OLD.month) IS DISTINCT FROM (NEW.village_id, NEW.month)
        OR (OLD.state <> 'open' AND NEW.state = 'open'))
  EXECUTE FUNCTION scoring_refuse('I5: a decided sheet is not opened again');
CREATE TRIGGER scoring_review_stays BEFORE DELETE OR TRUNCATE ON scoring_review
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I5: a sheet is never deleted');

-- Every function that reads tables looks in its own town only, whoever calls it.
DO $pin$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['scoring_meetingseat_kept()', 'scoring_meeting_kept()', 'scoring_seat_signed()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, public, pg_temp', name, current_schema());
  END LOOP;
END $pin$;
