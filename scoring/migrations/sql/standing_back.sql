-- Who decides on a sheet: the committee's members of its days, and those who substitute at its meeting.
CREATE FUNCTION scoring_sitters(sheet bigint) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 8 AS $fn$
BEGIN
  RETURN QUERY SELECT p.id FROM scoring_review r
    JOIN community_villagerole vr ON vr.village_id = r.village_id AND vr.role = 'committee'
      AND (vr.to_date IS NULL OR vr.to_date > r.month)
      AND (r.decided_at IS NULL OR vr.from_date <= (r.decided_at AT TIME ZONE 'Asia/Shanghai')::date)
    JOIN community_resident p ON p.user_id = vr.user_id
   WHERE r.id = sheet
  UNION
  SELECT a.substitute_id FROM scoring_meeting m JOIN scoring_meetingseat a ON a.meeting_id = m.id
   WHERE m.review_id = sheet AND a.substitute_id IS NOT NULL;
END $fn$;

-- The sheet's items that were told one by one (no list's) of the households to which `who` belonged on the day or since.
CREATE FUNCTION scoring_own_items(sheet bigint, who bigint) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 5 AS $fn$
BEGIN
  RETURN QUERY SELECT i.id FROM community_householdmember m
    JOIN scoring_declaration d ON d.household_id = m.household_id AND d.batch_id IS NULL
      AND (m.to_date IS NULL OR m.to_date > d.happened_on)
    JOIN scoring_reviewitem i ON i.declaration_id = d.id AND i.review_id = sheet
   WHERE m.resident_id = who;
END $fn$;

-- I11, one sheet: the items from which `who` stands back. Her own household's and her relatives' (scoring_is_barred says
-- the same of one deed); where the town says so, also those of whoever decides on hers in the same sheet. In plpgsql,
-- which plans each statement once in a session: a month asks this of every seat and every decision.
CREATE FUNCTION scoring_stands_back(sheet bigint, who bigint) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 20 AS $fn$
DECLARE
  items bigint[];
BEGIN
  items := ARRAY(
    WITH near AS (
      SELECT who AS id
      UNION SELECT other_id FROM community_relative WHERE resident_id = who
      UNION SELECT resident_id FROM community_relative WHERE other_id = who
    )
    SELECT DISTINCT i.id FROM near
      JOIN community_householdmember m ON m.resident_id = near.id
      JOIN scoring_declaration d ON d.household_id = m.household_id AND (m.to_date IS NULL OR m.to_date > d.happened_on)
      JOIN scoring_reviewitem i ON i.declaration_id = d.id AND i.review_id = sheet);
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

-- As before, asked once for each who decided instead of once for each deed.
CREATE OR REPLACE FUNCTION scoring_items_touched() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM FROM scoring_review r WHERE r.id IN (SELECT review_id FROM touched) ORDER BY r.id FOR SHARE;
  IF EXISTS (SELECT FROM scoring_review r
              WHERE r.id IN (SELECT review_id FROM touched) AND r.state NOT IN ('open', 'returned')) THEN
    RAISE EXCEPTION 'I5: a decided sheet is not changed' USING ERRCODE = 'JF005';
  END IF;
  IF TG_OP <> 'DELETE' AND EXISTS (
       SELECT FROM (SELECT DISTINCT review_id, decided_by_resident_id AS who FROM touched
                     WHERE decided_by_resident_id IS NOT NULL) by
        CROSS JOIN LATERAL scoring_stands_back(by.review_id, by.who) AS back (item)
        JOIN touched t ON t.id = back.item AND t.decided_by_resident_id = by.who) THEN
    RAISE EXCEPTION 'I11: nobody decides on a deed of her own household, of a declared relative, or, where the town says so, of whoever decides on hers'
      USING ERRCODE = 'JF011';
  END IF;
  RETURN NULL;
END $fn$;

-- What an open sheet asks of its deciders is what the town had chosen when it opened.
CREATE TRIGGER scoring_review_mutual BEFORE UPDATE ON scoring_review FOR EACH ROW
  WHEN (OLD.is_mutual IS DISTINCT FROM NEW.is_mutual)
  EXECUTE FUNCTION scoring_refuse('I11: a sheet keeps the recusals with which it opened');

-- Every function that reads tables looks in its own town only, whoever calls it.
DO $pin$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['scoring_sitters(bigint)', 'scoring_own_items(bigint, bigint)',
      'scoring_stands_back(bigint, bigint)', 'scoring_items_touched()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, public, pg_temp', name, current_schema());
  END LOOP;
END $pin$;
