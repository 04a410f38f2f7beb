"""What can be wrong with a town's state."""

from jifen.kernel.errors import Conflict


class TownStateWrong(Conflict):
    code = "town_state_wrong"
    message = "“{name}”现在是“{state}”，不能这样操作，请刷新后再看。"
