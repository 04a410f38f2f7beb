"""What the committee's meeting refuses."""

from jifen.kernel.errors import Conflict, Forbidden, InvalidInput


class NoChair(Forbidden):
    """Whom the sheet's flow does not seat decides and signs nothing, committee or not."""

    code = "no_chair"
    message = (
        "这张审核表的流程里没有您的席位，您不能审定、签字和答复说明。能办的是：{who}。"
        "应当由您办的，请镇里修改月审核的流程，再把这张表改按新的流程办。"
    )


class PresenceUnknown(InvalidInput):
    code = "presence_unknown"
    default_field = "presence"
    message = "请选择到会、缺席或替补到会。"


class SubstituteUnknown(InvalidInput):
    code = "substitute_unknown"
    default_field = "substitute"
    message = "本村没有叫“{words}”的成年村民，请写姓名，同名的在前面加户号。"


class SubstituteAmbiguous(InvalidInput):
    code = "substitute_ambiguous"
    default_field = "substitute"
    message = "本村有{count}位叫“{words}”的村民，请在姓名前面加户号。"


class SubstituteUnfit(InvalidInput):
    code = "substitute_unfit"
    default_field = "substitute"
    message = "{name}是{role}，不能替补审核委员，请另找一位。"


class SubstituteTaken(Conflict):
    code = "substitute_taken"
    default_field = "substitute"
    message = "{name}已经替补了另一席，一人只能坐一席。"


class TwoChairs(Conflict):
    """Noted as a substitute first, a chair of her own came later."""

    code = "two_chairs"
    message = "您在这张审核表上已经替{name}到会，一人只能坐一席；要坐自己的席位，请先在审核会上改{name}那一席的到会。"


class SubstituteRecuses(Conflict):
    """On a mutual sheet; what the town kept when it sent the others back nobody decides anew."""

    code = "substitute_recuses"
    default_field = "substitute"
    message = (
        "本镇规定互评的要回避：{name}家在这张表上有登记，镇里退回时留着的{count}件是要和{name}互相回避的人定的，"
        "又不能重新定。请另找一位替补。"
    )


class SeatTaken(Conflict):
    code = "seat_taken"
    message = "这一席已由替补到会，不能再签字；如本人到会，请先改为到会。"


class SeatSigned(Conflict):
    code = "seat_signed"
    message = "{name}已经签字，就是到会；要改请先改动审核决定，签字随之作废。"


class MeetingInFuture(InvalidInput):
    code = "meeting_in_future"
    default_field = "held_on"
    message = "会议日期还没有到，请核对日期。"


class MeetingBeforeMonth(InvalidInput):
    code = "meeting_before_month"
    default_field = "held_on"
    message = "这是{month}的审核表，会议日期不能早于这个月的1日，请核对日期。"


class MinutesTooLong(InvalidInput):
    code = "minutes_too_long"
    default_field = "minutes"
    message = "会议记录最多2000个字，地点最多80个字。"


class PaperKept(Conflict):
    code = "paper_kept"
    message = "这张审核表的签字原件已经存档，不能再换。"


class PaperEarly(Conflict):
    """The paper stands for the signatures of those who came."""

    code = "paper_early"
    message = "到会的还不够法定人数，请先记好谁到会，再上传签字原件。"
    default_field = "paper"


class RequiredAbsent(Conflict):
    code = "required_seat_absent"
    message = "“{seats}”没有人到会，按审批流程不能开会，请登记到会或请替补。"


class RequiredUnsigned(Conflict):
    code = "required_seat_unsigned"
    message = "“{seats}”还没有签字，按审批流程缺这一席不能审定，请先请其签字。"


class AttendanceMissing(Conflict):
    code = "attendance_missing"
    message = "到会的委员不够法定人数：须有{needed}{unit}到会，现在{present}{unit}，请登记到会或请替补。"


class BasisMissing(InvalidInput):
    code = "basis_missing"
    default_field = "reason"
    message = "“{rule}”是兜底条目，须经{who}同意：请在理由里写明{what}。"


class PaperMissing(Conflict):
    code = "paper_missing"
    message = "请先记下谁到会、上传签字的审核决定表，再上报；没有签字原件的由委员上报。"


class PaperFirst(Conflict):
    code = "paper_first"
    message = "请先上传委员签了字的审核决定表，再照它录入决定。"


class DeciderAbsent(InvalidInput):
    code = "decider_absent"
    default_field = "role"
    message = "照签字原件录入，要写明是到会的哪一席定的，请重新选择；到会的先在审核会里登记。"


class DeciderBarred(Conflict):
    code = "decider_barred"
    default_field = "role"
    message = "{name}须回避“{title}”这一件，请写明是哪一位没有回避的委员定的。"


class EntererBarred(Conflict):
    code = "enterer_barred"
    default_field = "item"
    message = "“{title}”这一件是您本户或已登记亲属家的，不能由您录入，请到会的委员用自己的账号审定这一件。"


class DecidedAlready(Conflict):
    """On her own account: no paper entered by another takes its place."""

    code = "decided_already"
    message = "“{title}”这一件{name}已在自己的账号上定了，不能再照签字原件录入。"


class ItemElsewhere(InvalidInput):
    code = "item_elsewhere"
    default_field = "item"
    message = "这一件不在这张审核表上，请刷新后再录。"
