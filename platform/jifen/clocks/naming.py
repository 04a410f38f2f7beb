"""What jobs and tasks are called on the provider's pages; rooms add their own when their app is ready."""

_names: dict[str, str] = {
    "review.open": "打开月审核表",
    "review.post": "记账",
    "hearing.close": "扣分说明到期",
    "hearing.watch": "扣分告知和答复的提醒",
    "notice.quarter": "季度公示",
    "notice.draft": "公示送审",
    "notice.again": "公示重新送审",
    "objection.deadline": "异议答复到期",
    "redemption.expire_holds": "兑换预占到期",
    "redemption.archive_vouchers": "归档兑换凭证",
    "reporting.make_posters": "印制公示海报",
    "calendar.watch": "到期提醒",
    "calendar.replan": "按放假安排改日期",
    "clocks.back": "时间调回的提醒",
    "approvals.due": "审批到期",
    "approvals.look": "核对审批办理人",
    "inbox.digest": "消息摘要",
    "inbox.deliver": "发送消息摘要",
    "year.warn": "清零提醒",
    "year.begin": "开启积分年度",
    "year.close": "年度封账",
}


def register(kind: str, name: str) -> None:
    """``kind``: a job's kind or a task's name."""
    _names[kind] = name


def name_of(kind: str) -> str:
    return _names.get(kind.removeprefix("clocks."), "后台工作")
