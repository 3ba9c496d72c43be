"""Whose ticket it is and by when: handed out, given back, merged, split, laid before the leader."""

from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.feedback import escalation, handling, identity, requests, search, splitting
from bureau.feedback.models import Ticket
from bureau.staff import accounts
from bureau.staff.models import Clerk
from core.errors import NotFound, Refusal
from web.access import allow, the_clerk
from web.console.ticket_desk import FORMS, assign_fields, carry_out, pages, show
from web.counter import now, office, writing
from web.forms import Field, Form, Shape, filled

DECISION = (
    Field("granted", "决定", Shape.CHOICE, choices={"yes": "同意", "no": "不同意"}),
    Field("decision", "意见", required=False, longest=300),
)
REMINDER = (Field("why", "督办意见", required=False, longest=300),)


@pages.post("/<number>/assign")
@allow("feedback.assign")
def assign(number: str) -> ResponseReturnValue:
    form = filled(assign_fields())

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        room = accounts.office_by_slug(db, form["office"])
        helpers = [form[name] for name in ("assist", "assist_2") if form[name]]
        assists = [accounts.office_by_slug(db, slug) for slug in helpers]
        handling.assign(db, ticket, room, by, now(), assists=assists, reason=form["reason"])

    return carry_out(number, "assign", form, deed, "已分办。")


@pages.post("/<number>/return")
@allow("feedback.reply")
def give_back(number: str) -> ResponseReturnValue:
    form = filled(FORMS["return"])

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        handling.give_back(db, ticket, by, now(), form["reason"])

    return carry_out(number, "return", form, deed, "已退回办公室。")


@pages.post("/<number>/extend")
@allow("feedback.reply")
def extend(number: str) -> ResponseReturnValue:
    form = filled(FORMS["extend"])
    days = _days(form)

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        handling.ask_extension(db, ticket, days, form["reason"], by, now())

    return carry_out(number, "extend", form, deed, "延期申请已提交，等待批准。")


@pages.post("/<number>/extensions/<int:ask_id>")
@allow("feedback.decide")
def decide(number: str, ask_id: int) -> ResponseReturnValue:
    form = filled(DECISION)

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        ask = handling.ask_of(db, ticket, ask_id)
        handling.decide(db, ask, form["granted"] == "yes", by, now(), form["decision"])

    return carry_out(number, "decide", form, deed, "已登记决定。")


@pages.post("/<number>/supplement")
@allow("feedback.reply")
def supplement(number: str) -> ResponseReturnValue:
    form = filled(FORMS["supplement"])
    days = _days(form)

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        requests.ask_supplement(db, ticket, form["what"], days, by, now())

    return carry_out(number, "supplement", form, deed, "已告知申请人补正。")


@pages.post("/<number>/third-party")
@allow("feedback.reply")
def third_party(number: str) -> ResponseReturnValue:
    form = filled(FORMS["third_party"])

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        requests.ask_third_party(db, ticket, form["whom"], by, now())

    return carry_out(number, "third_party", form, deed, "已登记征求意见，这段时间不计入期限。")


@pages.post("/<number>/third-party/answer")
@allow("feedback.reply")
def third_answer(number: str) -> ResponseReturnValue:
    form = filled(FORMS["third_answer"])

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        requests.third_party_answered(db, ticket, form["answer"], by, now())

    return carry_out(number, "third_answer", form, deed, "已登记第三方意见，期限已顺延。")


@pages.post("/<number>/merge")
@allow("feedback.assign")
def merge(number: str) -> ResponseReturnValue:
    form = filled(FORMS["merge"])

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        try:
            into = search.visible(db, by, form["into"])
        except NotFound:
            raise Refusal(f"没有找到编号为“{form['into']}”的来信。") from None
        handling.merge(db, ticket, into, by, now(), form["reason"])

    return carry_out(number, "merge", form, deed, "已并案，答复后会一并告知来信人。")


@pages.post("/<number>/split")
@allow("feedback.assign")
def split(number: str) -> ResponseReturnValue:
    form = filled(FORMS["split"])

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        matters = [form[name] for name in ("first", "second") if form[name]]
        splitting.split(db, ticket, matters, by, now(), kind=form["kind"], reason=form["reason"])

    return carry_out(number, "split", form, deed, "已分件，新编号已告知来信人。")


@pages.post("/<number>/escalate")
@allow("feedback.escalate")
def escalate(number: str) -> ResponseReturnValue:
    form = filled(FORMS["escalate"])

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        escalation.escalate(db, ticket, by, now(), form["reason"])

    return carry_out(number, "escalate", form, deed, "已报请局领导，期限照常计算。")


@pages.post("/<number>/escalations/<int:ask_id>")
@allow("feedback.instruct")
def instruct(number: str, ask_id: int) -> ResponseReturnValue:
    form = filled(FORMS["instruct"])

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        ask = handling.ask_of(db, ticket, ask_id)
        escalation.instruct(db, ask, form["words"], by, now())

    return carry_out(number, "instruct", form, deed, "批示已登记，已提醒承办人员。")


@pages.post("/<number>/remind")
@allow("feedback.decide")
def remind(number: str) -> ResponseReturnValue:
    form = filled(REMINDER)

    def deed(db: Session, ticket: Ticket, by: Clerk) -> None:
        handling.remind(db, ticket, by, now(), form["why"])

    return carry_out(number, "remind", form, deed, "督办已登记。")


@pages.post("/<number>/look")
@allow("feedback.identity")
def look(number: str) -> ResponseReturnValue:
    """Name and phone, shown once on this answer; the look is written down."""
    with writing() as db:
        ticket = search.visible(db, the_clerk(), number)
        seen = identity.look(db, ticket, the_clerk(), now(), office().box)
    return show(number, identity=seen)


def _days(form: Form) -> int:
    """The number of days that was typed; 0 with a sentence beside the field when it is none."""
    text = form.values.get("days", "")
    if text.isascii() and text.isdigit() and len(text) < 4:
        return int(text)
    form.errors.setdefault("days", "请填写天数，例如 5。")
    return 0
