"""What can be wrong with an approval."""

from jifen.kernel.errors import Conflict, Forbidden, InvalidInput, JifenError


class StepsWrong(InvalidInput):
    code = "approval_steps_wrong"
    message = "审批步骤设置有误：{reason}。"
    default_field = "steps"


class ForkEmpty(Conflict):
    """It asks nobody, so it decides nothing."""

    code = "approval_fork_empty"
    message = "“{fork}”的各路都没有步骤，不能启用：请在流程里加上步骤，或者删去这个分支，再存成新版本。"


class FlowNotInForce(Conflict):
    code = "approval_flow_not_in_force"
    message = "第{version}版没有在使用，请先启用，再把在办的转过来。"


class FlowMissing(Conflict):
    code = "approval_flow_missing"
    message = "还没有设置这类事项的审批流程，请镇管理员先设置。"


class DecidedByFlow(Conflict):
    """The town decides this kind by a flow; nobody does it in one word. ``item``: the item under way, if any."""

    code = "approval_decides"
    message = "“{kind}”在本镇按审批流程办理，不能直接办。{where}。"


class DraftChanged(Conflict):
    code = "approval_draft_changed"
    message = "{name}在您之后改过这份草稿，请刷新看到最新的内容后再改。"


class SubjectUnknown(JifenError):
    """No room has registered this kind of subject."""

    code = "approval_subject_unknown"
    message = "没有登记过“{kind}”这类审批事项。"


class AlreadyStarted(Conflict):
    code = "approval_started"
    message = "这件事已经在审批中，不用重复提交。"


class Finished(Conflict):
    code = "approval_finished"
    message = "这件事已经办结（{state}），请刷新后查看结果。"


class NotYours(Forbidden):
    code = "approval_not_yours"
    message = "这一步不由您办理。"
    of_another = "这一步不由{name}办理，请核对签字的人。"


class Recused(Forbidden):
    code = "approval_recused"
    message = "这件事与您或您的亲属有关，您需要回避。"
    of_another = "这件事与{name}或{name}的亲属有关，{name}需要回避，不能录入。"


class AlreadyDecided(Conflict):
    code = "approval_decided"
    message = "这一步您已经表过态，不能再改。"
    of_another = "这一步{name}已经表过态，不能再录入。"


class VerdictWrong(InvalidInput):
    code = "approval_verdict_wrong"
    message = "请选择“同意”或“不同意”。"
    default_field = "verdict"


class OneByOne(Conflict):
    code = "approval_one_by_one"
    message = "“{kind}”不能一并办理，请逐件办：{why}。"


class ReasonMissing(InvalidInput):
    code = "approval_reason_missing"
    message = "不同意时请写明理由。"
    default_field = "reason"


class ActForbidden(Conflict):
    """The item's room does not know this act; ``SubjectKind.forbids`` says why."""

    code = "approval_act_forbidden"
    message = "“{title}”不能{act}：{why}。"


class NotOpen(Conflict):
    code = "approval_not_open"
    message = "这件事现在是“{state}”，不能这样办，请刷新后再看。"


class NotStarter(Forbidden):
    code = "approval_not_starter"
    message = "只有发起人可以这样办。"


class NotInvolved(Forbidden):
    code = "approval_not_involved"
    message = "这件事不由您发起或办理，您不能这样办。"


class AdministratorOnly(Forbidden):
    code = "approval_administrator_only"
    message = "只有镇管理员可以这样办。"


class StepUnknown(InvalidInput):
    code = "approval_step_unknown"
    message = "流程里没有“{step}”这一步，请重新选择。"
    default_field = "to"


class NotReturnable(Conflict):
    code = "approval_not_returnable"
    message = "不能退回到“{step}”：只能退回到前面已经办过的步骤。"
    default_field = "to"


class StarterIsSystem(Conflict):
    code = "approval_starter_is_system"
    message = "这件事由系统发起，没有发起人可退，请退回到前面的步骤。"
    default_field = "to"


class NotTakenBack(Conflict):
    code = "approval_not_taken_back"
    message = "在您之后已经有人办理，不能拿回了。"


class PersonUnknown(InvalidInput):
    code = "approval_person_unknown"
    message = "没有这个可用的账号，请重新选人。"
    default_field = "to"


class PersonBarred(Conflict):
    code = "approval_person_barred"
    message = "{name}与这件事有关，需要回避，请另选他人。"
    default_field = "to"


class PersonPassedBy(Conflict):
    """The item goes past her: she is neither asked about it nor told of it."""

    code = "approval_person_passed_by"
    message = "这件事要绕开{name}办理，不能转交、加签、抄送或询问，请另选他人。"
    default_field = "to"


class PersonThere(Conflict):
    code = "approval_person_there"
    message = "{name}已经在这一步，请另选他人。"
    default_field = "to"


class PersonHasNoSay(Conflict):
    """She holds no post that decides at the step, and the flow does not name her."""

    code = "approval_person_has_no_say"
    message = "{name}在“{step}”这一步不能表态，不能交给{name}：{whom}。"
    default_field = "to"


class ReceiverHasNoSay(Conflict):
    code = "approval_receiver_has_no_say"
    message = (
        "“请谁代理”要填能表态的人，{name}不能代理：请从同一个村的积分管理员、审核委员、村民小组组长、积分志愿者中选，"
        "或选镇级办公室的人；监督员和没有职务的村民不表态。"
    )
    default_field = "receiver"


class NotAdded(Conflict):
    code = "approval_not_added"
    message = "只能减去加签来的、还没有办理的人。"
    default_field = "user"


class NotClaimable(Conflict):
    code = "approval_not_claimable"
    message = "这一步不能认领：要一人办理即可的步骤才能认领。"


class AlreadyClaimed(Conflict):
    code = "approval_claimed"
    message = "这件事由{name}认领了，不用您再办。{name}不办时可以点“不认领了”放回来。"


class NotClaimed(Conflict):
    code = "approval_not_claimed"
    message = "您没有认领这件事。"


class RemindedLately(Conflict):
    code = "approval_reminded_lately"
    message = "刚催办过，{hours}小时内不用再催。"


class PointsWrong(InvalidInput):
    code = "approval_points_wrong"
    message = "这件事的分值可以改为{least}到{most}分，请重新填写。"
    default_field = "points"


class PointsFixed(InvalidInput):
    code = "approval_points_fixed"
    message = "这类事项审批时不能改分值。"
    default_field = "points"


class TextMissing(InvalidInput):
    code = "approval_text_missing"
    message = "请写明内容。"
    default_field = "text"


class QuestionUnknown(Conflict):
    code = "approval_question_unknown"
    message = "没有等您答复的这个问题，可能已经答复过。"


class SignedLater(InvalidInput):
    code = "approval_signed_later"
    message = "签字日期还没有到，请填纸上写的那一天，最晚今天。"
    default_field = "signed_on"


class SignedEarlier(InvalidInput):
    """Before what she signed was there: ``what`` it is, in Chinese."""

    code = "approval_signed_earlier"
    message = "签字日期早于{what}的那一天，请填纸上写的日期，最早{day}。"
    default_field = "signed_on"


class PaperMissing(InvalidInput):
    code = "approval_paper_missing"
    message = "请先上传签字纸质表的扫描件。"
    default_field = "scan"


class PaperOfTown(Forbidden):
    """Whoever enters sheets of a village enters no word of the town."""

    code = "approval_paper_of_town"
    message = "“{step}”由镇里表态，村里不能录入，请把签字原件交给镇级办公室录入。"


class WordsMissing(InvalidInput):
    code = "approval_words_missing"
    message = "请至少录入一个人的意见。"
    default_field = "words"


class DelegationDates(InvalidInput):
    code = "approval_delegation_dates"
    message = "代理的结束时间要晚于开始时间，并且还没有过去。"
    default_field = "until_at"


class DelegationKindUnknown(InvalidInput):
    code = "approval_delegation_kind_unknown"
    message = "没有“{kind}”这类事项，请从审批事项中选，或留空委托所有事项。"
    default_field = "subject_kind"


class DelegationToSelf(InvalidInput):
    code = "approval_delegation_to_self"
    message = "不能委托给自己，也不能绕一圈委托回自己。"
    default_field = "receiver"


class DelegationTwice(Conflict):
    code = "approval_delegation_twice"
    message = "这段时间已经委托给别人，请先撤销原来的委托。"


class DelegationVain(Conflict):
    """A delegate would have no part in it."""

    code = "approval_delegation_vain"
    message = "“{kind}”不能委托代理：{instead}。"
    default_field = "subject_kind"


class DelegationOver(Conflict):
    code = "approval_delegation_over"
    message = "这项委托已经结束。"


class WakeWrong(InvalidInput):
    code = "approval_wake_wrong"
    message = "恢复办理的时间要在将来。"
    default_field = "until"
