-- A run is never changed: it is paid out once, or voided once before that and while no other has what it left.
CREATE FUNCTION scoring_dividend_turns() RETURNS trigger LANGUAGE plpgsql AS $fn$
DECLARE
  ends text[] := ARRAY['paid_on', 'paid_by_name', 'voided_at', 'voided_by_name', 'void_reason'];
BEGIN
  IF to_jsonb(OLD) - ends <> to_jsonb(NEW) - ends OR OLD.paid_on IS NOT NULL OR OLD.voided_at IS NOT NULL THEN
    RAISE EXCEPTION 'I1: a dividend is never changed' USING ERRCODE = 'JF001';
  END IF;
  IF NEW.voided_at IS NOT NULL AND EXISTS (SELECT FROM scoring_dividend later
      WHERE later.carried_from_id = OLD.id AND later.voided_at IS NULL) THEN
    RAISE EXCEPTION 'I1: another dividend has what this one left' USING ERRCODE = 'JF001';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_dividend_turns BEFORE UPDATE ON scoring_dividend
  FOR EACH ROW EXECUTE FUNCTION scoring_dividend_turns();
CREATE TRIGGER scoring_dividend_kept BEFORE DELETE OR TRUNCATE ON scoring_dividend
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I1: a dividend is never deleted');
CREATE TRIGGER scoring_dividendline_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_dividendline
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I1: a share of a dividend is never changed');

-- To the fen: shares and what is left are what there was, also what the run before had left.
CREATE FUNCTION scoring_dividend_adds_up(run bigint) RETURNS void LANGUAGE plpgsql AS $fn$
BEGIN
  IF NOT EXISTS (SELECT FROM scoring_dividend d
      LEFT JOIN scoring_dividend before ON before.id = d.carried_from_id
      CROSS JOIN LATERAL (SELECT count(*) AS households, sum(l.points) AS points, sum(l.fen) AS fen
        FROM scoring_dividendline l WHERE l.dividend_id = d.id) s
      WHERE d.id = run AND s.fen + d.residue_fen = d.amount_fen + d.carried_fen AND s.households = d.households
        AND s.points = d.points AND d.carried_fen = coalesce(before.residue_fen, 0)) THEN
    RAISE EXCEPTION 'I14: a dividend adds up to the fen' USING ERRCODE = 'JF014';
  END IF;
END $fn$;
CREATE FUNCTION scoring_dividend_whole() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM scoring_dividend_adds_up(NEW.id);
  RETURN NULL;
END $fn$;
CREATE CONSTRAINT TRIGGER scoring_dividend_whole AFTER INSERT ON scoring_dividend DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION scoring_dividend_whole();
CREATE FUNCTION scoring_dividend_parted() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM scoring_dividend_adds_up(run.dividend_id) FROM (SELECT DISTINCT dividend_id FROM fresh) run;
  RETURN NULL;
END $fn$;
CREATE TRIGGER scoring_dividend_parted AFTER INSERT ON scoring_dividendline
  REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION scoring_dividend_parted();

DO $pin$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['scoring_dividend_turns()', 'scoring_dividend_adds_up(bigint)',
      'scoring_dividend_whole()', 'scoring_dividend_parted()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, public, pg_temp', name, current_schema());
  END LOOP;
END $pin$;
