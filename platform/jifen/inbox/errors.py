"""What can be wrong with messages and channels."""

from jifen.kernel.errors import Conflict, InvalidInput, NotFound


class ChannelNameMissing(InvalidInput):
    code = "channel_name_missing"
    message = "请填写渠道名称，例如“镇办公室钉钉群”。"
    default_field = "name"


class ChannelNameTaken(InvalidInput):
    code = "channel_name_taken"
    message = "已经有叫“{name}”的渠道，请换一个名称。"
    default_field = "name"


class AddressWrong(InvalidInput):
    code = "channel_address_wrong"
    message = "地址不能用。请按说明填写，开头应是 {allowed} 中的一种。"
    default_field = "address"


class AddressInside(InvalidInput):
    code = "channel_address_inside"
    message = "这个主机名查不到，或者在内部网络里，不能用。请核对；确实是本地短信网关的，请平台运营方登记这个主机名。"
    default_field = "address"


class AudienceUnknown(InvalidInput):
    code = "channel_audience_unknown"
    message = "请从列表里选：这个渠道提醒谁的事项。"
    default_field = "audience"


class IntervalWrong(InvalidInput):
    code = "channel_interval_wrong"
    message = "汇总间隔请填15到1440分钟。"
    default_field = "every_minutes"


class MessageUnknown(NotFound):
    code = "message_unknown"
    message = "没有这条消息。"


class ChannelUnknown(NotFound):
    code = "channel_unknown"
    message = "没有这个渠道。"


class DeliveryUnknown(NotFound):
    code = "delivery_unknown"
    message = "没有这条发送记录。"


class DeliveryNotFailed(Conflict):
    code = "delivery_not_failed"
    message = "这一条已经发出或者正在发送，不用重新发送。请刷新页面看结果。"
