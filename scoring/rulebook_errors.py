"""What is refused on the way of a rulebook from a draft to the day it is in force."""

from collections.abc import Sequence

from jifen.kernel.errors import Conflict, InvalidInput, NotFound
from scoring.rules import three_way


class DraftUnderWay(Conflict):
    code = "draft_under_way"
    message = "这份细则已有{name}开的修订稿在办，请在那份修订稿里继续。"


class DraftClosed(Conflict):
    code = "draft_closed"
    message = "这份修订稿正在审批或已经办结，不能再改；要改请先撤回或另开修订。"


class DraftUnknown(NotFound):
    code = "draft_unknown"
    message = "没有找到这份修订稿。"


class ItemChanged(Conflict):
    """``data``: who changed it (``name``), when (``at``), its ``revision`` and ``body`` now."""

    code = "item_changed"
    default_field = "revision"
    message = "{name}在{time}已经改过这一条，您的改动没有保存；请看过对方的内容后再改。"


class HeadChanged(Conflict):
    """``data``: who changed it (``name``), when (``at``), ``revision`` and ``body`` now."""

    code = "settings_changed"
    default_field = "revision"
    message = "{name}在{time}已经改过通用约定，您的改动没有保存；请看过对方的内容后再改。"


class ItemUnknown(NotFound):
    code = "item_unknown"
    message = "修订稿里没有这一条，可能已被移走，请刷新后再看。"


class ItemTaken(InvalidInput):
    code = "item_taken"
    default_field = "code"
    message = "编号 {code} 已经有一条了，请换一个编号。"


class ItemCodeWrong(InvalidInput):
    code = "item_code_wrong"
    default_field = "code"
    message = "编号用小写字母、数字和短横线，以字母开头，最多40个字符。"


class RowUnfinished(InvalidInput):
    """A row of an item's form that is begun and not finished; all else that was sent is kept."""

    code = "row_unfinished"
    message = "{row}{why}，这一行还没有保存；请补上，不要了就清空。"


class ItemWrong(InvalidInput):
    code = "item_wrong"
    default_field = "body"
    message = "条目的内容不对：{why}。"


class ChangeForeign(InvalidInput):
    code = "change_foreign"
    default_field = "code"
    message = "镇里的细则没有编号 {code} 的条目，村里要加自己的条目请用“新增”。"


class HeadWrong(InvalidInput):
    code = "settings_wrong"
    default_field = "head"
    message = "通用约定不对：{why}。"


class BoundsWrong(InvalidInput):
    code = "bounds_wrong"
    default_field = "bounds"
    message = "村里能改什么写得不对：{why}。"


class BoundsOfVillage(InvalidInput):
    code = "bounds_of_village"
    default_field = "bounds"
    message = "村里能改什么由镇里在镇的细则里规定，村的修订稿里不写。"


class DraftUnfinished(InvalidInput):
    """``data["problems"]`` lists (code, text)."""

    code = "draft_unfinished"
    default_field = "items"
    message = "还有{count}处没有填好：{first}"


class NotChecked(Conflict):
    code = "draft_not_checked"
    message = "修订稿改动后还没有检查通过，请先检查并处理发现的问题。"


class NotTried(Conflict):
    code = "draft_not_tried"
    message = "修订稿还没有用往年的登记试算，请先试算，或写明不试算的理由。"


class RevisionStale(Conflict):
    code = "revision_stale"
    default_field = "revision"
    message = "办理期间修订稿又有改动，这次的结果对不上现在的内容，请重新办理。"


class FindingsOpen(Conflict):
    code = "findings_open"
    message = "还有{count}个问题须处理：改好相应条目，或逐个写明理由签署。"


class FindingUnknown(NotFound):
    code = "finding_unknown"
    message = "没有找到这个问题，可能改动后已经消失，请重新检查。"


class UnreadUnknown(NotFound):
    code = "unread_unknown"
    message = "没有找到这一处没有读懂的内容，可能已经重新导入，请刷新再看。"


class MendMissing(Conflict):
    code = "mend_missing"
    message = "这一处没有能直接照办的建议，请打开条目自己改。"


class SignReasonMissing(InvalidInput):
    code = "reason_missing"
    default_field = "reason"
    message = "签署时要写明理由（5到300个字）。"


class WaiverReasonMissing(InvalidInput):
    code = "reason_missing"
    default_field = "reason"
    message = "不试算要写明理由（5到300个字）。"


class WithdrawReasonMissing(InvalidInput):
    code = "reason_missing"
    default_field = "reason"
    message = "撤销要写明理由（5到200个字）。"


class BasisMissing(InvalidInput):
    code = "basis_missing"
    default_field = "resolution"
    message = "请写明依据（哪次会议或哪份文件，不超过200个字）。"


class VotesWrong(InvalidInput):
    code = "votes_wrong"
    default_field = "votes_for"
    message = "人数对不上：实到{present}人，赞成、反对、弃权合计{votes}人；实到不能多于应到{members}人。"


class ResolutionInFuture(InvalidInput):
    code = "resolution_in_future"
    default_field = "held_on"
    message = "会议日期还没有到，请核对。"


class ResolutionTextMissing(InvalidInput):
    code = "resolution_text_missing"
    default_field = "text"
    message = "请写明会议地点（不超过80个字）和决议内容（不超过600个字）。"


class MeetingUnknown(InvalidInput):
    code = "meeting_unknown"
    default_field = "meeting"
    message = "请选择村民代表会议或村民会议。"


class MinutesNotReady(InvalidInput):
    code = "minutes_not_ready"
    default_field = "minutes"
    message = "签字的会议记录还没有上传完成或不合格，请重新上传。"


class ResolutionMissing(Conflict):
    code = "resolution_missing"
    message = "村里的细则要经村民代表会议通过：请先记入对这一稿的表决和签字的会议记录。"


class AssemblyMissing(Conflict):
    code = "assembly_missing"
    message = "涉及村规民约的要经村民会议通过并报镇备案：请先记入村民会议的表决和签字的会议记录。"


class DeliberationUnknown(InvalidInput):
    code = "deliberation_unknown"
    default_field = "step"
    message = "请选择“四议两公开”中的一步。"


class DeliberationTaken(Conflict):
    code = "deliberation_taken"
    default_field = "step"
    message = "“{step}”已经记入，不能重复记。"


class DeliberationOrder(InvalidInput):
    code = "deliberation_order"
    default_field = "held_on"
    message = "“{step}”的日期应不早于“{earlier}”（{day}），也不能在今天以后。"


class DeliberationMissing(Conflict):
    code = "deliberation_missing"
    message = "本镇要求按“四议两公开”办理，还缺：{steps}。"


class MonthClosed(InvalidInput):
    code = "month_closed"
    default_field = "effective_from"
    message = "{month}的积分已经审定，细则不能倒回去改；最早可从{day}起生效。"


class BeforeTown(InvalidInput):
    code = "before_town"
    default_field = "effective_from"
    message = "这一稿以镇里{day}起生效的细则为基础，生效日期不能早于那一天。"


class TownVersionGone(Conflict):
    code = "town_version_gone"
    message = "这一稿所依据的镇细则已撤销或已被取代，请把改动移到镇里现在的细则上，再重新检查。"


class VersionNotApproved(Conflict):
    code = "version_not_approved"
    message = "这个版本不是已批准待生效的，请刷新后再看。"


class VersionOver(Conflict):
    code = "version_over"
    message = "这个版本已经撤销、被取代或到期，不用再撤销。"


class WithdrawDay(InvalidInput):
    code = "withdraw_day"
    default_field = "day"
    message = "停止的日期应在今天之后、{until}之前。"


class NothingToExtend(InvalidInput):
    code = "nothing_to_extend"
    default_field = "until"
    message = "只有写了截止日期、还没有撤销或被取代的细则可以延期；其他的请修订。"


class TownRulesMissing(Conflict):
    code = "town_rules_missing"
    message = "镇里现在没有生效的细则，村里不能在它的基础上修订；请先联系镇里。"


class StartUnknown(InvalidInput):
    code = "start_unknown"
    default_field = "start"
    message = "请选择从哪份样张或现行细则开始。"


class TemplateUnknown(NotFound):
    code = "template_unknown"
    default_field = "start"
    message = "没有找到这份样张，请从样张列表里选。"


class AdaptationDecided(Conflict):
    code = "adaptation_decided"
    message = "这次镇里的修订已经办过了，或者镇里又有了更新的版本，请刷新后再看。"


class ChoiceWrong(InvalidInput):
    code = "choice_wrong"
    default_field = "choices"
    message = "条目 {code} 不能这样选，请刷新后按页面上的选项选择。"


class ConflictsOpen(InvalidInput):
    """``data["codes"]`` are the items."""

    code = "conflicts_open"
    default_field = "choices"
    message = "还有{count}处镇里和本村都改了，请逐条选择用镇里的还是保留本村的：{titles}。"

    @classmethod
    def of(cls, conflicts: Sequence[three_way.Conflict]) -> "ConflictsOpen":
        titles = "、".join(f"“{one.title}”" for one in conflicts[:5])
        return cls(count=len(conflicts), titles=titles, codes=[one.code for one in conflicts])


class RulesEnded(InvalidInput):
    """No rules are in force on the day, because those that were have ended."""

    code = "rules_ended"
    default_field = "happened_on"
    message = "《{title}》已于{day}到期，还没有新的细则生效，不能登记之后的行为；请联系镇里尽快续期或修订。"


class ImportEmpty(InvalidInput):
    code = "import_empty"
    default_field = "file"
    message = "文件里没有一条能读出来，修订稿没有改动；请照每一处没有读懂的原因改好，再传一次。"


class PolicyWrong(InvalidInput):
    code = "policy_wrong"
    default_field = "rules"
    message = "“{what}”填写不对：比例写成几分之几、百分之几或人数中的一种，天数在1到400之间。"
