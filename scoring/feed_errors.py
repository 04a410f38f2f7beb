"""What is refused where devices and departments send deeds."""

from jifen.kernel.errors import Conflict, InvalidInput, NotFound, Unauthenticated


class FeedUnknown(NotFound):
    code = "feed_unknown"
    default_field = "feed"
    message = "现行细则里没有由这个来源送来的条目，请先在细则里写上“系统送来”。"


class FeedNameMissing(InvalidInput):
    code = "feed_name_missing"
    default_field = "name"
    message = "请写明密钥给哪个系统用（不超过60个字），例如：智能水表平台。"


class FeedKeyRevoked(Conflict):
    code = "feed_key_revoked"
    message = "这把密钥已经停用。"


class FeedKeyRefused(Unauthenticated):
    code = "feed_key_refused"
    message = "自动采集的密钥不对或已停用，请向镇里重新申请。"


class FeedHeaderWrong(Unauthenticated):
    code = "authorization_wrong"
    message = "Authorization 头应写成“Feed 密钥”；账号的密钥不能送自动采集的记录。"


class FeedOnly(InvalidInput):
    code = "feed_only"
    default_field = "declared_by"
    message = "“系统接入”的登记只能由设备或部门用自己的密钥送来，请改选实际的申报方。"


class FeedRuleForeign(InvalidInput):
    code = "feed_rule_foreign"
    default_field = "rule"
    message = "“{rule}”在{day}不是由这个来源送来的条目，请核对条目的代码和日期。"


class FeedWhoMissing(InvalidInput):
    code = "feed_who_missing"
    default_field = "household"
    message = "请写户号，或者个人的编号。"


class FeedPersonUnknown(InvalidInput):
    code = "feed_person_unknown"
    default_field = "resident"
    message = "没有找到这个人，或者那天不在哪一户，请核对编号和日期。"


class FeedHouseholdUnknown(InvalidInput):
    code = "feed_household_unknown"
    default_field = "household"
    message = "没有找到这一户，请核对户号。"
