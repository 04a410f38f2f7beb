"""What scoring refuses, each with what to do about it.

Deeds are InvalidInput (the form is wrong), states are Conflict (somebody was first, or the time is over).
"""

from jifen.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


class DeedInFuture(InvalidInput):
    code = "deed_in_future"
    default_field = "happened_on"
    message = "行为日期还没有到，请核对日期。"


class YearNotOpen(InvalidInput):
    code = "year_not_open"
    message = "{year}年度还没有开启，不能{what}。请核对{check}或联系镇管理员。"


class YearSealed(InvalidInput):
    code = "year_sealed"
    message = "{year}年度已经封账，不能再{what}。请核对{check}；{check}没有错的，请镇里先重开这个年度。"


class RuleUnknown(NotFound):
    code = "rule_unknown"
    default_field = "rule"
    message = "没有找到这个条目，请从积分细则里重新选择。"


class RuleOutOfForce(InvalidInput):
    code = "rule_out_of_force"
    default_field = "rule"
    message = "“{rule}”在{day}不适用于本村，请从当日有效的积分细则里重新选择。"


class HouseholdNotJoined(InvalidInput):
    code = "household_not_joined"
    default_field = "household"
    message = "{household}户在{day}没有参加积分制，不能计分；请先办理加入申请。"


class HouseholdForeign(InvalidInput):
    code = "household_foreign"
    default_field = "household"
    message = "{household}户不是本村的家庭户，请核对户号。"


class ResidentNotMember(InvalidInput):
    code = "resident_not_member"
    default_field = "resident"
    message = "{resident}在{day}不是{household}户的成员，请核对姓名和户号。"


class ChannelUnknown(InvalidInput):
    code = "channel_unknown"
    default_field = "channel"
    message = "请选择登记渠道（口头、电话、短信、QQ、微信、窗口、网上、设备）。"


class DeclarerNotAllowed(InvalidInput):
    code = "declarer_not_allowed"
    default_field = "declared_by"
    message = "“{rule}”不能由{declarer}申报，请由{allowed}办理。"


class DeclarerMissing(InvalidInput):
    code = "declarer_missing"
    default_field = "declarer"
    message = "请写明申报人是哪位村民。"


class DeclarerWrong(InvalidInput):
    code = "declarer_wrong"
    default_field = "declarer"
    message = "申报人与“{declarer}”不符：本人申报的须是本户成员，其他村民申报的不能是本户成员。"


class PlaceMissing(InvalidInput):
    code = "place_missing"
    default_field = "place"
    message = "请写明行为发生的地点（不超过80个字）。"


class ReasonMissing(InvalidInput):
    code = "reason_missing"
    default_field = "reason"
    message = "请写明事由（不超过300个字）。"


class EvidenceMissing(InvalidInput):
    code = "evidence_missing"
    default_field = "evidence"
    message = "“{rule}”须提供证明，请先拍照或上传材料。"


class EvidenceNotReady(InvalidInput):
    code = "evidence_not_ready"
    default_field = "evidence"
    message = "有照片还没有上传完成或不合格，请重新拍照上传。"


class FactsUnknown(InvalidInput):
    code = "facts_unknown"
    default_field = "facts"
    message = "不认识的计分要素：{names}。"


class FactUnused(InvalidInput):
    code = "fact_unused"
    default_field = "facts"
    message = "“{rule}”不按{what}计分，请去掉这一项。"


class FactsMissing(InvalidInput):
    code = "facts_missing"
    default_field = "facts"
    message = "还不能算分：{what}。"


class PartyUnknown(InvalidInput):
    code = "party_unknown"
    default_field = "facts"
    message = "{what}，请核对姓名或户号。"


class StillUndecided(InvalidInput):
    code = "still_undecided"
    default_field = "verdict"
    message = "这一件还没有算出分值（{why}），不能直接通过：请认定分值并写明理由，或者不通过。"


class ConditionUnmet(InvalidInput):
    code = "condition_unmet"
    default_field = "facts"
    message = "不符合计分条件：{what}。"


class KeyReused(Conflict):
    code = "idempotency_mismatch"
    default_field = "idempotency_key"
    message = "这次提交的编号已经用于另一条登记，请刷新页面后重新填写。"


class BatchEmpty(InvalidInput):
    code = "batch_empty"
    default_field = "rows"
    message = "名单是空的，请至少选一户。"


class BatchInvalid(InvalidInput):
    code = "batch_invalid"
    default_field = "rows"
    message = "名单里有{count}处要改：{first}"


class NotAmendable(Conflict):
    code = "declaration_not_amendable"
    message = "只有退回给您的申报可以修改，请刷新后再看。"


class NotWithdrawable(Conflict):
    code = "declaration_not_withdrawable"
    message = "这条登记已经进入审核，不能撤回；请联系审核委员会。"


class NotVerifiable(Conflict):
    code = "declaration_not_verifiable"
    message = "这条登记已经核实过了，请刷新后再看。"


class VerdictReasonMissing(InvalidInput):
    code = "reason_missing"
    default_field = "reason"
    message = "调整分值或不通过时要写明理由。"


class VerdictUnknown(InvalidInput):
    code = "verdict_unknown"
    default_field = "verdict"
    message = "请选择通过、调整或不通过。"


class AdjustedOutOfBounds(InvalidInput):
    code = "adjusted_out_of_bounds"
    default_field = "points"
    message = "“{rule}”的认定分值应在{least}到{most}分之间。"


class Recused(Forbidden):
    code = "recused"
    message = "这是您本户或已登记亲属家的行为，请由其他委员审定。"


class OfAnotherGroup(Forbidden):
    code = "of_another_group"
    message = "这一户不是您这个小组的，由该组的组长、志愿者和审核委员审定。"


class MutuallyRecused(Recused):
    """The town has those who decide on each other's deeds in one sheet stand back."""

    code = "mutually_recused"
    message = "这家的委员也要审您家在这张表上的行为，互评须回避，请由其他委员审定。"


class ReviewNotBegun(InvalidInput):
    code = "review_not_begun"
    default_field = "month"
    message = "{month}还没有开始，不能审核。"


class ReviewNotOpen(Conflict):
    code = "review_not_open"
    message = "这张审核表已经审定，不能再改；如有错误请镇里退回或走更正。"


class ItemsPending(Conflict):
    code = "items_pending"
    message = "还有{count}条没有决定，请先逐条审定或一次通过其余。"


class SeatNotYours(Forbidden):
    code = "seat_not_yours"
    message = "只能由本村现任审核委员本人签字。"


class QuorumMissing(Conflict):
    code = "quorum_missing"
    message = "签字的委员还不够：须有{needed}{unit}签字，现在{signed}{unit}，请再请委员签字。"


class RecusedQuorumMissing(QuorumMissing):
    """Enough signed the sheet, too few of them those who may decide on some of its items."""

    code = "recused_quorum_missing"
    message = "有{count}条须回避的委员签字不算数，还缺签字，请再请不须回避的委员签字。"


class FilingAnswered(Conflict):
    code = "filing_answered"
    message = "这个月已经办理过了，请刷新后再看。"


class FilingDecidesNothing(Conflict):
    code = "filing_decides_nothing"
    message = "本镇采用备案，只收存不退回；发现错误请通知村里更正。"


class NoteMissing(InvalidInput):
    code = "note_missing"
    default_field = "note"
    message = "退回时要写明意见，村里才知道改什么。"


class ItemsForeign(NotFound):
    code = "items_foreign"
    default_field = "items"
    message = "要退回的条目不在这张审核表上，请刷新后重新勾选。"


class ItemKept(Conflict):
    code = "item_kept"
    message = "镇里只退回了个别条目，这一条没有退回，保持原决定。"


class StatementMissing(InvalidInput):
    code = "statement_missing"
    default_field = "statement"
    message = "请写明说明的内容（不超过500个字）。"


class HearingEnded(Conflict):
    code = "hearing_ended"
    message = "这笔扣分的说明期到{until}为止，已经结束；有不同意见请提出异议。"


class HearingUnheard(Conflict):
    code = "hearing_unheard"
    message = "该户还没有说明；要等该户说明了再答复，告知以后期满没有说明的自动记账。"


class ReviewNotSettled(Conflict):
    code = "review_not_settled"
    message = "这个月还没有备案或审定，不能记账。"


class NoOpenYear(Conflict):
    code = "no_open_year"
    message = "没有开启的积分年度，不能记账；请联系镇管理员。"


class AmountInvalid(InvalidInput):
    code = "amount_invalid"
    default_field = "points"
    message = "分值应当大于0，最多两位小数。"


class DocumentMissing(InvalidInput):
    code = "document_missing"
    default_field = "document"
    message = "期初分要写明依据（签字的纸质材料或表格名称）。"


class BaseGranted(Conflict):
    code = "base_granted"
    message = "{household}户{year}年度的基础分已经发放过了。"


class InsufficientPoints(Conflict):
    code = "insufficient_points"
    default_field = "points"
    message = "可兑换积分不够：现有{available}分，需要{points}分。"


class HoldMissing(Conflict):
    code = "hold_missing"
    message = "这笔兑换没有冻结的积分，可能已经完成或撤销。"


class AlreadyReversed(Conflict):
    code = "already_reversed"
    message = "这笔记账已经更正过了。"


class RedemptionBarred(Conflict):
    code = "redemption_barred"
    message = "该户暂停兑换（{reason}），{when}。原因可以在该户的积分存折里看。"


class ReversalOfReversal(Conflict):
    code = "reversal_of_reversal"
    message = "更正不能再更正；请重新登记。"


class NotReversible(Conflict):
    code = "not_reversible"
    message = "{cause}不能在台账里更正；兑换要退回的，请在兑换记录里办理退回。"


class ZeroingFollows(Conflict):
    code = "zeroing_follows"
    message = "这笔清零是由一条登记引起的，请更正那条登记，清零会一起更正。"


class ReversalReasonMissing(InvalidInput):
    code = "reason_missing"
    default_field = "reason"
    message = "更正要写明原因。"


class YearNotOver(Conflict):
    code = "year_not_over"
    message = "{year}年还没有过完，不能封账。"


class YearUnfinished(Conflict):
    code = "year_unfinished"
    message = "{year}年还有{count}张审核表没有记账，请先办完再封账。"


class YearHasHolds(Conflict):
    code = "year_has_holds"
    message = "{year}年还有{count}户的兑换没有办完，请先完成或撤销再封账。"


class YearNotSealed(Conflict):
    code = "year_not_sealed"
    message = "{year}年度没有封账，不需要重开。"


class VersionDates(InvalidInput):
    code = "version_dates"
    default_field = "effective_from"
    message = "这份细则已有从{day}起生效的版本，新版本的生效日期要更晚。"


class WhatIfDays(InvalidInput):
    code = "whatif_days"
    default_field = "since"
    message = "试算的起止日期不对：起始日不能晚于截止日，也不能在今天以后。"


class WhatIfRunning(Conflict):
    code = "whatif_running"
    message = "这里正在试算，请等它算完，或者先停止它。"


class WhatIfOver(Conflict):
    code = "whatif_over"
    message = "这次试算已经结束，不能再停止。"
