"""What an answer of WeChat means for a delivery, for its person, and for the whole push."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.followers.models import Follower
from bot.outbound import ledger
from bot.outbound.deliveries import MOST_ATTEMPTS, Claim, askable_until, refund
from bot.outbound.errors import (
    AccountStopped,
    AlreadyAccepted,
    BadToken,
    ConsentGone,
    JobStopped,
    NotReached,
    OutcomeUnknown,
    QuotaSpent,
    RecipientGone,
    SlowDown,
    WechatError,
    WindowClosed,
)
from bot.outbound.records import Record
from bot.outbound.rules import Route, Rules, next_midnight
from bot.outbound.states import DeliveryState

Answered = int | None | WechatError
"""A message id, None where the call has none, or the error."""
REST_S: dict[type[object], int] = {SlowDown: 60, NotReached: 5, BadToken: 15}
_S = DeliveryState


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the whole push must do after a batch. rest_s: pause of all; stop: why it pauses."""

    rest_s: int = 0
    stop: WechatError | None = None


def judge(claim: Claim, answer: Answered) -> Record:
    """The record of one answer."""
    if not isinstance(answer, WechatError):
        told_later = claim.route is not Route.KEFU  # 客服消息 have no receipts to match
        return Record(claim, _S.SENT, msg_id=answer if told_later else None)
    if isinstance(answer, AlreadyAccepted):
        return Record(claim, _S.SENT, msg_id=answer.msg_id, code=answer.code, rid=answer.rid)
    if claim.again or isinstance(answer, OutcomeUnknown):
        return _unknown(claim, answer)
    refused_template = isinstance(answer, ConsentGone) and claim.route is Route.TEMPLATE
    if isinstance(answer, _BACK) and not refused_template:
        return Record(claim, _S.PENDING, code=answer.code, rid=answer.rid)
    return Record(claim, _S.FAILED, answer.reason, code=answer.code, rid=answer.rid)


NOT_TAKEN = (AccountStopped, BadToken, JobStopped, NotReached, QuotaSpent, SlowDown)
_BACK = (*NOT_TAKEN, ConsentGone, WindowClosed)


def _unknown(claim: Claim, answer: WechatError) -> Record:
    """Once an outcome was unknown only an acceptance can end it: a refusal of the repeat cannot.

    Another route is never tried then: the first message may have arrived.
    """
    spent = claim.attempts >= MOST_ATTEMPTS
    return Record(
        claim,
        _S.UNKNOWN,
        "timeout" if answer.code >= 0 else "system_error",
        code=answer.code,
        rid=answer.rid,
        again_until=None if spent else askable_until(claim.route, claim.asked_at),
    )


def refusals(answers: Iterable[tuple[Claim, Answered]]) -> list[tuple[Claim, WechatError]]:
    """The few of a batch that mean something beyond their own record."""
    return [(claim, answer) for claim, answer in answers if isinstance(answer, WechatError)]


def correct_ledgers(
    db: Session,
    refused: Iterable[tuple[Claim, WechatError]],
    purpose: str,
    rules: Rules,
) -> None:
    """WeChat's word about a person overrules what our ledgers thought."""
    for claim, answer in refused:
        if isinstance(answer, WindowClosed):
            ledger.close_window(db, claim.openid)
        elif isinstance(answer, ConsentGone):
            ledger.revoke(db, claim.openid, rules.notice_id(purpose))
        elif isinstance(answer, RecipientGone) and answer.reason == "unfollowed":
            db.execute(
                update(Follower).where(Follower.openid == claim.openid).values(following=False)
            )
        elif isinstance(answer, NOT_TAKEN) and not claim.again:
            refund(db, claim, rules, purpose)


def verdict(answers: Iterable[Answered]) -> Verdict:
    """The gravest thing among the answers: a stop before a rest.

    A spent day's quota stops one API, not the push: other routes go on, see pull_brakes.
    """
    rest_s = 0
    for answer in answers:
        if isinstance(answer, AccountStopped | JobStopped):
            return Verdict(stop=answer)
        rest_s = max(rest_s, REST_S.get(type(answer), 0))
    return Verdict(rest_s=rest_s)


def pull_brakes(db: Session, answers: Iterable[Answered], now: datetime) -> None:
    """Note which API rests until midnight, or that all rest until a person has looked."""
    for answer in answers:
        if isinstance(answer, QuotaSpent):
            until = next_midnight(now)
            ledger.brake(db, answer.call, answer.code, answer.message, answer.rid, now, until)
        elif isinstance(answer, AccountStopped):
            everything = ledger.EVERYTHING
            ledger.brake(db, everything, answer.code, answer.message, answer.rid, now, None)


STOPPED = {
    AccountStopped: "微信拒绝本账号的调用，已暂停，请检查账号与设置后继续",
    JobStopped: "微信拒绝该模板或内容，已暂停，请检查模板后继续",
}


def why(error: WechatError) -> str:
    """The sentence a clerk reads, with WeChat's code and rid."""
    sentence = next((text for kind, text in STOPPED.items() if isinstance(error, kind)), "已暂停")
    rid = f"，rid {error.rid}" if error.rid else ""
    return f"{sentence}（{error.code} {error.message}{rid}）"
