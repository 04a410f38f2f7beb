"""The word and the colour of a state, one place for all pages. The word always stands beside the colour."""

from typing import Any, NamedTuple


class State(NamedTuple):
    label: str
    tone: str  # good | wait | bad | info | plain


_TABLE = """
good  approved:已通过  adjusted:已调整通过  confirmed:已审定  filed:已备案
good  posted:已记账  upheld:异议成立  captured:已兑换  ready:服务中
good  active:有效  joined:已参加  paid:已支付  published:公示中
good  done:已完成  sealed:已封存  succeeded:已完成  verified:已核对
good  ok:正常
wait  submitted:待审核  pending:待办理  reviewing:审核中  in_review:审核中
wait  waiting:等待中  held:待取货  provisioning:开通中  returned:已退回
wait  overdue:已逾期  suspended:已暂停  due:到期待办  applied:申请中
wait  paused:已暂停  explain:待说明  asked:待批准
bad  rejected:未通过  failed:办理失败  refused:已拒绝  barred:不得兑换
bad  vetoed:一票否决  dismissed:异议不成立  broken:不正常
info  draft:草稿  open:进行中  raised:已提出  running:办理中
info  issued:已发出  new:新
plain  reversed:已更正  withdrawn:已撤回  released:已取消  closed:已结束
plain  archived:已归档  expired:已过期  left:已退出  ended:已结束
plain  cancelled:已取消  superseded:已被替换  inactive:停用
"""
STATES: dict[str, State] = {
    name: State(label, tone)
    for tone, *words in (line.split() for line in _TABLE.splitlines() if line)
    for name, label in (word.split(":") for word in words)
}


def state_of(value: Any, label: str = "", tone: str = "") -> State:
    """``value`` is a stored state or an enum member with ``label``; ``label`` and ``tone`` override the table."""
    known = STATES.get(str(getattr(value, "value", value)), State(str(getattr(value, "label", value)), "plain"))
    return State(label or str(getattr(value, "label", known.label)), tone or known.tone)
