"""What can be wrong with an exchange, a shop's membership, a plan or a settlement; said to people.

JifenError
├── InvalidInput  QuantityWrong, CollectorMissing, SignatureMissing, OfferingWrong, PriceWrong, StockWrong, PlanWrong,
│                 WindowsWrong, NoWindows, TooLateInYear, PeriodWrong, ReasonMissing, AgreementMissing, ShopWrong,
│                 PolicyWrong, ExceptionKindWrong, UseByWrong, CardByVillage
├── Forbidden     NotAsker
├── NotFound      HouseholdUnknown, NotInNetwork
└── Conflict      KeyMismatch, HouseholdNotJoined, OtherVillage, WindowClosed, BelowThreshold, OutOfStock, OfferingGone,
                  HoldExpired, WrongState, AlreadySettled, YearOver, NothingToSettle, NoFund, AlreadyMember, PlanExists,
                  OfferingExists, TooManyWrongCodes, ExceptionAsked, ExceptionOther, ExceptionNotApproved,
                  ExceptionUsed, ExceptionOver, ExceptionChanged
"""

from jifen.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


class QuantityWrong(InvalidInput):
    code = "quantity_wrong"
    message = "数量要填1到99的整数。"
    default_field = "quantity"


class CollectorMissing(InvalidInput):
    code = "collector_missing"
    message = "代领要写明领取人姓名。"
    default_field = "collected_by"


class SignatureMissing(InvalidInput):
    code = "signature_missing"
    message = "代领要有领取人签名：请上传签名照片，或确认纸质签名已留存。"
    default_field = "signature"


class OfferingWrong(InvalidInput):
    code = "offering_wrong"
    message = "项目要有名称、单位和类型，请补全。"
    default_field = "name"


class PriceWrong(InvalidInput):
    code = "price_wrong"
    message = "分值要大于0，最多两位小数。"
    default_field = "price"


class StockWrong(InvalidInput):
    code = "stock_wrong"
    message = "库存要填0或更大的整数；不计库存的请留空。"
    default_field = "stock"


class PlanWrong(InvalidInput):
    code = "plan_wrong"
    message = "兑换方案要写名称和依据（哪次村民代表会议或哪份文件）。"
    default_field = "resolution"


class WindowsWrong(InvalidInput):
    code = "windows_wrong"
    message = "兑换日期有误：结束日不能早于开始日，各段日期不能重叠。请检查后重填。"
    default_field = "windows"


class NoWindows(InvalidInput):
    code = "no_windows"
    message = "兑换方案至少要有一段兑换日期。"
    default_field = "windows"


class TooLateInYear(InvalidInput):
    code = "too_late_in_year"
    message = "按实施方案，每年{before_month}月前至少要有一次兑换，请在{before_month}月1日前加一段兑换日期。"
    default_field = "windows"


class PeriodWrong(InvalidInput):
    code = "period_wrong"
    message = "结算期间有误：结束日不能早于开始日，也不能晚于今天。"
    default_field = "to_date"


class ReasonMissing(InvalidInput):
    code = "reason_missing"
    message = "请写明原因。"
    default_field = "reason"


class AgreementMissing(InvalidInput):
    code = "agreement_missing"
    message = "同意加盟要填写协议编号和每分结算金额。"
    default_field = "agreement"


class AgreementWanted(AgreementMissing):
    message = (
        "{shop}的加盟还没有协议编号，不能同意。请点“看原件”，或从“兑换联盟”打开{shop}，填好协议编号并保存，再回来同意。"
    )


class NotOnItsWay(Conflict):
    code = "not_on_its_way"
    message = "这家店的加盟现在不在审批中，不能单独填协议编号。还没提交审批的，请在提交时填写。"
    default_field = "agreement"


class ShopWrong(InvalidInput):
    code = "shop_wrong"
    message = "店名、地址、联系人和联系电话都要填写。"
    default_field = "name"


class PolicyWrong(InvalidInput):
    code = "policy_wrong"
    message = "兑换设置有误：{where}：{problem}。"
    default_field = "section"


class HouseholdUnknown(NotFound):
    code = "household_unknown"
    message = "没有找到这一户。请核对户号和校验码，或重新扫一次积分码。"
    default_field = "household_code"


class TooManyWrongCodes(Conflict):
    code = "too_many_wrong_codes"
    message = "错误的积分码太多，请过{minutes}分钟再试，或请农户到村里核对户号和校验码。"
    default_field = "household_code"


class NotInNetwork(NotFound):
    code = "not_in_network"
    message = "没有找到这个镇的兑换业务。贵店未加入或已退出该镇的兑换联盟，请联系镇里。"


class KeyMismatch(Conflict):
    code = "idempotency_mismatch"
    message = "这次提交的编号已用于另一笔兑换，请刷新页面后重新办理。"


class HouseholdNotJoined(Conflict):
    code = "household_not_joined"
    message = "这一户没有参加积分制或已退出，不能兑换。请到村里办理加入。"
    default_field = "household_code"


class OtherVillage(Conflict):
    code = "other_village"
    message = "本店只接待{village}的农户，请这一户到自己村的兑换点兑换。"
    default_field = "household_code"


class WindowClosed(Conflict):
    code = "window_closed"
    message = "今天不在兑换期内。{next}"
    default_field = "household_code"


class BelowThreshold(Conflict):
    code = "below_threshold"
    message = "可兑换积分为{available}分，没有达到{threshold}分的起兑分值。"
    default_field = "household_code"


class OutOfStock(Conflict):
    code = "out_of_stock"
    message = "“{name}”库存不足，只剩{left}{unit}。请减少数量或换一种。"
    default_field = "quantity"


class OfferingGone(Conflict):
    code = "offering_gone"
    message = "这个兑换项目已下架，请重新选择。"
    default_field = "offering"


class HoldExpired(Conflict):
    code = "hold_expired"
    message = "预留已超过{minutes}分钟，积分已退回。请重新办理兑换。"


class WrongState(Conflict):
    code = "wrong_state"
    message = "这笔{what}现在是“{state}”，不能这样办理。请刷新后看最新情况。"


class AlreadySettled(Conflict):
    code = "already_settled"
    message = "这笔兑换已列入结算单，不能退回。请联系镇里处理。"


class NothingToSettle(Conflict):
    code = "nothing_to_settle"
    message = "这段时间没有未结算的兑换，不用出结算单。"


class NoFund(Conflict):
    code = "no_fund"
    message = "{village}还没有登记兑换经费，不能兑换。请先登记经费来源。"


class AlreadyMember(Conflict):
    code = "already_member"
    message = "贵店已在这个镇的兑换联盟中或正在审核，不用重复申请。"


class PlanExists(Conflict):
    code = "plan_exists"
    message = "这一天已有生效的兑换方案，请换一个生效日期。"
    default_field = "effective_from"


class OfferingExists(Conflict):
    code = "offering_exists"
    message = "这家店已有同名的兑换项目，请换个名称或修改原来的项目。"
    default_field = "name"


class YearOver(Conflict):
    code = "year_over"
    message = "这笔兑换属于往年，积分不跨年，不能退回积分。请联系镇里处理。"


class ExceptionKindWrong(InvalidInput):
    code = "exception_kind_wrong"
    message = "请选择要申请哪一种特例。"
    default_field = "kind"


class CardByVillage(InvalidInput):
    code = "card_by_village"
    message = "没带积分码的，请农户到村里核对身份，由积分管理员申请。"
    default_field = "kind"


class UseByWrong(InvalidInput):
    code = "use_by_wrong"
    message = "最迟兑换的日期要在今天到{year}年12月31日之间（积分不跨年）。"
    default_field = "use_by"


class NotReturned(Conflict):
    code = "exception_not_returned"
    message = "这份申请没有退回给您，现在不能修改。"


class NotAsker(Forbidden):
    code = "exception_not_asker"
    message = "只有申请的人可以撤回特例申请。"


class ExceptionAsked(Conflict):
    code = "exception_asked"
    message = "这一户的同样申请已经在等批准，不用重复提交。"


class ExceptionOther(Conflict):
    code = "exception_other"
    message = "这个特例不是给这一户的这个项目和数量批准的，请核对后重选。"
    default_field = "exception"


class ExceptionNotApproved(Conflict):
    code = "exception_not_approved"
    message = "这个特例现在是“{state}”，不能用来兑换。"
    default_field = "exception"


class ExceptionUsed(Conflict):
    code = "exception_used"
    message = "这个特例已经用于{number}，一个特例只能兑换一次。"
    default_field = "exception"


class ExceptionOver(Conflict):
    code = "exception_over"
    message = "这个特例要在{day}或以前兑换，已经过期，请重新申请。"
    default_field = "exception"


class ExceptionChanged(Conflict):
    code = "exception_changed"
    message = "批准时是{before}分，现在要{now}分，请按现在的分值重新申请。"
    default_field = "exception"
