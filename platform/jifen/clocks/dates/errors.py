"""What can be wrong with a calendar."""

from jifen.kernel.errors import InvalidInput


class CalendarInvalid(InvalidInput):
    code = "calendar_invalid"
    message = "日历设置有误：{problems}。请检查后重新提交。"


class CalendarInPast(InvalidInput):
    code = "calendar_in_past"
    message = "新日历只能从今天或以后生效。"
    default_field = "effective_from"


class PeriodUnknown(InvalidInput):
    code = "period_unknown"
    message = "期间要写成 2026-03、2026Q1 或 2026。"
