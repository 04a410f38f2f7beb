"""What can be wrong with an account."""

from jifen.kernel.errors import Forbidden, InvalidInput, Unauthenticated


class UsernameWrong(InvalidInput):
    code = "username_wrong"
    message = "账号用 2 至 60 个字母、数字、汉字或 . _ - @,不能有空格。"
    default_field = "username"


class UsernameTaken(InvalidInput):
    code = "username_taken"
    message = "账号“{username}”已有人使用，请换一个。"
    default_field = "username"


class NameMissing(InvalidInput):
    code = "display_name_missing"
    message = "请填写姓名。"
    default_field = "display_name"


class PasswordWeak(InvalidInput):
    code = "password_weak"
    message = "密码太容易被猜到，请换一个。"
    default_field = "password"


class PasswordWrong(InvalidInput):
    code = "password_wrong"
    message = "原密码不对，请重新输入。"
    default_field = "old_password"


class PasswordChangeNeeded(Forbidden):
    code = "password_change_needed"
    message = "请先修改初始密码，再办理其他事情。"


class RoleNotHere(InvalidInput):
    code = "role_not_here"
    message = "“{role}”不是这个站点的角色，请重新选择。"
    default_field = "role"


class RoleHeld(InvalidInput):
    code = "role_held"
    message = "这个账号已经是“{role}”。"
    default_field = "role"


class TokenRefused(Unauthenticated):
    code = "token_refused"
    message = "接口密钥不对、已停用或已过期，请向管理员重新申请。"
