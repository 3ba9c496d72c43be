"""Files put into a citizen's form: those in order are kept with it until it is handed in.

A form that comes back with a sentence need not have its files chosen again; a browser could not.
"""

from pathlib import Path

from flask import request

from bureau.feedback import attachments, files
from bureau.feedback.attachments import Holder
from bureau.feedback.models import Attachment
from core.errors import Refusal
from web.bodies import Upload
from web.counter import db, now, office, writing
from web.forms import Field, Form, Shape
from web.throttle import Throttle

SENT = Throttle("letter-files", tries=60, span_s=3600)
NAME, LEFT_OUT = "files", "leave_out"
ACCEPT = "image/*,.pdf,.doc,.docx,.xls,.xlsx,.txt,.csv"
FILES = Field(NAME, "附件", Shape.FILE, required=False, accept=ACCEPT)
LONGEST_SHOWN = 40


def hint() -> str:
    """What the field takes, in words."""
    each = f"每个不超过{office().settings.letter_file_mb}MB，最多{attachments.MOST}个"
    return f"{files.ALLOWED}；{each}。可以一次选几个，也可以分几次选。"


def take_in(form: Form, holder: Holder) -> None:
    """Leave out what was ticked, keep what is in order, and say beside the field what is not."""
    gone = [int(one) for one in request.form.getlist(LEFT_OUT) if one.isascii() and one.isdigit()]
    if gone:
        with writing() as session:
            paths = attachments.leave_out(session, holder, [one for one in gone if one < 1 << 62])
        for path in paths:
            (_folder() / path).unlink(missing_ok=True)
    refused = [say for upload in form[NAME] if (say := _keep(upload, holder))]
    if refused:
        form.errors[NAME] = "；".join(refused) + "。其他内容和附件都已保留。"


def kept(holder: Holder) -> list[Attachment]:
    """What lies with the form already."""
    return attachments.of_holder(db(), holder)


def _keep(upload: Upload, holder: Holder) -> str:
    """Keep one file; a sentence when it is refused."""
    name = upload.name if len(upload.name) <= LONGEST_SHOWN else f"…{upload.name[-LONGEST_SHOWN:]}"
    settings, source = office().settings, request.remote_addr or ""
    if not upload.whole:
        size = upload.size / 1024 / 1024
        return f"“{name}”有{size:.0f}MB，超过了{settings.letter_file_mb}MB，没有收下"
    if SENT.closed(office().redis, source):
        return f"同一网络一小时内上传较多，“{name}”没有收下，请稍后再传"
    try:
        stored = files.keep(_folder(), upload.file, upload.name)
        key = f"{holder.form}:{stored.sha256}"
        with writing() as session:
            attachments.add(session, holder, now(), message_key=key, stored=stored)
    except Refusal as refusal:
        return f"“{name}”没有收下：{refusal.say.rstrip('。')}"
    SENT.count(office().redis, source)
    return ""


def _folder() -> Path:
    return office().settings.data_dir / "uploads"
