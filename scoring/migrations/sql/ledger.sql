-- Everything that follows from new entries, once per statement and set-based: the year is open (I7), a reversal mirrors
-- (I5), the credited household is right (I9), balances move (I2), the district is told (I15).
CREATE FUNCTION scoring_entries_posted() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $fn$
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
      WHEN f.cause = 'declaration' AND ((d.rule_id, d.happened_on) <> (f.rule_id, f.happened_on)
             OR (a.resident_id IS NOT NULL AND a.resident_id IS DISTINCT FROM d.resident_id))
        THEN 'I5: an entry is of its declaration''s rule, day and person'
      WHEN f.cause <> 'reversal' AND coalesce(a.resident_id, d.resident_id) IS NOT NULL AND m.id IS NULL
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
CREATE TRIGGER scoring_entries_posted AFTER INSERT ON scoring_entry REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_entries_posted();
