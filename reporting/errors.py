"""What can go wrong with notices and objections, each with what to do about it."""

from jifen.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


class NoticeUnknown(NotFound):
    code = "notice_unknown"
    message = "没有这份公示，请从公示列表中选。"


class QuarterInvalid(InvalidInput):
    code = "quarter_invalid"
    message = "季度只能填 1 到 4，请重新选择。"
    default_field = "quarter"


class QuarterNotOver(Conflict):
    code = "quarter_not_over"
    message = "{period}还没有结束，请在季度结束、最后一个月审核记账后再公示。"
    default_field = "quarter"


class QuarterOutsideYears(Conflict):
    code = "quarter_outside_years"
    message = "本镇没有{year}积分年度，{period}没有积分可以公示。请选本镇积分年度里的季度。"
    default_field = "quarter"


class QuarterEmpty(Conflict):
    code = "quarter_empty"
    message = "{period}结束时{place}还没有参加的户，没有积分可以公示。请选有户参加以后的季度。"
    default_field = "quarter"


class MonthsNotPosted(Conflict):
    code = "months_not_posted"
    message = "{period}还有月份没有审核记账，请先办完月审核再公示。"
    default_field = "quarter"


class PolicyMissing(Conflict):
    code = "notice_policy_missing"
    message = "镇里还没有设定公示办法，请先由镇管理员设定。"


class PolicyInvalid(InvalidInput):
    code = "notice_policy_invalid"
    message = "公示办法内容有误：{problems}。请改正后重新提交。"
    default_field = "section"


class PolicyTaken(Conflict):
    code = "notice_policy_taken"
    message = "{day} 起的公示办法已经设定，请换一个生效日期。"
    default_field = "effective_from"


class ObjectionUnknown(NotFound):
    code = "objection_unknown"
    message = "没有这条异议，请从异议列表中选。"


class ObjectionTextMissing(InvalidInput):
    code = "objection_text_missing"
    message = "请写明您对哪一点有异议、实际情况是怎样的。"
    default_field = "text"


class ObjectionTextTooLong(InvalidInput):
    code = "objection_text_too_long"
    message = "异议内容请控制在 500 字以内。"
    default_field = "text"


class ObjectionOfNothing(InvalidInput):
    code = "objection_of_nothing"
    message = "请选择您有异议的那笔积分、那条申报或那份公示。"
    default_field = "posting"


class ObjectionForeign(NotFound):
    code = "objection_foreign"
    message = "没有找到这笔积分，请从您自己的积分存折或本村公示中选。"
    default_field = "posting"


class ObjectionLate(Conflict):
    code = "objection_late"
    message = "这份公示的异议期到 {until} 为止，现在已经过期，请向村审核委员会当面反映。"


class ObjectionWithdrawn(Conflict):
    code = "objection_withdrawn"
    message = "这条申报已经撤回，不用再提异议。"
    default_field = "declaration"


class ChannelUnknown(InvalidInput):
    code = "objection_channel_unknown"
    message = "请选择是当面、电话还是书面提出的。"
    default_field = "channel"


class PaperMissing(InvalidInput):
    code = "objection_paper_missing"
    message = "书面提出的异议，请拍照上传原件。"
    default_field = "evidence"


class AppealNotOpen(Conflict):
    code = "appeal_not_open"
    message = "只有村里答复“维持原结果”的异议可以请镇里复核，每条一次。"


class AppealLate(Conflict):
    code = "appeal_late"
    message = "请镇里复核的期限到 {until} 为止，现在已经过期，可以向县（区）主管部门反映。"


class NotInvestigator(Forbidden):
    code = "not_investigator"
    message = "这条异议不由您核实答复。"


class PersonUnknown(InvalidInput):
    code = "correction_person_unknown"
    message = "当天户号 {household} 里没有叫“{name}”的人，请核对姓名和户号。"
    default_field = "person"


class CorrectionOfNothing(InvalidInput):
    code = "correction_of_nothing"
    message = "只有一条申报记下的积分可以重新登记，请只选“异议成立”并写明情况。"
    default_field = "again"


class ObjectionYearClosed(Conflict):
    code = "objection_year_closed"
    message = "这笔积分所在的 {year} 年度已经封账，请向村审核委员会当面反映。"
    default_field = "posting"


class ObjectionTwice(Conflict):
    code = "objection_twice"
    message = "您家已经对这笔积分提出过异议，正在核实，请等待答复。"
    default_field = "posting"


class PostingCorrected(Conflict):
    code = "posting_corrected"
    message = "这笔积分已经更正过，不用再提异议。"
    default_field = "posting"


class ObjectionAnswered(Conflict):
    code = "objection_answered"
    message = "这条异议已经有人答复，请刷新页面查看结果。"


class FindingMissing(InvalidInput):
    code = "finding_missing"
    message = "请写明调查核实的结果。"
    default_field = "finding"


class FindingTooLong(InvalidInput):
    code = "finding_too_long"
    message = "调查结果请控制在 500 字以内。"
    default_field = "finding"


class Recused(Forbidden):
    code = "objection_recused"
    message = "这条异议涉及您经手的登记、审定，或您自己家、您的亲属，应当回避，请由其他人答复。"


class ObjectorUnknown(InvalidInput):
    code = "objector_unknown"
    message = "没有这个户号，请核对提出异议的是哪一户。"
    default_field = "household"


class ObjectionInFlow(Conflict):
    code = "objection_in_flow"
    message = "这条异议按审批流程办理，现在在“{step}”，请在“我的待办”里办。"


class ObjectionNotInFlow(Conflict):
    code = "objection_not_in_flow"
    message = "这条异议不走审批流程，请在异议页面直接答复。"


class NoticeInFlow(Conflict):
    code = "notice_in_flow"
    message = "本镇的公示要先送审，同意后自动张贴。{where}"


class NoticeHasNoFlow(Conflict):
    code = "notice_has_no_flow"
    message = "本镇的公示不用送审，请直接公示。"


class NoticeHangs(Conflict):
    code = "notice_hangs"
    message = "{title}已经张贴，不用再送审；有更正另发更正公示。"
    default_field = "quarter"


class DraftUnknown(NotFound):
    code = "notice_draft_unknown"
    message = "没有这份公示草稿，请从公示列表中选。"
