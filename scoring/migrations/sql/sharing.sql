-- The households beside its own on whose accounts a deed's points may go (I9): the cell's, and whose beneficiary or
-- responsible person it names. Of people the households to which they belonged on the day or since.
CREATE FUNCTION scoring_sharing(facts jsonb, day date) RETURNS SETOF bigint LANGUAGE sql STABLE ROWS 10 AS $fn$
  SELECT cell::bigint FROM jsonb_array_elements_text(facts #> '{people,cell}') AS c (cell)
  UNION ALL
  SELECT split_part(party, ':', 2)::bigint
    FROM unnest(ARRAY[facts #>> '{people,beneficiary}', facts #>> '{people,responsible}']) AS p (party)
   WHERE party LIKE 'household:%'
  UNION ALL
  SELECT m.household_id
    FROM unnest(ARRAY[facts #>> '{people,beneficiary}', facts #>> '{people,responsible}']) AS p (party)
    JOIN community_householdmember m ON m.resident_id = split_part(party, ':', 2)::bigint
      AND (m.to_date IS NULL OR m.to_date > day)
   WHERE party LIKE 'resident:%'
$fn$;

-- Few deeds say who was around; a sheet's are found without reading what the others tell.
CREATE INDEX scoring_declaration_people ON scoring_declaration (id) WHERE facts ? 'people';

-- I11: whether `who` or a declared relative belongs to a household that gets or bears a part of the deed.
CREATE FUNCTION scoring_is_barred_from(who bigint, deed bigint) RETURNS boolean LANGUAGE sql STABLE AS $fn$
  SELECT EXISTS (
    SELECT FROM scoring_declaration d WHERE d.id = deed
      AND (scoring_is_barred(who, d.household_id, d.happened_on) OR d.facts ? 'people' AND EXISTS (
        SELECT FROM scoring_sharing(d.facts, d.happened_on) AS s (household)
         WHERE scoring_is_barred(who, s.household, d.happened_on))))
$fn$;

-- As before, and from whatever else goes to her own household or a relative's.
CREATE OR REPLACE FUNCTION scoring_stands_back(sheet bigint, who bigint) RETURNS SETOF bigint
  LANGUAGE plpgsql STABLE ROWS 20 AS $fn$
DECLARE
  items bigint[];
BEGIN
  items := ARRAY(
    WITH near AS (
      SELECT who AS id
      UNION SELECT other_id FROM community_relative WHERE resident_id = who
      UNION SELECT resident_id FROM community_relative WHERE other_id = who
    ), home AS (
      SELECT m.household_id, m.to_date FROM near JOIN community_householdmember m ON m.resident_id = near.id
    )
    SELECT i.id FROM home
      JOIN scoring_declaration d ON d.household_id = home.household_id
        AND (home.to_date IS NULL OR home.to_date > d.happened_on)
      JOIN scoring_reviewitem i ON i.declaration_id = d.id AND i.review_id = sheet
    UNION
    SELECT i.id FROM scoring_declaration d
      JOIN scoring_reviewitem i ON i.declaration_id = d.id AND i.review_id = sheet
      CROSS JOIN LATERAL scoring_sharing(d.facts, d.happened_on) AS s (household)
      JOIN home ON home.household_id = s.household AND (home.to_date IS NULL OR home.to_date > d.happened_on)
     WHERE d.facts ? 'people');
  IF EXISTS (SELECT FROM scoring_review r WHERE r.id = sheet AND r.is_mutual)
     AND EXISTS (SELECT FROM scoring_own_items(sheet, who)) THEN
    items := ARRAY(
      SELECT unnest(items)
      UNION SELECT o.item FROM scoring_sitters(sheet) AS s (other)
        CROSS JOIN LATERAL scoring_own_items(sheet, s.other) AS o (item)
       WHERE s.other <> who);
  END IF;
  RETURN QUERY SELECT unnest(items);
END $fn$;

-- As before; nobody decides on what is said about her own, either.
CREATE OR REPLACE FUNCTION scoring_hearing_turns() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF (NEW.item_id, NEW.declaration_id, NEW.household_id, NEW.points, NEW.redeemable, NEW.opened_at, NEW.days)
     IS DISTINCT FROM
     (OLD.item_id, OLD.declaration_id, OLD.household_id, OLD.points, OLD.redeemable, OLD.opened_at, OLD.days)
     OR OLD.told_at IS NOT NULL AND (NEW.told_at, NEW.told_how, NEW.told_by_name, NEW.until)
     IS DISTINCT FROM (OLD.told_at, OLD.told_how, OLD.told_by_name, OLD.until) THEN
    RAISE EXCEPTION 'I5: what a household was told is never rewritten' USING ERRCODE = 'JF005';
  ELSIF OLD.outcome <> 'open' AND NEW.outcome NOT IN (OLD.outcome, 'void') THEN
    RAISE EXCEPTION 'I5: a hearing ends once' USING ERRCODE = 'JF005';
  ELSIF OLD.outcome <> 'open' AND NEW.statement <> OLD.statement THEN
    RAISE EXCEPTION 'I5: what was said in an ended hearing is never rewritten' USING ERRCODE = 'JF005';
  ELSIF NEW.decided_by_resident_id IS NOT NULL
      AND scoring_is_barred_from(NEW.decided_by_resident_id, NEW.declaration_id) THEN
    RAISE EXCEPTION 'I11: nobody decides on a deed of her own household or of a declared relative'
      USING ERRCODE = 'JF011';
  END IF;
  RETURN NEW;
END $fn$;

-- Every function that reads tables looks in its own town only, whoever calls it.
DO $pin$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['scoring_sharing(jsonb, date)', 'scoring_is_barred_from(bigint, bigint)',
      'scoring_stands_back(bigint, bigint)', 'scoring_hearing_turns()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, public, pg_temp', name, current_schema());
  END LOOP;
END $pin$;
