"""The one list of what the bot answers, in order: the first route that matches is meant."""

from bot.inbound.answering import Words
from bot.inbound.filters import (
    Filter,
    Talk,
    anything,
    both,
    clicked,
    event,
    in_state,
    kind,
    says,
)
from bot.inbound.messages import Inbound
from bot.inbound.router import Route, Router
from bureau.feedback.kinds import GRADES
from handlers import (
    bare_number,
    choose,
    details,
    forgotten,
    media,
    menu_taps,
    paces,
    phrases,
    progress,
    question,
    rating,
    receipts,
    spellings,
    staff_reply,
    suggestion,
    supplement,
    to_staff,
    topics,
    welcome,
    withdrawal,
)
from handlers.context import Context
from handlers.menu_taps import as_said

WORDLESS = ("image", "video", "shortvideo", "link", "miniprogrampage")


def unheard(message: Inbound, talk: Talk) -> bool:
    """A voice message without Recognition (WeChat is withdrawing it)."""
    return message.kind == "voice" and not talk.text


def answered(_message: Inbound, talk: Talk) -> bool:
    """While a matter that was answered or picked is talked about."""
    return talk.dialog.state == question.STATE and bool(talk.dialog.data.get("sure"))


BEFORE_HANDING_IN = in_state(suggestion.CHOOSING, details.ASKING)
LETTER_CHOICE: Filter = both(BEFORE_HANDING_IN, says(spellings.LETTER_CHOICE))
LETTER_DETAIL: Filter = both(BEFORE_HANDING_IN, says(details.SAID))

EVENTS: list[Route[Context]] = [
    Route("follow", event("subscribe"), welcome.greet, always=True),
    Route("leave", event("unsubscribe"), welcome.farewell, always=True),
    Route("scan", event("scan"), welcome.explain, quick=True),
    Route("template-receipt", event("templatesendjobfinish"), receipts.template),
    Route("mass-receipt", event("masssendjobfinish"), receipts.mass),
    Route("notice-receipt", event("subscribe_msg_sent_event"), receipts.notice),
    Route("consents", event(*receipts.CONSENT_EVENTS), receipts.consents),
    Route("tap-ask", clicked("ask"), menu_taps.invite_question, quick=True),
    Route("tap-topics", clicked("topics"), topics.listing),
    Route("tap-suggest", clicked("suggest"), as_said("建议", suggestion.take), always=True),
    Route("tap-mailbox", clicked("mailbox"), as_said("信箱", suggestion.take), always=True),
    Route("tap-progress", clicked("progress"), as_said("进度", progress.tell)),
    Route("tap-help", clicked("help"), welcome.explain, quick=True),
]

WORDS_THAT_STAY: list[Route[Context]] = [
    Route("cancel", says("取消"), suggestion.cancel),
    Route("help", says("帮助|使用帮助|菜单"), welcome.explain, quick=True),
    Route("topics", says("订阅"), topics.listing),
    Route("leave-all", says(spellings.LEAVE_ALL), topics.leave_all, always=True),
    Route("to-staff", says("人工|转人工|人工服务|找人工"), to_staff.hand_over, always=True),
    Route("wrong-answer", says("答得不对"), to_staff.wrong_answer, quick=True),
    Route("said-wrong", both(answered, says(spellings.WRONG)), to_staff.wrong_answer, quick=True),
    Route("right-answer", says("有用|答得对|答对了"), to_staff.right_answer, quick=True),
    Route("progress", says(spellings.PROGRESS), progress.tell),
    Route("my-progress", says(spellings.MINE), as_said("进度", progress.tell)),
    Route("rating", says(rf"评价({spellings.TICKET}.*|{'|'.join(GRADES.values())})?"), rating.take),
    Route("letter-choice", LETTER_CHOICE, suggestion.choose, always=True),
    Route("letter-detail", LETTER_DETAIL, details.take, always=True),
    Route("letter-value", in_state(details.ASKING), details.fill, always=True),
    Route("letter-text", in_state(suggestion.WRITING), suggestion.write, always=True),
    Route("suggestion", says("(建议|信箱).*"), suggestion.take, always=True),
    Route("complaint", says(spellings.COMPLAINT), to_staff.complaint, quick=True),
    Route("follow-all", says(spellings.FOLLOW_ALL), topics.follow_all),
    Route("follow-topic", says("订阅.+"), topics.follow),
    Route("pace", says("(每天一次|每周一次|立即).*"), paces.change),
    Route("leave-topic", says(spellings.LEAVE_ONE), topics.leave, always=True),
    Route("bind", says("绑定[0-9A-Za-z]+"), staff_reply.bind),
    Route("supplement", says(rf"补正{spellings.TICKET}.+"), supplement.take, always=True),
    Route("withdraw", says(rf"撤回{spellings.TICKET}"), withdrawal.take, always=True),
    Route("staff-reply", says(rf"回复{spellings.TICKET}.+"), staff_reply.take),
]

DIALOGS: list[Route[Context]] = [
    Route("staff-confirm", in_state(staff_reply.CONFIRMING), staff_reply.confirm),
    Route("rating-grade", both(in_state(rating.GRADING), says(r"\d|\D*满意")), rating.choose),
    Route("rating-reason", in_state(rating.REASON), rating.reason),
    Route("withdraw-choice", both(in_state(withdrawal.ASKING), says(r"\d")), withdrawal.confirm),
    Route("progress-choice", both(in_state(progress.LISTING), says(r"\d")), progress.choose),
    Route("choice", choose.is_choice, choose.pick, quick=True),
    Route("bare-number", says(r"\d"), bare_number.take, always=True),
]

ROUTES: list[Route[Context]] = [
    *EVENTS,
    Route("unheard", unheard, welcome.unheard, quick=True),
    Route("picture", kind("image"), media.take, always=True),
    Route("place", kind("location"), details.locate, always=True),
    *WORDS_THAT_STAY,
    *DIALOGS,
    Route("forgotten", both(forgotten.perhaps, anything), forgotten.go_on, always=True),
    Route("who", says(spellings.WHO), welcome.introduce, quick=True),
    Route("hours", says(spellings.HOURS), welcome.hours, quick=True),
    Route("wordless", kind(*WORDLESS), welcome.cannot_read, quick=True),
    Route("question", anything, question.answer, quick=True),
]
ROUTER: Router[Context] = Router(ROUTES)

WORDS = Words(
    failed=phrases.in_trouble,
    busy=phrases.busy(),
    too_many=phrases.too_many(),
    longer=phrases.cut_short(),
)
