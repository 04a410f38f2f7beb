"""What can be wrong with the facts of a deed.

RuleError                 bad facts; nothing is scored
├── SubjectMismatch       the rule is for somebody else
├── QuantityInvalid       quantity missing its unit's rules
├── OutsideWindow         the deed lies before or after the days the rule counts
├── TierUnknown           no such tier
├── PointsOutOfRange      discretionary points outside the range
├── ScoreInvalid          a card's score outside its item
├── RatingInvalid         a mark that nobody asked for, or outside its scale
└── InputInvalid          a typed field that does not fit
"""

from jifen.kernel.errors import InvalidInput


class RuleError(InvalidInput):
    code = "rule_facts_invalid"
    message = "申报内容与条目要求不符，请核对后重新填写。"


class SubjectMismatch(RuleError):
    code = "rule_subject_mismatch"
    default_field = "subject"


class QuantityInvalid(RuleError):
    code = "rule_quantity_invalid"
    default_field = "quantity"


class OutsideWindow(RuleError):
    code = "rule_outside_window"
    default_field = "happened_on"


class TierUnknown(RuleError):
    code = "rule_tier_unknown"
    default_field = "tier"


class PointsOutOfRange(RuleError):
    code = "rule_points_out_of_range"
    default_field = "points"


class ScoreInvalid(RuleError):
    code = "rule_score_invalid"
    default_field = "scores"


class RatingInvalid(RuleError):
    code = "rule_rating_invalid"
    default_field = "ratings"


class InputInvalid(RuleError):
    code = "rule_input_invalid"
    default_field = "inputs"
