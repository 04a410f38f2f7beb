"""What can be wrong with the clocks."""

from jifen.kernel.errors import Conflict, Forbidden, InvalidInput, JifenError


class KindUnknown(JifenError):
    """No job is registered under this kind."""

    code = "job_kind_unknown"
    message = "没有“{kind}”这种定时事项。"


class KindTaken(JifenError):
    """Two jobs were registered under one kind."""

    code = "job_kind_taken"
    message = "定时事项“{kind}”已经登记过。"


class ClockFixed(Forbidden):
    code = "clock_fixed"
    message = "正式环境的时间不能调整。"


class NotGivenUp(Conflict):
    code = "job_not_given_up"
    message = "这项工作没有失败，或已经重新办理，不用再试。"


class ConcurrencyWrong(InvalidInput):
    code = "concurrency_wrong"
    message = "同时办理的件数要在1到64之间。"
    default_field = "concurrency"
