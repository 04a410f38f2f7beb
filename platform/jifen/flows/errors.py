"""What can be wrong with the opening of a town or the closing of a year."""

from jifen.kernel.errors import Conflict, InvalidInput


class TownNameMissing(InvalidInput):
    code = "town_name_missing"
    message = "请填写镇(乡、街道)的名称。"
    default_field = "name"


class TownCodeWrong(InvalidInput):
    code = "town_code_wrong"
    message = "行政区划代码应为9位数字,前6位是所属区县的代码{district_code}。"
    default_field = "code"


class TownCodeTaken(Conflict):
    code = "town_code_taken"
    message = "代码{value}的乡镇已经开通,请核对代码。"
    default_field = "code"


class HostWrong(InvalidInput):
    code = "host_wrong"
    message = "网址前缀用2至30个小写字母或数字,以字母开头,例如 shuren。"
    default_field = "host"


class HostTaken(Conflict):
    code = "host_taken"
    message = "网址前缀“{value}”已被使用,请换一个。"
    default_field = "host"


class HostReserved(InvalidInput):
    code = "host_reserved"
    message = "网址前缀“{value}”留给平台自己用,请换一个,例如乡镇名称的拼音。"
    default_field = "host"


class TownNameTaken(Conflict):
    code = "town_name_taken"
    message = "这个区县已经有“{value}”,请核对乡镇名称。"
    default_field = "name"


class SchemeUnknown(InvalidInput):
    code = "scheme_unknown"
    message = "没有这套实施方案,请从列表中选择。"
    default_field = "scheme_code"


class AdminNameMissing(InvalidInput):
    code = "admin_name_missing"
    message = "请填写镇管理员的姓名。"
    default_field = "admin_name"


class VillagesWrong(InvalidInput):
    code = "villages_wrong"
    message = "请每行填写一个村(居)名称,名称不能重复,每个最多60个字。"
    default_field = "villages"


class YearHasOpenReviews(Conflict):
    code = "year_has_open_reviews"
    message = "{year}年还有{count}个村月的审核没有记账,请先办完再封账。"


class YearHasOpenObjections(Conflict):
    code = "year_has_open_objections"
    message = "还有{count}件异议没有答复,请先办结再封账。"


class YearNotOver(Conflict):
    code = "year_not_over"
    message = "{year}年还没有结束,不能封账。"
