"""What can be wrong with villages, households, people, joining, consents, roles and rosters."""

from jifen.kernel.errors import Conflict, Forbidden, InvalidInput, NotFound


class PolicyWrong(InvalidInput):
    code = "community_policy_wrong"
    message = "参加条件“{where}”写得不对：{problem}"


class HouseholdUnknown(NotFound):
    code = "household_unknown"
    message = "本镇没有这个户号，请核对后重新输入。"
    default_field = "household"


class CodeUnknown(InvalidInput):
    code = "code_unknown"
    message = "积分码或户号不对：请重新扫码，或输入户号和后面的4位校验数字。"
    default_field = "code"


class VillageUnknown(InvalidInput):
    code = "village_unknown"
    message = "没有“{name}”这个村（居），请先在村居里添加。"
    default_field = "village"


class VillageTaken(InvalidInput):
    code = "village_taken"
    message = "代码或名称与已有的村（居）重复，请核对。"
    default_field = "name"


class NameMissing(InvalidInput):
    code = "name_missing"
    message = "请填写姓名。"
    default_field = "name"


class GroupOfOtherVillage(InvalidInput):
    code = "group_of_other_village"
    message = "这个村民小组不属于所选的村（居），请重新选择。"
    default_field = "group"


class HouseholdNumberWrong(InvalidInput):
    code = "household_number_wrong"
    message = "户号只能用汉字、字母、数字、短横线和点，第一个不能是符号，最多20个字。"
    default_field = "number"


class HouseholdNumberTaken(InvalidInput):
    code = "household_number_taken"
    message = "户号{number}已经有人使用，请换一个。"
    default_field = "number"


class IdNumberWrong(InvalidInput):
    code = "id_number_wrong"
    message = "{problem}。"
    default_field = "id_number"


class IdNumberTaken(InvalidInput):
    code = "id_number_taken"
    message = "这个身份证号已登记在{number}户，请核对是否重复建档。"
    default_field = "id_number"


class PhoneWrong(InvalidInput):
    code = "phone_wrong"
    message = "{problem}，请核对。"
    default_field = "phone"


class ContactWrong(InvalidInput):
    code = "contact_wrong"
    message = "{problem}，请核对。"
    default_field = "phone"


class DateInFuture(InvalidInput):
    code = "date_in_future"
    message = "日期不能晚于今天，请改正。"
    default_field = "on"


class TotalTooSmall(InvalidInput):
    code = "total_too_small"
    message = "总户数不能少于已参加的户数：{village}在{day}已有{joined}户参加。请核对总户数，或改填截至日期。"
    default_field = "total"


class HeadMissing(InvalidInput):
    code = "head_missing"
    message = "{number}户还没有户主，请先登记户主再加入。"
    default_field = "household"


class ApplicantOfOtherHousehold(InvalidInput):
    code = "applicant_of_other_household"
    message = "申请人不是这一户的成员，请重新选择。"
    default_field = "applicant"


class NotEligible(InvalidInput):
    code = "not_eligible"
    message = "{number}户{refusal}。"
    default_field = "household"


class AlreadyJoined(Conflict):
    code = "already_joined"
    message = "{number}户已经加入，不用重复办理。"
    default_field = "household"


class NotJoined(Conflict):
    code = "not_joined"
    message = "{number}户没有加入，不能办理退出。"
    default_field = "household"


class ApplicationDecided(Conflict):
    code = "application_decided"
    message = "这份申请已经办过，请刷新后再看。"


class GuardianNeeded(InvalidInput):
    code = "guardian_needed"
    message = "{name}未满14周岁，须由同户的成年监护人代为同意，请选择监护人。"
    default_field = "guardian"


class GuardianWrong(InvalidInput):
    code = "guardian_wrong"
    message = "监护人须是同一户的成年人，请重新选择。"
    default_field = "guardian"


class ConsentGiven(Conflict):
    code = "consent_given"
    message = "已经同意过，不用重复登记。"


class ConsentWithdrawn(Conflict):
    code = "consent_withdrawn"
    message = "这项同意已经撤回。"


class RelativeWrong(InvalidInput):
    code = "relative_wrong"
    message = "不能把本人登记为自己的亲属，请重新选择。"
    default_field = "other"


class RelativeDeclared(Conflict):
    code = "relative_declared"
    message = "这两人的亲属关系已经登记过。"
    default_field = "other"


class RoleHeld(Conflict):
    code = "village_role_held"
    message = "{name}在这个村已经是“{role}”，不用重复任命。"
    default_field = "role"


class SupervisorDecidesNothing(InvalidInput):
    code = "supervisor_decides_nothing"
    message = "监督员只监督不审核：同一人在同一村不能既是监督员又是审核委员或积分管理员。"
    default_field = "role"


class GroupNeeded(InvalidInput):
    code = "group_needed"
    message = "任命村民小组组长请选择小组。"
    default_field = "group"


class RoleEnded(Conflict):
    code = "village_role_ended"
    message = "这项职责已经结束。"


class AccountExists(Conflict):
    code = "account_exists"
    message = "{name}已经有账号“{username}”。"


class AccountMissing(Conflict):
    code = "account_missing"
    message = "{name}还没有账号，请先开账号。"


class PasswordRefused(Forbidden):
    """Somebody else resets this password."""

    code = "password_refused"


class PasswordOfOffice(PasswordRefused):
    code = "password_of_office"
    message = "{name}在村里任职，密码请镇级办公室重设。"


class PasswordOfTown(PasswordRefused):
    code = "password_of_town"
    message = "{name}是镇级办公室的账号，密码请镇管理员重设。"


class PasswordOwn(PasswordRefused):
    code = "password_own"
    message = "这是您自己的账号，请在“修改密码”里改。"


class OwnAccount(Conflict):
    code = "own_account"
    message = "不能停用自己的账号，请另一位镇管理员办理。"


class NotAMember(InvalidInput):
    code = "not_a_member"
    message = "{number}户里没有“{name}”，请核对户号和姓名。"
    default_field = "name"


class AccountNeeded(InvalidInput):
    code = "account_needed"
    message = "{name}还没有账号，请填写账号和初始密码。"
    default_field = "username"


class RosterWrong(InvalidInput):
    """The file as a whole cannot be read in; nothing was."""

    code = "roster_wrong"
    default_field = "file"


class RosterNotReadable(RosterWrong):
    code = "roster_not_readable"
    message = "这个文件打不开：请用 Excel 另存为 .xlsx 或 CSV 后再上传。"


class RosterEmpty(RosterWrong):
    code = "roster_empty"
    message = "名册是空的：第一行写列名，从第二行起一人一行。可先下载样表。"


class RosterHeaderMissing(RosterWrong):
    code = "roster_header_missing"
    message = "第一行里缺少这些列：{columns}。请对照样表补上列名。"


class RosterMerged(RosterWrong):
    code = "roster_merged_cells"
    message = "名册里有合并的单元格（{cells}）：请取消合并，每行都填全后再上传。"


class RosterTooLong(RosterWrong):
    code = "roster_too_long"
    message = "名册超过{limit}行，请分村上传。"


class TownAppoints(Forbidden):
    code = "town_appoints"
    message = "“{role}”由镇里任免，请联系镇级办公室。"
    default_field = "role"


class ChangeKindWrong(InvalidInput):
    code = "change_kind_wrong"
    message = "请选择要办哪一种名册变更。"
    default_field = "kind"


class HeadStays(Conflict):
    code = "head_stays"
    message = "{name}是户主，请先办理“变更户主”。"
    default_field = "resident"


class HeadAlready(InvalidInput):
    code = "head_already"
    message = "{name}已经是户主，请选另一位成员。"
    default_field = "resident"


class MemberAlready(InvalidInput):
    code = "member_already"
    message = "{name}已经是这一户的成员。"
    default_field = "resident"


class MovedBackTooFar(InvalidInput):
    code = "moved_back_too_far"
    message = "{name}从{day}起才登记在{number}户，更正的日期不能更早；更早的请先更正那一户。"
    default_field = "from_date"


class MovedBackDayMissing(InvalidInput):
    code = "moved_back_day_missing"
    message = "请填写从哪天起算本户的人。"
    default_field = "from_date"


class MemberMissing(InvalidInput):
    code = "member_missing"
    message = "请选择这一户今天的成员。"
    default_field = "resident"


class SplitWrong(InvalidInput):
    code = "split_wrong"
    message = "请选择分出去的成员，并从他们当中选一位新户主。"
    default_field = "members"


class NothingCorrected(InvalidInput):
    code = "nothing_corrected"
    message = "没有要更正的内容：请填写正确的姓名、身份证号或手机号。"
    default_field = "name"


class ChangeAsked(Conflict):
    code = "change_asked"
    message = "同样的名册变更正在等批准，不用重复提交。"


class ChangeDecided(Conflict):
    code = "change_decided"
    message = "这项名册变更已经办结（{state}），请刷新后查看。"


class ChangeNotReturned(Conflict):
    code = "change_not_returned"
    message = "这项名册变更没有退回给您，现在不能修改。"


class ChangeTermForeign(InvalidInput):
    code = "change_term_foreign"
    message = "这一种名册变更里没有这一项，请去掉后再提交；要换成另一种变更的，请撤回后重新申请。"


class ChangeNotAsker(Forbidden):
    code = "change_not_asker"
    message = "只有申请的人可以撤回这项名册变更。"


class CellNameMissing(InvalidInput):
    code = "cell_name_missing"
    message = "请填写联户组的名称。"
    default_field = "name"


class CellNameTaken(InvalidInput):
    code = "cell_name_taken"
    message = "这个村已经有叫“{name}”的联户组，请换一个名称。"
    default_field = "name"


class CellOfOtherVillage(InvalidInput):
    code = "cell_of_other_village"
    message = "{number}户不是{village}的农户，不能编入这个联户组。"
    default_field = "numbers"


class InAnotherCell(Conflict):
    code = "in_another_cell"
    message = "{number}户从{day}起已经编在“{name}”里，要先从那里调出。"
    default_field = "numbers"


class NotInCell(Conflict):
    code = "not_in_cell"
    message = "{number}户现在不在“{name}”里，请刷新后再看。"
    default_field = "household"


class CellYearSealed(InvalidInput):
    code = "cell_year_sealed"
    message = "{year}年度已经封账，不能再改{day}起谁在联户组里。请核对日期；日期没有错的，请镇里先重开这个年度。"
    default_field = "on"


class CellDayWrong(InvalidInput):
    code = "cell_day_wrong"
    message = "{number}户从{day}起编入，调出的日期不能更早。"
    default_field = "on"
