"""The states of a push and of a delivery: what may follow what, and what a clerk reads."""

from enum import StrEnum

from core.errors import IllegalMove


class PushState(StrEnum):
    PLANNED = "planned"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    PAUSED = "paused"
    CANCELLED = "cancelled"
    DONE = "done"


class SegmentState(StrEnum):
    OPEN = "open"
    WORKING = "working"
    DONE = "done"


class DeliveryState(StrEnum):
    """`claimed` is between claim and record: outside it counts as pending."""

    PENDING = "pending"
    CLAIMED = "claimed"
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SUPPRESSED = "suppressed"


_S = PushState
NEXT: dict[PushState, frozenset[PushState]] = {
    _S.PLANNED: frozenset({_S.SENDING, _S.SCHEDULED, _S.PAUSED, _S.CANCELLED, _S.DONE}),
    _S.SCHEDULED: frozenset({_S.SENDING, _S.SCHEDULED, _S.PLANNED, _S.PAUSED, _S.CANCELLED}),
    _S.SENDING: frozenset({_S.DONE, _S.SCHEDULED, _S.PAUSED, _S.CANCELLED}),
    _S.PAUSED: frozenset({_S.SENDING, _S.PLANNED, _S.SCHEDULED, _S.CANCELLED}),
    _S.DONE: frozenset({_S.SENDING, _S.CANCELLED}),
    _S.CANCELLED: frozenset(),
}
PUSH_LABELS: dict[PushState, str] = {
    _S.PLANNED: "待发送",
    _S.SCHEDULED: "定时待发",
    _S.SENDING: "发送中",
    _S.PAUSED: "已暂停",
    _S.CANCELLED: "已取消",
    _S.DONE: "已完成",
}
DELIVERY_LABELS: dict[str, str] = {
    "total": "总人数",
    "pending": "待发送",
    "waiting": "等待群众来信",
    "sent": "已受理",
    "delivered": "已送达",
    "failed": "发送失败",
    "unknown": "结果未知",
    "suppressed": "不再发送",
}
REASONS: dict[str, str] = {
    "no_route": "当前没有合规的发送渠道，待本人下次来信时送达",
    "not_tagged": "没有加上该主题的微信标签，群发到不了，待本人下次来信时送达",
    "admin_refused": "公众号管理员没有同意群发；可取消本推送后重新发布",
    "admin_silent": "公众号管理员 30 分钟内没有确认群发；可取消本推送后重新发布",
    "stopped": "本人已退订该主题",
    "unfollowed": "已取消关注",
    "not_follower": "不是本号粉丝",
    "blocked": "本人拒收消息",
    "refused": "本人拒收该类通知",
    "invalid_openid": "收件人标识无效",
    "cancelled": "推送已取消",
    "superseded": "已由更正推送代替",
    "timeout": "超时未知",
    "interrupted": "发送进程中断，结果未知",
    "system_error": "微信系统繁忙，结果未知",
    "bad_content": "内容或字段不符合微信要求",
    "limited": "达到发送上限",
    "rejected": "微信拒绝",
    "user_block": "微信回执：用户拒收",
    "system_failed": "微信回执：系统原因未送达",
}


def check_move(now: PushState, then: PushState) -> None:
    """Raise IllegalMove unless a push may go from `now` to `then`."""
    if then not in NEXT[now]:
        raise IllegalMove(f"“{PUSH_LABELS[now]}”的推送不能变为“{PUSH_LABELS[then]}”")
