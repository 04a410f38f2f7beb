"""What is refused when a year is closed or opened again (the rest of the room: ``scoring.errors``)."""

from dataclasses import dataclass

from jifen.kernel.errors import Conflict, Forbidden, InvalidInput


@dataclass(frozen=True, slots=True)
class Use:
    """What an open year is wanted for, in the words of a refusal: what was tried, what to look at, and its field."""

    what: str
    check: str
    field: str | None = None


DEED = Use("登记这一年的行为", "日期", "happened_on")
SHEET = Use("建立这一年的审核表", "月份", "month")
OPENING = Use("登记这一年的期初积分", "日期")
BASE = Use("发放这一年的基础分", "年度")
EXCHANGE = Use("用这一年的积分兑换", "日期")
LOOK = Use("查看、封账或重开", "年度")


class YearNotApproved(Conflict):
    code = "year_not_approved"
    message = "{year}年度{what}还没有两人批准，请一人提出、另一人批准。"


class YearSealedAlready(Conflict):
    code = "year_sealed_already"
    message = "{year}年度已经封账，不用再封。账目有错要改的，请先申请重开这个年度。"


class YearNeedsPeople(Forbidden):
    code = "year_needs_people"
    message = "封账和重开须由镇里两位工作人员办理，系统不能代办。"


class SecondPersonNeeded(Forbidden):
    code = "second_person_needed"
    message = "提出的人不能自己批准，请另一位镇工作人员批准。"


class YearRequestOpen(Conflict):
    code = "year_request_open"
    message = "{year}年度已有一件申请没有办完，请先批准或撤回。"


class YearRequestAnswered(Conflict):
    code = "year_request_answered"
    message = "这件申请已经办过了，请刷新后再看。"


class ReopenReasonMissing(InvalidInput):
    code = "reason_missing"
    default_field = "reason"
    message = "重开要写明理由。"


class CloseDayWrong(InvalidInput):
    code = "close_day_wrong"
    default_field = "day"
    message = "封账日要在{year}年过完以后。"
