"""WeChat's own counts beside ours: what a push's mass calls came to, and why the two may differ."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbound.models import MassBatch
from bot.outbound.settling import reason_of
from bot.outbound.states import REASONS
from bot.outbound.targets import ALL, LIST

COUNTS = ("TotalCount", "FilterCount", "SentCount", "ErrorCount")
WAYS = {LIST: "按名单群发", ALL: "群发给全部关注者"}
BY_TAG = "按标签群发"
OUTCOMES = {
    "gathering": "正在准备",
    "claimed": "已调用，等微信答复",
    "confirming": "微信已受理，等管理员确认或微信回执",
    "sent": "微信已受理",
    "unknown": "结果未知，稍后用同一编号再问",
    "lost": "结果未知，已过再问的时限",
    "refused": "微信没有受理，没有发出",
}
BEYOND = (
    "群发时标签上有 {reach} 人，其中 {size} 人是本推送的对象：建立之后才订阅的也会收到，"
    "不计入本推送"
)
OTHER = "微信的计划人数与本推送不同，以微信为准：名单之外有人带着标签，或名单里有人已取消关注"
FEWER = "有 {short} 人没有收到：本月已收到 4 次群发、拒收或已取消关注，微信不说是谁"


@dataclass(frozen=True, slots=True)
class MassCall:
    """One mass call as staff see it. counts: WeChat's four, None before its receipt."""

    way: str
    size: int
    outcome: str
    note: str
    counts: tuple[int | None, ...]


def mass_calls(db: Session, push_id: int) -> list[MassCall]:
    """The mass calls of a push, in their order."""
    mine = select(MassBatch).where(MassBatch.push_id == push_id).order_by(MassBatch.id)
    return [_shown(batch) for batch in db.scalars(mine)]


def _shown(batch: MassBatch) -> MassCall:
    told: dict[str, Any] = batch.receipt or {}
    counts = tuple(told.get(name) for name in COUNTS)
    way = WAYS.get(batch.target, BY_TAG)
    return MassCall(way, batch.size, _outcome(batch, told), "；".join(_notes(batch, told)), counts)


def _outcome(batch: MassBatch, told: dict[str, Any]) -> str:
    if batch.state == "failed":
        return REASONS.get(reason_of(batch.code), "微信拒绝")
    status = str(told.get("status", ""))
    said = f"，微信回执：{status}" if status and status != "send success" else ""
    return OUTCOMES.get(batch.state, batch.state) + said


def _notes(batch: MassBatch, told: dict[str, Any]) -> list[str]:
    """Why our count and WeChat's differ, as far as anybody can know."""
    notes = []
    if batch.reach is not None and batch.reach != batch.size:
        notes.append(BEYOND.format(reach=batch.reach, size=batch.size))
    total, sent = told.get("TotalCount"), told.get("SentCount")
    if total not in (None, batch.reach if batch.reach is not None else batch.size):
        notes.append(OTHER)
    if told.get("status") == "send success" and sent is not None and sent < (total or 0):
        notes.append(FEWER.format(short=(total or 0) - sent))
    return notes
