"""Telling WeChat who carries which tag: a job's work, safe to stop, to lose and to run twice.

developers.weixin.qq.com/doc/service, usermanage/tag: 100 tags an account, names of 30 bytes, 50
people a call, 20 tags a person, 100 000 calls a day.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from bot.followers import tags, topics
from bot.followers.models import TopicTag
from bot.followers.tags import Doubt, Mirror
from bot.outbound import calls, ledger
from bot.outbound.client import Wechat
from bot.outbound.errors import (
    AccountStopped,
    InvalidOpenid,
    QuotaSpent,
    TagGone,
    TagRefused,
    TagsFull,
    WechatError,
)
from bot.outbound.rules import next_midnight
from core.clock import Clock
from core.db import Database

PREFIX = "订阅·"  # so that a tag staff made by hand is never taken for ours
NAME_BYTES = 30
SYSTEM = (0, 1, 2)
BATCH = 50
CALLS_A_RUN = 200
REST = timedelta(minutes=1)
ASKED_AGAIN = 3  # 45159 comes for tags that are there, too
PERSONAL = (InvalidOpenid, TagsFull)  # one of the batch is refused, not the batch


@dataclass(frozen=True, slots=True)
class Tagger:
    """What tagging needs. wall: the machine's clock, for leases."""

    database: Database
    wechat: Wechat
    clock: Clock
    wall: Clock


@dataclass(slots=True)
class Told:
    """What one run told WeChat. trouble: its code when a tag itself is refused, else 0."""

    tagged: int = 0
    untagged: int = 0
    refused: int = 0
    calls: int = 0
    trouble: int = 0
    stopped: WechatError | None = field(default=None)


def name_of(slug: str, name: str) -> str:
    """The tag's name in WeChat, within 30 bytes of UTF-8; a long name gives way to the slug."""
    wanted = PREFIX + name
    if len(wanted.encode()) <= NAME_BYTES:
        return wanted
    return (PREFIX + slug).encode()[:NAME_BYTES].decode(errors="ignore")


def ensure(tagger: Tagger, slug: str, name: str) -> int | None:
    """The topic's tag in WeChat, made when it is not there; None when WeChat refuses it.

    The refusal is kept with the topic. Raises errors.WechatError for anything that may pass.
    """
    wanted = name_of(slug, name)
    with tagger.database.write() as db:
        kept = tags.begin(db, slug).tag_id
    listed = {str(one["name"]): int(one["id"]) for one in tagger.wechat.tags()}
    try:
        ours = kept in listed.values() and kept not in SYSTEM
        found = kept if ours else listed.get(wanted)
        tag_id = found if found is not None else _create(tagger, wanted)
    except (TagRefused, AccountStopped) as refusal:
        _note_trouble(tagger, slug, refusal.code)
        return None
    with tagger.database.write() as db:
        row = db.get_one(TopicTag, slug)
        row.tag_id, row.checked_at = tag_id, tagger.clock.now()
    return tag_id


def _create(tagger: Tagger, wanted: str) -> int:
    """A new tag; one that another run has just made is taken."""
    try:
        return tagger.wechat.create_tag(wanted)
    except TagRefused:
        for one in tagger.wechat.tags():
            if str(one["name"]) == wanted:
                return int(one["id"])
        raise


def compare(tagger: Tagger, slug: str, tag_id: int) -> None:
    """Take in who carries the tag by WeChat's own list, and note every difference as due."""
    started, after = tagger.clock.now(), ""
    while True:
        page = tagger.wechat.tag_members(tag_id, after)
        with tagger.database.write() as db:
            tags.keep_listed(db, slug, page.openids, tagger.clock.now())
        after = page.after
        if not after:
            break
    _drain(tagger, lambda db: tags.drop_unlisted(db, slug, started))
    find_differences(tagger, slug)


def find_differences(tagger: Tagger, slug: str) -> None:
    """Note who should carry the tag and does not, and who does and should not."""
    after = ""
    while True:
        with tagger.database.write() as db:
            after = tags.wanted_but_missing(db, slug, after)
        if not after:
            break
    _drain(tagger, lambda db: tags.carried_but_unwanted(db, slug))


def work(tagger: Tagger, slug: str, most_calls: int = CALLS_A_RUN) -> Told:
    """Tell WeChat of the topic's next people; nothing while another job has the topic.

    A tag that was deleted in WeChat is made anew, for everybody.
    """
    told = Told()
    if not _begin(tagger, slug):
        return told
    try:
        tag_id = _tag_of(tagger, slug)
        while tag_id and told.calls < most_calls and _step(tagger, slug, tag_id, told):
            with tagger.database.write() as db:
                tags.prolong(db, slug, tagger.wall.now())
    except WechatError as error:
        told.stopped = error
        _stop(tagger, slug, error, told)
    finally:
        with tagger.database.write() as db:
            tags.prolong(db, slug, None)
    return told


def _begin(tagger: Tagger, slug: str) -> bool:
    """Whether the topic is ours to tag now, under a lease."""
    now = tagger.clock.now()
    with tagger.database.write() as db:
        row = db.get(TopicTag, slug)
        resting = {calls.TAG_PEOPLE.name, ledger.EVERYTHING} & ledger.braked(db, now).keys()
        free = row is not None and not row.trouble and not resting
        return free and tags.lease(db, slug, tagger.wall.now())


def _tag_of(tagger: Tagger, slug: str) -> int | None:
    with tagger.database.read() as db:
        known, name = db.get_one(TopicTag, slug).tag_id, topics.get(db, slug).name
    if known is not None:
        return known
    made = ensure(tagger, slug, name)
    if made is not None:
        compare(tagger, slug, made)
    return made


def _step(tagger: Tagger, slug: str, tag_id: int, told: Told) -> bool:
    """The next people, on and off; False when none is left or WeChat must not be asked now."""
    with tagger.database.read() as db:
        people = tags.doubts(db, slug, BATCH)
    if not people:
        return False
    for on in (True, False):
        if not _tell(tagger, slug, tag_id, [one for one in people if one.wanted is on], told):
            return False
    return True


def _tell(tagger: Tagger, slug: str, tag_id: int, people: Sequence[Doubt], told: Told) -> bool:
    """One call for these people, one by one where a single person spoils it; False: stop."""
    if not people:
        return True
    error = _ask(tagger, tag_id, people, told)
    if isinstance(error, PERSONAL) and len(people) > 1:
        return all(_tell(tagger, slug, tag_id, [one], told) for one in people)
    if error is None or isinstance(error, PERSONAL):
        with tagger.database.write() as db:
            tags.settle(db, slug, people, error.code if error else 0)
        _count(told, people, refused=error is not None)
        return True
    told.stopped = error
    _stop(tagger, slug, error, told)
    return False


def _ask(tagger: Tagger, tag_id: int, people: Sequence[Doubt], told: Told) -> WechatError | None:
    """WeChat's answer, asked again while it says that there is no such tag."""
    openids, on = [one.openid for one in people], people[0].wanted
    error: WechatError | None = None
    for _ in range(ASKED_AGAIN):
        told.calls += 1
        try:
            ask = tagger.wechat.tag_followers if on else tagger.wechat.untag_followers
            ask(tag_id, openids)
        except TagGone as gone:
            error = gone
        except WechatError as other:
            return other
        else:
            return None
    return error


def _stop(tagger: Tagger, slug: str, error: WechatError, told: Told) -> None:
    """What an answer means for the topic, or for tagging as a whole.

    Everybody stays due: after a rest, with a new tag, or once a person has looked.
    """
    now = tagger.clock.now()
    if isinstance(error, TagRefused | AccountStopped):
        told.trouble = error.code
        _note_trouble(tagger, slug, error.code)
    elif isinstance(error, TagGone) and not _is_listed(tagger, slug):
        with tagger.database.write() as db:
            tags.start_anew(db, slug)
    else:
        until = next_midnight(now) if isinstance(error, QuotaSpent) else now + REST
        with tagger.database.write() as db:
            name = calls.TAG_PEOPLE.name
            ledger.brake(db, name, error.code, error.message, error.rid, now, until)


def _is_listed(tagger: Tagger, slug: str) -> bool:
    """Whether WeChat's own list still has the topic's tag; when nobody can say, it has."""
    with tagger.database.read() as db:
        tag_id = db.get_one(TopicTag, slug).tag_id
    try:
        return tag_id in {int(one["id"]) for one in tagger.wechat.tags()}
    except WechatError:
        return True


TROUBLE = {
    45056: "公众号的标签已满 100 个，请在公众平台删去不用的",
    45157: "标签名不可用或已被占用，请在公众平台改名",
    45158: "标签名过长，请把主题名改短",
    45058: "与微信的系统标签冲突，请再次运行 flask followers sync",
    48001: "账号没有用户管理权限，认证可能已过期",
}


def say(mirror: Mirror | None) -> str:
    """How a topic's tag stands, for a clerk."""
    if mirror is None:
        return "尚未同步为微信标签（flask followers sync）"
    if mirror.trouble:
        why = TROUBLE.get(mirror.trouble, "微信拒绝了这个标签")
        return f"{why}（{mirror.trouble}）"
    parts = [f"微信标签已同步 {mirror.carried} 人"]
    parts += [f"待同步 {mirror.due} 人"] if mirror.due else []
    parts += [f"{mirror.refused} 人加不上标签（如已有 20 个）"] if mirror.refused else []
    return "，".join(parts)


def _note_trouble(tagger: Tagger, slug: str, code: int) -> None:
    with tagger.database.write() as db:
        db.get_one(TopicTag, slug).trouble = code


def _count(told: Told, people: Sequence[Doubt], *, refused: bool) -> None:
    if refused:
        told.refused += len(people)
    elif people[0].wanted:
        told.tagged += len(people)
    else:
        told.untagged += len(people)


def _drain(tagger: Tagger, step: Callable[[Session], int]) -> None:
    """Run a step, a transaction each time, until it finds nothing more."""
    found = 1
    while found:
        with tagger.database.write() as db:
            found = step(db)
