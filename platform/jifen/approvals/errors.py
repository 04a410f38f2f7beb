"""What can be wrong with an approval."""

from jifen.kernel.errors import Conflict, Forbidden, InvalidInput, JifenError


class StepsWrong(InvalidInput):
    code = "approval_steps_wrong"
    message = "审批步骤设置有误:{reason}。"
    default_field = "steps"


class FlowMissing(Conflict):
    code = "approval_flow_missing"
    message = "还没有设置这类事项的审批流程,请镇管理员先设置。"


class SubjectUnknown(JifenError):
    """No room has registered this kind of subject."""

    code = "approval_subject_unknown"
    message = "没有登记过“{kind}”这类审批事项。"


class AlreadyStarted(Conflict):
    code = "approval_started"
    message = "这件事已经在审批中,不用重复提交。"


class Finished(Conflict):
    code = "approval_finished"
    message = "这件事已经办结({state}),请刷新后查看结果。"


class NotYours(Forbidden):
    code = "approval_not_yours"
    message = "这一步不由您办理。"


class Recused(Forbidden):
    code = "approval_recused"
    message = "这件事与您或您的亲属有关,您需要回避。"


class AlreadyDecided(Conflict):
    code = "approval_decided"
    message = "这一步您已经表过态,不能再改。"


class VerdictWrong(InvalidInput):
    code = "approval_verdict_wrong"
    message = "请选择“同意”或“不同意”。"
    default_field = "verdict"


class ReasonMissing(InvalidInput):
    code = "approval_reason_missing"
    message = "不同意时请写明理由。"
    default_field = "reason"
