"""What goes wrong when households are told of deductions."""

from jifen.kernel.errors import Conflict, InvalidInput


class HearingTold(Conflict):
    code = "hearing_told"
    message = "所选的扣分里，有的已经告知过或已办完；请刷新页面，重新选择。"


class NobodyToTell(InvalidInput):
    code = "nobody_to_tell"
    message = "请先选出已经告知的扣分。"
    default_field = "hearings"


class TellingUnknown(InvalidInput):
    code = "telling_unknown"
    message = "请选怎么告知的：口头、电话、书面或公开栏。"
    default_field = "how"


class ToldTooEarly(InvalidInput):
    code = "told_too_early"
    message = "告知日期不能早于审定那天（{day}）。"
    default_field = "told_on"


class ToldInFuture(InvalidInput):
    code = "told_in_future"
    message = "告知日期不能晚于今天。"
    default_field = "told_on"


class BoardDoesNotTell(InvalidInput):
    code = "board_does_not_tell"
    message = "本镇没有定下公开栏张贴算作告知；请当面、打电话或书面告知。"
    default_field = "how"
