"""What ``jifen verify`` asks about people and places of one town."""

from jifen.kernel.checks import Check

_TWO_HOMES = """
SELECT count(*) FROM community_householdmember a JOIN community_householdmember b
ON a.resident_id = b.resident_id AND a.id < b.id
AND daterange(a.from_date, a.to_date) && daterange(b.from_date, b.to_date)"""
_JOINED_TWICE = """
SELECT count(*) FROM community_application a JOIN community_application b
ON a.household_id = b.household_id AND a.id < b.id AND a.state IN ('joined', 'left') AND b.state IN ('joined', 'left')
AND daterange(a.joined_on, a.left_on) && daterange(b.joined_on, b.left_on)"""
_OTHER_GROUP = """
SELECT count(*) FROM community_household h JOIN community_group g ON g.id = h.group_id
WHERE g.village_id <> h.village_id"""


def checks() -> list[Check]:
    return [
        Check("I9", "每人同一天只属于一户", _TWO_HOMES),
        Check("community.joined_once", "每户同一天只加入一次", _JOINED_TWICE),
        Check("community.group_of_village", "每户的小组属于本村", _OTHER_GROUP),
    ]
