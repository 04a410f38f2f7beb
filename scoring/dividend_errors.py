"""What is refused when a sum of money is parted by points."""

from jifen.kernel.errors import Conflict, InvalidInput, NotFound


class PoolUnknown(NotFound):
    code = "pool_unknown"
    default_field = "pool"
    message = "现行细则里没有这一笔分红，请重新选择。"


class TermUnknown(InvalidInput):
    code = "dividend_term_unknown"
    default_field = "term"
    message = "请选分哪一期：这笔分红{every}分一次，只能分已经结束的一期。"


class AmountWrong(InvalidInput):
    code = "dividend_amount_wrong"
    default_field = "amount"
    message = "请填写要分的金额：大于0元，最多两位小数。"


class TermUnposted(Conflict):
    code = "dividend_term_unposted"
    default_field = "term"
    message = "这一期还没有记完账：{villages}。请先办完月审核再分。"


class NobodyTakesPart(Conflict):
    code = "dividend_nobody"
    message = "这一期没有户的积分够参加分配。"


class DividendTaken(Conflict):
    code = "dividend_taken"
    default_field = "term"
    message = "“{name}”{term}已经分过了；要重分，先把那一次作废。"


class DividendLater(Conflict):
    code = "dividend_later"
    default_field = "term"
    message = "“{name}”后面的一期（{term}）已经分过了，不能再补分前面的一期。"


class DividendMoved(Conflict):
    code = "dividend_moved"
    message = "预览以后积分或余额有变动，请看过新的预览再确认。"


class DividendOver(Conflict):
    code = "dividend_over"
    message = "这次分红已经{state}，不能再改。"


class DividendCarried(Conflict):
    code = "dividend_carried"
    message = "这次的余额已经转入{term}，请先把那一次作废。"


class VoidReasonMissing(InvalidInput):
    code = "void_reason_missing"
    default_field = "reason"
    message = "请写明为什么作废（不超过200个字）。"


class PaidDayWrong(InvalidInput):
    code = "dividend_paid_day"
    default_field = "paid_on"
    message = "请填写哪天发放的：不能早于这一期结束，也不能在今天以后。"
