"""What a password must be, said in plain Chinese: the framework's own words are not all translated."""

from django.contrib.auth import password_validation as stock


class LongEnough(stock.MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"密码太短，至少要 {self.min_length} 位。"


class Uncommon(stock.CommonPasswordValidator):
    def get_error_message(self) -> str:
        return "这个密码太常见，容易被猜到，请换一个。"


class UnlikeItsOwner(stock.UserAttributeSimilarityValidator):
    def get_error_message(self) -> str:
        return "密码和您的账号或姓名太像，请换一个。"
