"""Beside the ordinary way of a disclosure: findings settled, files, emergencies, taking back."""

from flask import Response
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from bureau.disclosures import aftercare, files, publish, validity
from bureau.disclosures.models import Disclosure
from bureau.release.files import LARGEST
from bureau.staff.models import Clerk
from core.errors import Refusal
from web.access import allow
from web.attachments import serve
from web.console.disclosure_desk import CLEARING, REASON, carry_out, pages
from web.counter import db, now
from web.forms import Field, Shape, filled
from web.htmx import go_to

REPEAL = (
    Field("on", "自哪天起废止", Shape.DAY),
    Field("reason", "废止的依据或理由", Shape.TEXT, longest=1000),
)
FILE = (Field("file", "附件", Shape.FILE),)


@pages.post("/<int:number>/mask")
@allow("disclosures.draft")
def mask(number: int) -> ResponseReturnValue:
    def deed(session: Session, found: Disclosure, by: Clerk) -> None:
        aftercare.mask_numbers(session, found, by, now())

    return carry_out(number, filled(()), deed, "个人号码已隐去，成为新的一版，须重新审核。")


@pages.post("/<int:number>/clear")
@allow("disclosures.first_review")
def clear(number: int) -> ResponseReturnValue:
    form = filled(CLEARING)

    def deed(session: Session, found: Disclosure, by: Clerk) -> None:
        place = form["place"]
        which = int(place) if place.isascii() and place.isdigit() else -1
        aftercare.clear(session, found, which, form["seen"], form["why"], by, now())

    return carry_out(number, form, deed, "已核销，理由会一直保留。")


@pages.post("/<int:number>/files")
@allow("disclosures.draft")
def attach(number: int) -> ResponseReturnValue:
    form = filled(FILE)

    def deed(session: Session, found: Disclosure, by: Clerk) -> None:
        if not form["file"]:
            raise Refusal("请先选择文件。")
        sent = form["file"][0]
        if not sent.whole:
            raise Refusal(f"文件不能超过{LARGEST // 1024 // 1024}MB。")
        files.attach(session, found, sent.name, sent.file.read(), by, now())

    return carry_out(number, form, deed, "附件已上传并检查，须重新审核。")


@pages.post("/<int:number>/files/<int:file_id>/remove")
@allow("disclosures.draft")
def detach(number: int, file_id: int) -> ResponseReturnValue:
    def deed(session: Session, found: Disclosure, by: Clerk) -> None:
        files.detach(session, found, file_id, by, now())

    return carry_out(number, filled(()), deed, "附件已去掉，须重新审核。")


@pages.get("/<int:number>/files/<int:file_id>")
@allow("disclosures.read")
def file(number: int, file_id: int) -> Response:
    """A file as reviewers have to see it, before it is public."""
    answer = serve(files.one(db(), publish.one(db(), number), file_id))
    answer.headers["Cache-Control"] = "no-store"
    return answer


@pages.post("/<int:number>/override")
@allow("disclosures.override")
def override(number: int) -> ResponseReturnValue:
    form = filled(REASON)

    def deed(session: Session, found: Disclosure, by: Clerk) -> None:
        aftercare.publish_at_once(session, found, form["reason"], by, now())

    return carry_out(number, form, deed, "已紧急发布，推送已开始。紧急发布的标记会一直保留。")


@pages.post("/<int:number>/withdraw")
@allow("disclosures.publish")
def withdraw(number: int) -> ResponseReturnValue:
    form = filled(REASON)

    def deed(session: Session, found: Disclosure, by: Clerk) -> None:
        aftercare.take_back(session, found, form["reason"], by, now())

    told = "已撤回。群众页面保留原文和撤回理由，没有收到通知的人不会再收到。"
    return carry_out(number, form, deed, told)


@pages.post("/<int:number>/repeal")
@allow("disclosures.publish")
def repeal(number: int) -> ResponseReturnValue:
    """A document loses its effect; answers that cite it stop within seconds."""
    form = filled(REPEAL)

    def deed(session: Session, found: Disclosure, by: Clerk) -> None:
        validity.repeal(session, found, form["on"], form["reason"], by, now())

    return carry_out(number, form, deed, "已标记废止，引用它的答复到日子就停用，等待复核。")


@pages.post("/<int:number>/unschedule")
@allow("disclosures.publish")
def unschedule(number: int) -> ResponseReturnValue:
    def deed(session: Session, found: Disclosure, by: Clerk) -> None:
        aftercare.unschedule(session, found, by, now())

    return carry_out(number, filled(()), deed, "定时已取消，审核仍然有效。")


@pages.post("/<int:number>/correct")
@allow("disclosures.draft")
def correct(number: int) -> ResponseReturnValue:
    """A draft of the correction, open for writing; what is public stays until it is released."""
    form = filled(REASON)
    made: list[int] = []

    def deed(session: Session, found: Disclosure, by: Clerk) -> None:
        made.append(aftercare.begin_correction(session, found, form["reason"], by, now()).id)

    answer = carry_out(number, form, deed, "更正稿已建立。改好后照常审核，发布后替换原文。")
    return go_to("console.disclosures.edit", number=made[0]) if made else answer
