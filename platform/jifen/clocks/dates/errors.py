"""What can be wrong with a calendar."""

from jifen.kernel.errors import Conflict, InvalidInput, NotFound


class CalendarInvalid(InvalidInput):
    code = "calendar_invalid"
    message = "日历设置有误：{problems}。"


class CalendarOrderWrong(InvalidInput):
    code = "calendar_order_wrong"
    message = "日历的先后不对：{problems}。"


class VersionUnknown(NotFound):
    code = "calendar_version_unknown"
    message = "没有从这天起执行的日历，可能已经撤销，请刷新后再看。"


class VersionBegun(Conflict):
    code = "calendar_version_begun"
    message = "这份日历已经开始执行，不能撤销；要改请另存一份新的。"


class CalendarInPast(InvalidInput):
    code = "calendar_in_past"
    message = "新日历只能从今天或以后生效。"
    default_field = "effective_from"


class PeriodUnknown(InvalidInput):
    code = "period_unknown"
    message = "期间要写成 2026-03、2026Q1 或 2026。"
