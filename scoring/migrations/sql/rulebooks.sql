-- Versions that have judged deeds keep their dates for ever: none of one rulebook overlap, whatever became of them.
ALTER TABLE scoring_rulebookversion DROP CONSTRAINT scoring_version_in_force_once;
ALTER TABLE scoring_rulebookversion ADD CONSTRAINT scoring_version_in_force_once
  EXCLUDE USING gist (rulebook_id WITH =, daterange(effective_from, effective_to) WITH &&)
  WHERE (state IN ('in_force', 'superseded', 'withdrawn'));

-- I5: what is sealed when it is handed in: the rules, the rest of the book, the village's changes, the town's bounds.
CREATE FUNCTION scoring_version_hash(version bigint) RETURNS text LANGUAGE sql STABLE AS $fn$
  SELECT encode(sha256(convert_to(concat_ws(E'\n', v.head::text, v.bounds::text, v.overlay::text, v.town_version_id::text,
    (SELECT string_agg(r.position || ' ' || r.code || ' ' || r.spec::text, E'\n' ORDER BY r.position, r.code)
       FROM scoring_rule r WHERE r.version_id = v.id)), 'UTF8')), 'hex')
  FROM scoring_rulebookversion v WHERE v.id = version
$fn$;

-- A version goes one way; what it says never changes after it was handed in, when it began never after it was enacted.
CREATE FUNCTION scoring_version_turns() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF NEW.state <> OLD.state AND NOT (OLD.state, NEW.state) IN (
      ('draft', 'submitted'), ('draft', 'approved'), ('draft', 'in_force'), ('draft', 'withdrawn'),
      ('submitted', 'approved'), ('submitted', 'withdrawn'), ('approved', 'in_force'), ('approved', 'withdrawn'),
      ('in_force', 'superseded'), ('in_force', 'withdrawn')) THEN
    RAISE EXCEPTION 'I5: a version of the rules goes forward only: % to %', OLD.state, NEW.state USING ERRCODE = 'JF005';
  END IF;
  IF OLD.state <> 'draft' AND (OLD.rulebook_id, OLD.number, OLD.head, OLD.bounds, OLD.overlay, OLD.town_version_id,
        OLD.draft_id, OLD.content_hash)
      IS DISTINCT FROM (NEW.rulebook_id, NEW.number, NEW.head, NEW.bounds, NEW.overlay, NEW.town_version_id,
        NEW.draft_id, NEW.content_hash) THEN
    RAISE EXCEPTION 'I5: a version of the rules is never rewritten; make a new one' USING ERRCODE = 'JF005';
  END IF;
  IF OLD.state IN ('in_force', 'superseded', 'withdrawn') AND NEW.effective_from <> OLD.effective_from THEN
    RAISE EXCEPTION 'I5: the day on which rules began never changes' USING ERRCODE = 'JF005';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_version_turns BEFORE UPDATE ON scoring_rulebookversion
  FOR EACH ROW EXECUTE FUNCTION scoring_version_turns();
CREATE TRIGGER scoring_version_kept BEFORE DELETE ON scoring_rulebookversion FOR EACH ROW WHEN (OLD.state <> 'draft')
  EXECUTE FUNCTION scoring_refuse('I5: a version of the rules is never deleted');

-- I5: no rules begin, end early or go on over a month whose sheet is closed in a village that they concern.
CREATE FUNCTION scoring_closed_month(book bigint, day date) RETURNS date LANGUAGE sql STABLE AS $fn$
  SELECT max(r.month) FROM scoring_review r JOIN scoring_rulebook b ON b.id = book
  WHERE r.state IN ('decided', 'settled', 'posted') AND r.month + interval '1 month' > day
    AND (b.village_id = r.village_id OR (b.village_id IS NULL AND NOT EXISTS (
      SELECT FROM scoring_rulebook own JOIN scoring_rulebookversion v ON v.rulebook_id = own.id
      WHERE own.village_id = r.village_id AND v.state IN ('in_force', 'superseded', 'withdrawn')
        AND daterange(v.effective_from, v.effective_to) @> greatest(r.month, day))))
$fn$;
CREATE FUNCTION scoring_version_over_months() RETURNS trigger LANGUAGE plpgsql AS $fn$
DECLARE
  day date;
BEGIN
  IF TG_OP = 'INSERT' OR OLD.state NOT IN ('in_force', 'superseded', 'withdrawn') THEN
    day := CASE WHEN NEW.effective_from IS DISTINCT FROM NEW.effective_to THEN NEW.effective_from END;
  ELSIF NEW.effective_to IS DISTINCT FROM OLD.effective_to THEN
    day := least(NEW.effective_to, OLD.effective_to);
  END IF;
  IF day IS NOT NULL AND scoring_closed_month(NEW.rulebook_id, day) IS NOT NULL THEN
    RAISE EXCEPTION 'I5: rules never change over a closed month: %', scoring_closed_month(NEW.rulebook_id, day)
      USING ERRCODE = 'JF005';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_version_over_months BEFORE INSERT OR UPDATE ON scoring_rulebookversion
  FOR EACH ROW WHEN (NEW.state IN ('in_force', 'superseded', 'withdrawn'))
  EXECUTE FUNCTION scoring_version_over_months();

-- I5: nothing is put into a version that is sealed.
CREATE FUNCTION scoring_rule_enters() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF EXISTS (SELECT FROM scoring_rulebookversion v
              WHERE v.id = NEW.version_id AND v.state <> 'draft' AND v.content_hash <> '') THEN
    RAISE EXCEPTION 'I5: nothing is added to rules that were handed in' USING ERRCODE = 'JF005';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_rule_enters BEFORE INSERT ON scoring_rule FOR EACH ROW EXECUTE FUNCTION scoring_rule_enters();

-- A draft that was handed in stands still; one that is over stays as it is.
CREATE FUNCTION scoring_draft_turns() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF OLD.state IN ('approved', 'discarded') THEN
    RAISE EXCEPTION 'I5: a draft that is over never changes' USING ERRCODE = 'JF005';
  ELSIF NEW.state <> OLD.state AND NOT (OLD.state, NEW.state) IN (
      ('open', 'checked'), ('checked', 'tried'), ('tried', 'submitted'), ('submitted', 'approved'),
      ('checked', 'open'), ('tried', 'open'), ('tried', 'checked'), ('submitted', 'open'),
      ('open', 'discarded'), ('checked', 'discarded'), ('tried', 'discarded')) THEN
    RAISE EXCEPTION 'I5: a draft does not go from % to %', OLD.state, NEW.state USING ERRCODE = 'JF005';
  ELSIF OLD.state = 'submitted' AND NEW.revision <> OLD.revision THEN
    RAISE EXCEPTION 'I5: a draft that was handed in stands still' USING ERRCODE = 'JF005';
  ELSIF NEW.revision <> OLD.revision AND NEW.state <> 'open' THEN
    RAISE EXCEPTION 'I5: a draft that changes is checked anew' USING ERRCODE = 'JF005';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_draft_turns BEFORE UPDATE ON scoring_draft FOR EACH ROW EXECUTE FUNCTION scoring_draft_turns();
CREATE FUNCTION scoring_draft_open() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF (SELECT d.state FROM scoring_draft d WHERE d.id = NEW.draft_id) IN ('submitted', 'approved', 'discarded') THEN
    RAISE EXCEPTION 'I5: a draft that was handed in stands still' USING ERRCODE = 'JF005';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_draftitem_open BEFORE INSERT OR UPDATE ON scoring_draftitem
  FOR EACH ROW EXECUTE FUNCTION scoring_draft_open();

-- What a meeting resolved and on which day is kept as it was written.
CREATE TRIGGER scoring_resolution_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_resolution
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I5: a resolution is never changed');
CREATE TRIGGER scoring_deliberation_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_deliberationstep
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I5: a step of the deliberation is never changed');

-- Every function that reads tables looks in its own town only, whoever calls it.
DO $pin$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['scoring_version_hash(bigint)', 'scoring_closed_month(bigint, date)',
      'scoring_version_over_months()', 'scoring_rule_enters()', 'scoring_draft_open()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, public, pg_temp', name, current_schema());
  END LOOP;
END $pin$;
