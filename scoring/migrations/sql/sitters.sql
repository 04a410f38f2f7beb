-- Who decides on a sheet: the committee's members of its days, whom its flow seats beside them, and those who substitute
-- at its meeting.
CREATE OR REPLACE FUNCTION scoring_sitters(sheet bigint) RETURNS SETOF bigint LANGUAGE plpgsql STABLE ROWS 8 AS $fn$
BEGIN
  RETURN QUERY SELECT p.id FROM scoring_review r
    JOIN approvals_flow f ON f.id = r.flow_id
    JOIN community_villagerole vr ON vr.village_id = r.village_id
      AND (vr.to_date IS NULL OR vr.to_date > r.month)
      AND (r.decided_at IS NULL OR vr.from_date <= (r.decided_at AT TIME ZONE 'Asia/Shanghai')::date)
      AND (vr.role = 'committee' OR jsonb_path_exists(f.steps,
        '$.steps[*].who[*] ? (@.role == $role || ($seat != "" && @.seat == $seat))',
        jsonb_build_object('role', vr.role, 'seat', vr.seat)))
    JOIN community_resident p ON p.user_id = vr.user_id
   WHERE r.id = sheet
  UNION
  SELECT a.substitute_id FROM scoring_meeting m JOIN scoring_meetingseat a ON a.meeting_id = m.id
   WHERE m.review_id = sheet AND a.substitute_id IS NOT NULL;
END $fn$;

-- It looks in its own town only, whoever calls it.
DO $pin$
BEGIN
  EXECUTE format('ALTER FUNCTION scoring_sitters(bigint) SET search_path = %I, public, pg_temp', current_schema());
END $pin$;
