"""What can be wrong with the opening of a town or the closing of a year."""

from jifen.kernel.errors import Conflict, InvalidInput


class TownNameMissing(InvalidInput):
    code = "town_name_missing"
    message = "请填写镇（乡、街道）的名称。"
    default_field = "name"


class DistrictUnknown(InvalidInput):
    code = "district_unknown"
    message = "请选择区县，或填写新的区县名称。"
    default_field = "district"


class TownCodeWrong(InvalidInput):
    code = "town_code_wrong"
    message = "行政区划代码应为9位数字，前6位是所属区县的代码{district_code}。"
    default_field = "code"


class TownCodeTaken(Conflict):
    code = "town_code_taken"
    message = "代码{value}的乡镇已经开通，请核对代码。"
    default_field = "code"


class HostWrong(InvalidInput):
    code = "host_wrong"
    message = "网址前缀用2至30个小写字母或数字，以字母开头，例如 shuren。"
    default_field = "host"


class HostTaken(Conflict):
    code = "host_taken"
    message = "网址前缀“{value}”已被使用，请换一个。"
    default_field = "host"


class HostReserved(InvalidInput):
    code = "host_reserved"
    message = "网址前缀“{value}”留给平台自己用，请换一个，例如乡镇名称的拼音。"
    default_field = "host"


class TownNameTaken(Conflict):
    code = "town_name_taken"
    message = "这个区县已经有“{value}”，请核对乡镇名称。"
    default_field = "name"


class SchemeUnknown(InvalidInput):
    code = "scheme_unknown"
    message = "没有这套实施方案，请从列表中选择。"
    default_field = "scheme_code"


class AdminNameMissing(InvalidInput):
    code = "admin_name_missing"
    message = "请填写镇管理员的姓名。"
    default_field = "admin_name"


class VillagesWrong(InvalidInput):
    code = "villages_wrong"
    message = "请每行填写一个村（居）名称，名称不能重复，每个最多60个字。"
    default_field = "villages"


class VillagePhoneWrong(InvalidInput):
    code = "village_phone_wrong"
    message = "{village}的电话：{problem}"
    default_field = "villages"


class YearHasOpenReviews(Conflict):
    code = "year_has_open_reviews"
    message = "{year}年还有{count}个村月的审核没有记账，请先办完再封账。"


class YearLacksNotices(Conflict):
    code = "year_lacks_notices"
    message = "{year}年还有{count}个村没有张贴四季度公示，请先公示再封账。"


class YearHasOpenObjections(Conflict):
    code = "year_has_open_objections"
    message = "{year}年还有{count}件异议没有答复，请先办结再封账。"


class YearCloseLater(Conflict):
    code = "year_close_later"
    message = "{year}年的封账日是{day}，还没有到，不能封账。"


class YearCloseEarly(InvalidInput):
    code = "year_close_early"
    default_field = "day"
    message = "{year}年的公示（含四季度和还挂着的）、异议和兑换要到{day}才结束，封账日不能更早。"


class YearCloseFar(InvalidInput):
    """A slip of the year: points would go on being exchanged, and the next year could not close before."""

    code = "year_close_far"
    default_field = "day"
    message = "{year}年的封账日最晚是{day}，请看看年份有没有写错。"


class YearNothingAsked(Conflict):
    code = "year_nothing_asked"
    message = "{year}年没有等着批准的申请，请刷新后再看。"


class YearInFlow(Conflict):
    code = "year_in_flow"
    message = "{year}年的封账按审批流程办理，现在在“{step}”，请在“我的待办”里办。"


class YearReopenLate(Conflict):
    code = "year_reopen_late"
    message = "{following}年的公示已经张贴，{year}年不能再重开；发现错误请在台账里更正，更正会附在封账后面。"


class SameHands(InvalidInput):
    code = "same_hands"
    message = "移交人和接收人不能是同一人。"
    default_field = "receiver"


class WitnessMissing(InvalidInput):
    code = "witness_missing"
    message = "请填写监交人姓名。"
    default_field = "witness"


class WitnessInvolved(InvalidInput):
    code = "witness_involved"
    message = "监交人不能是移交人或接收人，请另请一位。"
    default_field = "witness"


class ThingUnknown(InvalidInput):
    code = "thing_unknown"
    message = "移交物品每行要写清名称，数量填0到{largest}的整数，名称和备注各不超过{most}个字，最多50行。"
    default_field = "things"


class EmptyHands(InvalidInput):
    code = "empty_hands"
    message = "{name}现在没有担任任何职责，不用移交。"
    default_field = "giver"


class ScanAttached(Conflict):
    code = "scan_attached"
    message = "这份移交清单已经有签字扫描件，不能再换。"
