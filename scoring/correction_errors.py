"""What is refused when a deed is recorded anew, or put right (the rest of the room: ``scoring.errors``)."""

from jifen.kernel.errors import Conflict, InvalidInput


class NothingReversed(Conflict):
    code = "nothing_reversed"
    message = "原来的记账还没有更正，不能在它的位置上重新记账。"


class AlreadyCorrected(Conflict):
    code = "already_corrected"
    message = "这笔记账已经重新记过，请刷新后查看。"


class NotRefusable(Conflict):
    code = "not_refusable"
    message = "这条登记正在月审核表上、已审定待记账，请等记账后再更正。"


class GrantsStay(Conflict):
    code = "grants_stay"
    message = "{name}名下有不是按登记记的积分（如基础分），不能从那天起更正归户，请先由镇里更正那笔积分。"
    default_field = "from_date"


class CorrectionUnchanged(InvalidInput):
    code = "correction_unchanged"
    message = "重新登记的和原来一样，还是{points}分。请改成实际情况；不用重新登记的，只选“异议成立”。"
    default_field = "again"
