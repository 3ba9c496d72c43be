"""What a citizen is told about their own ticket: the notices of this room, in all their words."""

from collections.abc import Sequence
from datetime import date, datetime

from bot.outbound.notice import TICKET, Notice, shorten
from bureau.feedback.kinds import GRADES, OUTCOMES, letter_words
from bureau.feedback.models import Ticket
from core.clock import SHANGHAI
from core.wording import cut, day_words, tap

BODY_BYTES = 1_100  # of the 2 048 a chat message holds; the rest is for our own lines
GENERAL = "办公室"


def answered(ticket: Ticket, text: str, now: datetime) -> Notice:
    """The reply itself, with the five grades to tap."""
    grades = "　".join(tap(f"评价{ticket.number}{name}", name) for name in GRADES.values())
    words = (
        f"{yours(ticket)}已答复：\n\n"
        f"{within(text, ticket.number)}\n\n"
        f"——{office_of(ticket)}\n\n请您评价这次答复：\n{grades}"
    )
    return _notice(ticket, f"{ticket.kind_label}已答复：{ticket.title}", words, now)


def interim(ticket: Ticket, text: str, now: datetime) -> Notice:
    """A word in between: the matter goes on."""
    words = (
        f"{yours(ticket)}办理进展：\n\n"
        f"{within(text, ticket.number)}\n\n——{office_of(ticket)}\n"
        f"正式答复期限：{day_words(ticket.due_on, ticket.provisional)}。"
    )
    return _notice(ticket, f"{ticket.kind_label}办理进展：{ticket.title}", words, now)


def extended(ticket: Ticket, reason: str, now: datetime) -> Notice:
    """The due date is later, and why."""
    words = (
        f"{yours(ticket)}情况较为复杂，经批准延长办理期限，"
        f"新的答复期限为{day_words(ticket.due_on, ticket.provisional)}。\n"
        f"理由：{within(reason, ticket.number)}"
    )
    return _notice(ticket, f"{ticket.kind_label}延长办理：{ticket.title}", words, now)


def due_changed(ticket: Ticket, was: date, reason: str, now: datetime) -> Notice:
    """The calendar changed, and with it the due date."""
    words = (
        f"{yours(ticket)}答复期限由{was:%Y-%m-%d}"
        f"调整为{day_words(ticket.due_on, ticket.provisional)}。\n理由：{reason}"
    )
    return _notice(ticket, f"{ticket.kind_label}答复期限调整", words, now)


def supplement(ticket: Ticket, what: str, due: date, provisional: bool, now: datetime) -> Notice:
    """The request is not clear enough: what is missing, and by when."""
    words = (
        f"{yours(ticket)}需要补正，"
        f"请在{day_words(due, provisional)}前补正；无正当理由逾期不补正的，视为放弃申请。\n"
        f"需要补正：{within(what, ticket.number)}\n"
        f"在这里发“补正 {ticket.number} 内容”即可，也可以在查进度的网页上填写。"
    )
    return _notice(ticket, f"{ticket.kind_label}补正告知", words, now)


def abandoned(ticket: Ticket, now: datetime) -> Notice:
    """The supplement never came."""
    words = (
        f"{yours(ticket)}逾期未补正，"
        "依照《政府信息公开条例》第三十条视为放弃申请。如仍需要，欢迎重新提出。"
    )
    return _notice(ticket, f"{ticket.kind_label}已办结", words, now)


def merged(ticket: Ticket, into: Ticket, now: datetime) -> Notice:
    """The same matter is handled together; the reply will tell everybody."""
    words = (
        f"{yours(ticket)}与此前反映的同一事项合并办理，"
        f"答复期限为{day_words(into.due_on, into.provisional)}，答复后会同样告知您。"
    )
    return _notice(ticket, f"{ticket.kind_label}并案办理：{ticket.title}", words, now)


def split(ticket: Ticket, parts: Sequence[Ticket], now: datetime) -> Notice:
    """The letter speaks of several matters: the numbers of those that are handled apart."""
    lines = [f"{part.number}　{day_words(part.due_on)}前答复：{part.title}" for part in parts]
    words = (
        f"{yours(ticket)}反映了不止一件事，其中{len(parts)}件另行编号，分别办理、分别答复：\n"
        + "\n".join(lines)
        + "\n其余事项仍按原编号办理。查询码与原来信相同，"
        f"在这里点{tap('进度')}可以看到每一件。"
    )
    return _notice(ticket, f"{ticket.kind_label}分件办理：{ticket.title}", words, now)


def progressed(ticket: Ticket, text: str, now: datetime) -> Notice:
    """An adopted suggestion moved on."""
    words = (
        f"您的建议（编号 {ticket.number}）{OUTCOMES.get(ticket.outcome, '采纳')}后有了新进展：\n\n"
        f"{within(text, ticket.number)}\n\n——{office_of(ticket)}"
    )
    return _notice(ticket, f"采纳建议的落实进展：{ticket.title}", words, now)


def closed(ticket: Ticket, now: datetime) -> Notice:
    """What became of it."""
    reason = (
        f"\n理由：{within(ticket.outcome_reason, ticket.number)}" if ticket.outcome_reason else ""
    )
    words = f"{yours(ticket)}已办结，处理结果：{OUTCOMES[ticket.outcome]}。{reason}"
    return _notice(ticket, f"{ticket.kind_label}已办结：{ticket.title}", words, now)


def yours(ticket: Ticket) -> str:
    """How every notice begins: 您的建言献策（编号 JY26-0001-K）."""
    return f"您的{letter_words(ticket.kind)}（编号 {ticket.number}）"


def within(text: str, number: str, limit_bytes: int = BODY_BYTES) -> str:
    """At most `limit_bytes`; a longer text ends with how to read the rest."""
    more = tap(f"进度{number}", "点此查看全文")
    return cut(text, limit_bytes, f"……\n（内容较长，{more}）")


def office_of(ticket: Ticket) -> str:
    return ticket.office.name if ticket.office else GENERAL


def _notice(ticket: Ticket, title: str, words: str, now: datetime) -> Notice:
    return Notice(
        title=shorten(title, 60),
        label=office_of(ticket),
        day=f"{now.astimezone(SHANGHAI):%Y-%m-%d}",
        text=words,
        url=f"/tickets/{ticket.number}",
        purpose=TICKET,
    )
