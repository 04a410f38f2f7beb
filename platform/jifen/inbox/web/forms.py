"""A channel as the town's administrator fills it in."""

from typing import Any

from django import forms

from jifen.inbox import audience
from jifen.inbox.services import INTERVALS
from jifen.web.forms import Form

ADDRESSES = (
    "钉钉群机器人写 dingtalk://密钥@令牌；企业微信群写 wecombot://令牌；飞书群写 feishu://令牌；"
    "邮件写 mailtos://账号:密码@服务器?to=收件人；短信写 spugpush://模板编号，"
    "或短信平台的接口地址 jsons://主机/路径?:message=正文字段名&:手机号字段名=号码。保存后不再显示。"
)


class ChannelForm(Form):
    name = forms.CharField(label="名称", max_length=40, help_text="例如“镇办公室钉钉群”")
    address = forms.CharField(
        label="地址",
        max_length=600,
        help_text=ADDRESSES,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )
    audience = forms.ChoiceField(label="提醒谁的事项", help_text="只发条数和类别，不发姓名和内容")
    every_minutes = forms.IntegerField(
        label="多久汇总一次（分钟）", min_value=INTERVALS[0], max_value=INTERVALS[1], initial=60
    )
    quiet_from = forms.TimeField(label="免打扰从", initial="21:00", widget=forms.TimeInput({"type": "time"}))
    quiet_to = forms.TimeField(label="到", initial="08:00", widget=forms.TimeInput({"type": "time"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = audience.choices()  # type: ignore[attr-defined]


class ChangeForm(ChannelForm):
    """A channel that exists; its address is not shown, and stays where nothing is written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["address"].required = False
        self.fields["address"].label = "换一个地址"
        self.fields["address"].help_text = f"不换就空着。{ADDRESSES}"
