-- A period that date_trunc does not know: the half-year.
CREATE OR REPLACE FUNCTION scoring_period_start(period text, day date) RETURNS date LANGUAGE sql IMMUTABLE AS $fn$
  SELECT CASE period WHEN 'day' THEN day WHEN 'ever' THEN DATE '0001-01-01'
    WHEN 'halfyear' THEN make_date(extract(year FROM day)::int, CASE WHEN extract(month FROM day) < 7 THEN 1 ELSE 7 END, 1)
    ELSE date_trunc(period, day)::date END
$fn$;

-- I1: how a deed was reckoned stays, and so does what it took of a cap.
CREATE TRIGGER scoring_reckoning_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_reckoning
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I1: how a deed was reckoned is never changed');
CREATE TRIGGER scoring_captake_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_captake
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I12: what a deed took of a cap is never changed');

-- The entries' trigger once more, with points that go to others than the household of the deed: an entry with a share is
-- credited to the household of whoever it is for, and only under a rule that gives points to others.
CREATE OR REPLACE FUNCTION scoring_entries_posted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $fn$
DECLARE
  problem text;
BEGIN
  PERFORM FROM scoring_year y WHERE y.id IN (SELECT year_id FROM fresh) ORDER BY y.id FOR SHARE;
  IF EXISTS (SELECT FROM scoring_year y WHERE y.state = 'sealed' AND y.id IN (SELECT year_id FROM fresh)) THEN
    RAISE EXCEPTION 'I7: a sealed year takes no entry' USING ERRCODE = 'JF007';
  END IF;

  SELECT min(CASE
      WHEN p.cause <> f.cause THEN 'I5: an entry has the cause of its posting'
      WHEN f.measure = 'redeemable' AND a.household_id IS NULL THEN 'I9: redeemable points are the household''s'
      WHEN f.cause = 'reversal' AND (o.cause = 'reversal' OR p.reverses_id <> o.posting_id
             OR (o.account_id, o.measure, o.household_id, o.amount) <> (f.account_id, f.measure, f.household_id, -f.amount))
        THEN 'I5: a reversal mirrors its original'
      WHEN f.cause <> 'reversal' AND a.household_id <> f.household_id
        THEN 'I9: a household''s entry is credited to that household'
      WHEN f.cause = 'declaration' AND (d.rule_id, d.happened_on) <> (f.rule_id, f.happened_on)
        THEN 'I5: an entry is of its declaration''s rule, day and person'
      WHEN f.cause = 'declaration' AND f.share = '' AND a.resident_id IS NOT NULL
             AND a.resident_id IS DISTINCT FROM d.resident_id
        THEN 'I5: an entry is of its declaration''s rule, day and person'
      WHEN f.cause = 'declaration' AND f.share <> '' AND NOT EXISTS (SELECT FROM scoring_rule r WHERE r.id = f.rule_id
             AND (r.spec ->> 'attribution' NOT IN ('household', 'resident') OR r.spec @? '$.shares[*]'))
        THEN 'I5: a rule that gives points to nobody else has no shares'
      WHEN f.cause <> 'reversal' AND f.share = '' AND coalesce(a.resident_id, d.resident_id) IS NOT NULL AND m.id IS NULL
        THEN 'I9: the household is the one that the person belonged to on that day'
      WHEN f.cause <> 'reversal' AND f.share <> '' AND a.resident_id IS NOT NULL AND m.id IS NULL
        THEN 'I9: the household is the one that the person belonged to on that day'
      WHEN f.cause IN ('declaration', 'base_grant') AND j.id IS NULL
        THEN 'I9: only a household that has joined is scored'
    END) INTO problem
    FROM fresh f
    JOIN scoring_posting p ON p.id = f.posting_id
    JOIN scoring_account a ON a.id = f.account_id
    LEFT JOIN scoring_declaration d ON d.id = p.declaration_id
    LEFT JOIN scoring_entry o ON o.id = f.reverses_id
    LEFT JOIN community_householdmember m ON m.resident_id = coalesce(a.resident_id, d.resident_id)
      AND m.household_id = f.household_id AND m.from_date <= f.happened_on
      AND (m.to_date IS NULL OR m.to_date > f.happened_on)
    LEFT JOIN community_application j ON j.household_id = f.household_id AND j.state IN ('joined', 'left')
      AND j.joined_on <= f.happened_on AND (j.left_on IS NULL OR j.left_on > f.happened_on);
  IF problem IS NOT NULL THEN
    RAISE EXCEPTION '%', problem USING ERRCODE = 'JF0' || lpad(substring(problem FROM '^I(\d+)'), 2, '0');
  END IF;

  INSERT INTO scoring_balance AS b (account_id, year_id, measure, posted, positive, negative, held)
  SELECT f.account_id, f.year_id, f.measure, sum(f.amount),
         coalesce(sum(f.amount) FILTER (WHERE coalesce(o.amount, f.amount) > 0), 0),
         coalesce(-sum(f.amount) FILTER (WHERE coalesce(o.amount, f.amount) < 0), 0), 0
    FROM fresh f LEFT JOIN scoring_entry o ON o.id = f.reverses_id
   GROUP BY f.account_id, f.year_id, f.measure
   ORDER BY f.account_id, f.year_id, f.measure
  ON CONFLICT (account_id, year_id, measure) DO UPDATE
    SET posted = b.posted + excluded.posted, positive = b.positive + excluded.positive,
        negative = b.negative + excluded.negative;

  INSERT INTO public.outbox_message (town, kind, payload, told_at)
  SELECT TG_TABLE_SCHEMA, 'ledger', jsonb_build_object(
           'village_id', h.village_id, 'year', y.number, 'month', f.month, 'measure', f.measure, 'cause', f.cause,
           'entries', count(*),
           'positive', coalesce(sum(f.amount) FILTER (WHERE coalesce(o.amount, f.amount) > 0), 0),
           'negative', coalesce(-sum(f.amount) FILTER (WHERE coalesce(o.amount, f.amount) < 0), 0)), clock_timestamp()
    FROM fresh f
    JOIN community_household h ON h.id = f.household_id
    JOIN scoring_year y ON y.id = f.year_id
    LEFT JOIN scoring_entry o ON o.id = f.reverses_id
   GROUP BY h.village_id, y.number, f.month, f.measure, f.cause;
  RETURN NULL;
END $fn$;
DO $pin$
BEGIN
  EXECUTE format('ALTER FUNCTION scoring_entries_posted() SET search_path = %I, public, pg_temp', current_schema());
END $pin$;
