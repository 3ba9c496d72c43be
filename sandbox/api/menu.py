"""The menu bar.

developers.weixin.qq.com/doc/service/api/custommenu/api_createcustommenu
"""

from typing import Any

from sandbox.api.call import OK, Answer, Call, text_of
from sandbox.rules.errors import WechatError
from sandbox.world import World

KEY_TYPES = (
    "click",
    "scancode_push",
    "scancode_waitmsg",
    "pic_sysphoto",
    "pic_photo_or_album",
    "pic_weixin",
    "location_select",
)
OTHER_TYPES = {
    "view": "url",
    "miniprogram": "pagepath",
    "media_id": "media_id",
    "view_limited": "media_id",
    "article_id": "article_id",
    "article_view_limited": "article_id",
}


def create(world: World, call: Call) -> Answer:
    """The menu everybody sees."""
    buttons = checked(world, call.json().get("button"))
    world.store.keep("menu", {"button": buttons})
    return OK


def get(world: World, call: Call) -> Answer:
    """The menu and its conditional ones."""
    menu = world.store.kept("menu")
    if menu is None:
        raise WechatError(46003)
    more = world.store.kept("menus", [])
    return {"menu": menu, **({"conditionalmenu": more} if more else {})}


def delete(world: World, call: Call) -> Answer:
    """No menu, and no conditional one either."""
    world.store.keep("menu", None)
    world.store.keep("menus", [])
    return OK


def current(world: World, call: Call) -> Answer:
    """get_current_selfmenu_info."""
    menu = world.store.kept("menu")
    if menu is None:
        return {"is_menu_open": 0}
    return {"is_menu_open": 1, "selfmenu_info": menu}


def add_conditional(world: World, call: Call) -> Answer:
    """A menu for those who match. Raises 65303 without a default one."""
    body = call.json()
    if world.store.kept("menu") is None:
        raise WechatError(65303)
    menu = {
        "button": checked(world, body.get("button")),
        "matchrule": body.get("matchrule"),
        "menuid": world.store.next_id(),
    }
    world.store.keep("menus", [*world.store.kept("menus", []), menu])
    return {"menuid": menu["menuid"]}


def checked(world: World, buttons: Any) -> list[dict[str, Any]]:
    """The top row. Raises the code of the first thing too many or too long."""
    if not isinstance(buttons, list) or not 0 < len(buttons) <= world.rules["menu.buttons"]:
        raise WechatError(40016)
    for button in buttons:
        check_name(world, button, "menu.name_bytes", 40018)
        children = button.get("sub_button")
        if not children:
            check_action(world, button)
            continue
        if not isinstance(children, list) or len(children) > world.rules["menu.sub_buttons"]:
            raise WechatError(40023)
        for child in children:
            check_name(world, child, "menu.sub_name_bytes", 40025)
            check_action(world, child)
    return buttons


def check_name(world: World, button: Any, rule: str, code: int) -> None:
    """Raises the code for a name that is missing or too long in bytes."""
    if not isinstance(button, dict):
        raise WechatError(47001)
    if len(text_of(button, "name", code).encode()) > world.rules[rule]:
        raise WechatError(code)


def check_action(world: World, button: dict[str, Any]) -> None:
    """Raises 40017 type, 40019 key, 40020 url."""
    kind = button.get("type")
    if kind in KEY_TYPES:
        if len(text_of(button, "key", 40019).encode()) > world.rules["menu.key_bytes"]:
            raise WechatError(40019)
    elif kind in OTHER_TYPES:
        text_of(button, OTHER_TYPES[kind], 40020 if kind == "view" else 40035)
        if len(str(button.get("url", "")).encode()) > world.rules["menu.url_bytes"]:
            raise WechatError(40020)
    else:
        raise WechatError(40017)
