"""What inspections and activities refuse."""

from jifen.kernel.errors import Conflict, InvalidInput, NotFound


class RoundTitleMissing(InvalidInput):
    code = "round_title_missing"
    default_field = "title"
    message = "请填写名称，80个字以内，例如“三月家庭卫生检查”。"


class RoundRulesMissing(InvalidInput):
    code = "round_rules_missing"
    default_field = "rules"
    message = "请选择当天适用、不需要另填内容的条目。"


class RoundRuleUnfit(InvalidInput):
    code = "round_rule_unfit"
    default_field = "rules"
    message = "“{rule}”还要另填数量等内容，不能这样整批记分，请换一条，或者一户一户登记。"


class ActivityDeducts(InvalidInput):
    """Being there is no fault: what takes points is told of each household, with its reason."""

    code = "activity_deducts"
    default_field = "rule"
    message = "“{rule}”是扣分的条目（或有扣分的档次）：活动给到场的人加分，请选只加分的条目；扣分请一户一户登记。"


class RoundRuleOff(InvalidInput):
    code = "round_rule_off"
    default_field = "rules"
    message = "“{rule}”{why}，不能用来登记，请换一条。"


class RoundOver(Conflict):
    code = "round_over"
    message = "“{title}”已经提交或取消，不能再改。"


class CardItemWrong(InvalidInput):
    code = "card_item_wrong"
    default_field = "items"
    message = "评分项目“{name}”有误：名称不能为空或重复，满分要大于0、最多两位小数。"


class CardUnfit(InvalidInput):
    """A round's own card is for what is worth points within a range."""

    code = "card_unfit"
    default_field = "items"
    message = (
        "“{rule}”不按评分项目的分数计分：请清空“评分项目”；要逐项打分，请改选“评议定分”的条目，"
        "或者“打分表”的条目（打分表自带项目，不用在这里填）。"
    )


class CardTooHigh(InvalidInput):
    code = "card_too_high"
    default_field = "items"
    message = "各项满分合计{total}分，不能超过条目的最高分{most}分；项目最多{items}个。"


class MarkForeign(InvalidInput):
    code = "mark_foreign"
    default_field = "household"
    message = "这一户不在本次检查范围内（不属于本村或没有参加积分制）。"


class MarkRuleWrong(InvalidInput):
    code = "mark_rule_wrong"
    default_field = "rule"
    message = "结果不在本次检查的条目里，请重新选择。"


class MarkTierMissing(InvalidInput):
    code = "mark_tier_missing"
    default_field = "tier"
    message = "请选择档次。"


class MarkScoreWrong(InvalidInput):
    code = "mark_score_wrong"
    default_field = "scores"
    message = "“{item}”请填0到{most}分。"


class MarkItemWrong(InvalidInput):
    code = "mark_item_wrong"
    default_field = "scores"
    message = "“{item}”请填{least}到{most}分。"


class MarkTotalWrong(InvalidInput):
    code = "mark_total_wrong"
    default_field = "scores"
    message = "合计要在{least}到{most}分之间，每档相差{step}分。"


class ActivityNotToday(InvalidInput):
    code = "activity_not_today"
    message = "只能在活动当天扫码签到。当天没签上的，请找积分管理员补登。"


class NotOfVillage(InvalidInput):
    code = "not_of_village"
    default_field = "resident"
    message = "只有{village}已参加积分制的农户家庭成员可以签到。"


class RoundUnknown(NotFound):
    code = "round_unknown"
    message = "没有找到这次检查或活动。"
