"""订阅通知 and the list of its templates.

developers.weixin.qq.com/doc/service/api/notify/notify/api_sendnewsubscribemsg
"""

from sandbox.api.call import OK, Answer, Call, text_of
from sandbox.api.template import card, content, find, receipt
from sandbox.rules.errors import WechatError
from sandbox.rules.values import check_values
from sandbox.world import World

TYPES = {"once": 2, "long": 3}


def send(world: World, call: Call) -> Answer:
    """One notice to one person who agreed: once for a grant, or always for a long one."""
    body = call.json()
    person = world.people.known(body.get("touser"))
    template = find(world, body.get("template_id"), "once", "long")
    check_values(template["fields"].split(","), body.get("data"), world.rules["template.value"])
    if not isinstance(body.get("page") or "", str):
        raise WechatError(41030)
    spend(world, person["openid"], template["id"])
    msg_id = world.store.next_id()
    world.phones.show(person["openid"], "out", "notice", "notice", card(template, body, msg_id))
    sent = {"TemplateId": template["id"], "MsgID": msg_id, "ErrorCode": 0, "ErrorStatus": "success"}
    fields = {"SubscribeMsgSentEvent": {"List": sent}}
    receipt(world, "subscribe_msg_sent_event", person["openid"], fields)
    return {**OK, "msgid": msg_id}


def spend(world: World, openid: str, template_id: str) -> None:
    """Use a grant. Raises 43101 where there is none."""
    used = world.store.changed(
        "UPDATE consents SET times = times - (long = 0) "
        "WHERE openid = ? AND template = ? AND (long = 1 OR times > 0)",
        openid,
        template_id,
    )
    if not used:
        raise WechatError(43101)


def listing(world: World, call: Call) -> Answer:
    """GET /wxaapi/newtmpl/gettemplate: type 2 one-time, 3 long-term."""
    rows = world.store.all("SELECT * FROM templates WHERE kind IN ('once', 'long')")
    data = [
        {
            "priTmplId": row["id"],
            "title": row["title"],
            "content": content(row),
            "example": content(row),
            "type": TYPES[row["kind"]],
        }
        for row in rows
    ]
    return {**OK, "data": data}


def categories(world: World, call: Call) -> Answer:
    """GET /wxaapi/newtmpl/getcategory."""
    return {**OK, "data": [{"id": 614, "name": "政务民生"}]}


def remove(world: World, call: Call) -> Answer:
    """POST /wxaapi/newtmpl/deltemplate."""
    template = find(world, text_of(call.json(), "priTmplId", 40037), "once", "long")
    world.store.run("DELETE FROM templates WHERE id = ?", template["id"])
    return OK
