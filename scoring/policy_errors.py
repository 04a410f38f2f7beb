"""What the town's choice of how months are reviewed refuses."""

from jifen.kernel.errors import InvalidInput


class ReviewPolicyInvalid(InvalidInput):
    code = "review_policy_invalid"
    message = "“{what}”填得不对，请按页面上的选项或天数（0到60天）填写。"


class ReviewPolicyInPast(InvalidInput):
    code = "review_policy_in_past"
    default_field = "effective_from"
    message = "新办法最早从明天起生效，不能倒回已经报送的月份。"


class NoticeDaysMissing(InvalidInput):
    code = "notice_days_missing"
    default_field = "notice_days"
    message = "公示无异议后再记账的，至少要公示1天。"
