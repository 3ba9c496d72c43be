"""Following, leaving, the menu bar, agreeing to notices."""

from typing import Any

from sandbox.callbacks.letters import event
from sandbox.control.taps import say, sent
from sandbox.control.wish import BadWish, Body, number, person_of, text
from sandbox.house import House
from sandbox.store import Row

MOST_AT_ONCE = 100_000
ARTICLE = 2  # PopupScene of an article


async def create(house: House, body: Body) -> Body:
    """People: one with a `name`, or `count` of them; `following` says whether they follow already.

    They follow silently, as people did before the project was there; `announce` sends `subscribe`
    for one person. `window` opens the 48 hours of everybody made here.
    """
    count = int(number(body, "count", 1))
    if not 0 < count <= MOST_AT_ONCE:
        raise BadWish(f"count：1 到 {MOST_AT_ONCE}")
    names = [text(body, "name")] if body.get("name") else []
    rows = house.world.people.add_many(count, names, following=bool(body.get("following")))
    openids = [row["openid"] for row in rows]
    if body.get("window"):
        house.world.windows.open_many(openids)
    answer: Body = {"count": len(openids), "openids": openids}
    if body.get("announce") and count == 1:
        answer |= await follow(house, {"openid": openids[0], "wait": body.get("wait", True)})
    return answer


async def follow(house: House, body: Body) -> Body:
    """Follow, by search or through a QR `ticket` or `scene`; one who follows already scans."""
    person = person_of(house, body)
    scene, ticket = scene_of(house, body)
    openid = person["openid"]
    if person["following"]:
        if not scene:
            raise BadWish(f"{person['name']}已经关注了", 409)
        scanned = event(house.world, openid, "SCAN", {"EventKey": scene, "Ticket": ticket})
        return await sent(house, scanned, None, body)
    house.world.people.follow(openid, scene)
    house.world.phones.show(openid, "note", "wechat", "note", {"content": "已关注公众号"})
    fields: dict[str, Any] = {"EventKey": f"qrscene_{scene}" if scene else ""}
    if scene:
        fields["Ticket"] = ticket
    return await sent(house, event(house.world, openid, "subscribe", fields), None, body)


async def unfollow(house: House, body: Body) -> Body:
    """Leave: windows and grants end."""
    person = person_of(house, body, following=True)
    openid = person["openid"]
    house.world.people.unfollow(openid)
    house.world.windows.close(openid)
    house.world.store.run("DELETE FROM consents WHERE openid = ?", openid)
    house.world.phones.show(openid, "note", "wechat", "note", {"content": "已取消关注"})
    return await sent(
        house, event(house.world, openid, "unsubscribe", {"EventKey": ""}), None, body
    )


async def menu_tap(house: House, body: Body) -> Body:
    """Tap a button by `key`, `name` or `path` ([1, 0]: second button, its first sub button)."""
    person = person_of(house, body, following=True)
    button = button_of(house, body)
    kind = button.get("type")
    openid = person["openid"]
    if kind == "view":
        fields = {"EventKey": button.get("url", ""), "MenuId": 1}
        answer = await sent(house, event(house.world, openid, "VIEW", fields), None, body)
        return {**answer, "open": button.get("url", "")}
    if kind == "miniprogram":
        fields = {"EventKey": button.get("pagepath", ""), "MenuId": 1}
        return await sent(house, event(house.world, openid, "view_miniprogram", fields), None, body)
    if kind in ("media_id", "article_id", "view_limited", "article_view_limited"):
        raise BadWish("这种菜单由微信直接下发素材，不推送", 409)
    name = "CLICK" if kind == "click" else str(kind)
    more = body.get("fields") or {}
    tapped = event(house.world, openid, name, {"EventKey": button.get("key", ""), **more})
    return await sent(house, tapped, None, body)


async def consent(house: House, body: Body) -> Body:
    """Agree to a notice or refuse it, as the popup does: sends subscribe_msg_popup_event.

    `accept` (true), `long` (the template's own kind unless said), `scene` 1 H5, 2 article;
    several at once as `choices`: [{"template_id", "accept"}, …]; `managed`: in 通知管理 instead
    of the popup, which can only refuse.
    """
    person = person_of(house, body)
    choices = body.get("choices") or [body]
    if not isinstance(choices, list) or not all(isinstance(one, dict) for one in choices):
        raise BadWish("choices：要列表")
    scene = int(number(body, "scene", 1))
    check_popup(house, choices, scene)
    if body.get("managed") and any(one.get("accept", True) is not False for one in choices):
        raise BadWish("通知管理里只能拒收", 409)
    entries = [decided(house, person["openid"], one) for one in choices]
    if body.get("managed"):
        fields = {"SubscribeMsgChangeEvent": {"List": entries}}
        told = event(house.world, person["openid"], "subscribe_msg_change_event", fields)
    else:
        popup = [{**entry, "PopupScene": scene} for entry in entries]
        fields = {"SubscribeMsgPopupEvent": {"List": popup}}
        told = event(house.world, person["openid"], "subscribe_msg_popup_event", fields)
    return await sent(house, told, None, body)


def check_popup(house: House, choices: list[Body], scene: int) -> None:
    """An article's component asks for a few templates of one kind. Raises BadWish 409."""
    if scene != ARTICLE:
        return
    most = house.world.rules["notice.popup"]
    if len(choices) > most:
        raise BadWish(f"图文组件一次最多 {most} 个模板", 409)
    kinds = {template_of(house, one)["kind"] for one in choices}
    if len(kinds) > 1:
        raise BadWish("图文组件里一次性与长期不能混用", 409)


def template_of(house: House, choice: Body) -> Row:
    """The notice a choice is about. Raises BadWish 404."""
    template = house.world.store.one(
        "SELECT * FROM templates WHERE id = ? AND kind != 'template'", text(choice, "template_id")
    )
    if template is None:
        raise BadWish("没有这个订阅通知模板", 404)
    return template


def decided(house: House, openid: str, choice: Body) -> Body:
    """One choice of the popup written down; gives its entry in the event."""
    template = template_of(house, choice)
    accept = choice.get("accept", True) is not False
    lasting = bool(choice.get("long", template["kind"] == "long"))
    grant(house, openid, template["id"], accept=accept, lasting=lasting)
    shown = {"content": f"{'允许' if accept else '拒绝'}接收“{template['title']}”"}
    house.world.phones.show(openid, "note", "wechat", "note", shown)
    said = "accept" if accept else "reject"
    return {"TemplateId": template["id"], "SubscribeStatusString": said}


def grant(house: House, openid: str, template: str, *, accept: bool, lasting: bool) -> None:
    """Write the grant down, or take a long one away."""
    if not accept:
        house.world.store.run(
            "DELETE FROM consents WHERE openid = ? AND template = ?", openid, template
        )
        return
    house.world.store.run(
        "INSERT INTO consents VALUES (?, ?, ?, ?) ON CONFLICT (openid, template) "
        "DO UPDATE SET long = max(long, excluded.long), times = times + excluded.times",
        openid,
        template,
        int(lasting),
        int(not lasting),
    )


async def tap_choice(house: House, body: Body) -> Body:
    """Tap a choice: {"text", "menu_id"}; the same as `say` with a menu_id."""
    if body.get("menu_id") in (None, ""):
        raise BadWish("menu_id：要有")
    return await say(house, body)


async def permit(house: House, body: Body) -> Body:
    """What a person allows: `blocks` 0 all, 1 refuses templates (43101), 2 blocked (by receipt)."""
    person = person_of(house, body)
    blocks = int(number(body, "blocks", 0))
    house.world.store.run(
        "UPDATE followers SET blocks = ? WHERE openid = ?", blocks, person["openid"]
    )
    return {"openid": person["openid"], "blocks": blocks}


def scene_of(house: House, body: Body) -> tuple[str, str]:
    """Scene and ticket of a QR code. Raises BadWish for one that is unknown or out of date."""
    ticket = str(body.get("ticket") or "")
    if ticket:
        row = house.world.store.one("SELECT * FROM scenes WHERE ticket = ?", ticket)
        if row is None or row["expires_at"] <= house.world.clock.now():
            raise BadWish("二维码不存在或已过期", 404)
        return row["scene"], ticket
    scene = str(body.get("scene") or "")
    return scene, "gQ_scene_" + scene if scene else ""


def button_of(house: House, body: Body) -> Body:
    """The button meant. Raises BadWish 404."""
    top = (house.world.store.kept("menu") or {"button": []})["button"]
    path = body.get("path")
    if isinstance(path, list):
        try:
            button = top[path[0]]
            return button["sub_button"][path[1]] if len(path) > 1 else button  # type: ignore[no-any-return]
        except (IndexError, KeyError, TypeError):
            raise BadWish("没有这个菜单", 404) from None
    leaves = [leaf for button in top for leaf in (button.get("sub_button") or [button])]
    for leaf in leaves:
        if body.get("key") is not None and leaf.get("key") == body["key"]:
            return dict(leaf)
        if body.get("name") is not None and leaf.get("name") == body["name"]:
            return dict(leaf)
    raise BadWish("没有这个菜单", 404)
