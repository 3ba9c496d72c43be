"""The account's own notices, read from WeChat: which are long-term, which are for one time."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from bot.outbound import calls, ledger
from bot.outbound.calls import Request
from bot.outbound.client import Wechat
from bot.outbound.models import Consent, NoticeTemplate
from core.clock import Clock
from core.db import Database

# developers.weixin.qq.com, newtmpl/gettemplate: type 2 one-off, 3 long-term
KINDS = {2: ledger.ONCE, 3: ledger.LONG}


def refresh_templates(database: Database, wechat: Wechat, clock: Clock) -> int:
    """Keep what WeChat lists now; gives how many. Raises errors.WechatError."""
    listed = wechat.perform(Request(calls.NOTICES)).get("data", [])
    now = clock.now()
    with database.write() as db:
        for item in listed:
            template_id = str(item["priTmplId"])
            row = db.get(NoticeTemplate, template_id)
            if row is None:
                row = NoticeTemplate(template_id=template_id)
                db.add(row)
            row.kind = KINDS.get(int(item.get("type", 2)), ledger.ONCE)
            row.title = str(item.get("title", ""))[:100]
            row.content, row.read_at = str(item.get("content", "")), now
            _correct_consents(db, row)
    return len(listed)


def _correct_consents(db: Session, template: NoticeTemplate) -> None:
    """Consents given before the list was read were taken for one time each."""
    if template.kind == ledger.LONG:
        mine = (Consent.template_id == template.template_id, Consent.kind == ledger.ONCE)
        given = update(Consent).where(*mine, Consent.credits > 0)
        db.execute(given.values(kind=ledger.LONG, credits=0))
