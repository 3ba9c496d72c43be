"""Every address of the API and who answers it."""

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.api import (
    account,
    custom,
    mass,
    media,
    menu,
    notice,
    oauth,
    qrcode,
    tags,
    template,
    token,
    users,
)
from sandbox.api.call import Answer, Blob, Call
from sandbox.world import World

Handle = Callable[[World, Call], Answer | Blob]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """methods: "GET", "POST" or both; open: needs no token; certified: only for an account whose
    certification has not run out; service: only for a 服务号 that has it."""

    handle: Handle
    methods: str
    open: bool = False
    service: bool = False
    certified: bool = False


def get(handle: Handle) -> Endpoint:
    return Endpoint(handle, "GET")


def post(handle: Handle) -> Endpoint:
    return Endpoint(handle, "POST")


def service(handle: Handle, methods: str = "POST") -> Endpoint:
    return Endpoint(handle, methods, service=True)


def certified(handle: Handle) -> Endpoint:
    return Endpoint(handle, "POST", certified=True)


def free(handle: Handle, methods: str = "GET") -> Endpoint:
    return Endpoint(handle, methods, open=True)


MESSAGE = "/cgi-bin/message"
ROUTES: dict[str, Endpoint] = {
    f"{MESSAGE}/custom/send": post(custom.send),
    f"{MESSAGE}/custom/typing": post(custom.typing),
    f"{MESSAGE}/template/send": service(template.send),
    f"{MESSAGE}/subscribe/bizsend": service(notice.send),
    f"{MESSAGE}/mass/send": service(mass.send),
    f"{MESSAGE}/mass/sendall": certified(mass.send_all),
    f"{MESSAGE}/mass/preview": certified(mass.preview),
    f"{MESSAGE}/mass/get": certified(mass.status),
    f"{MESSAGE}/mass/delete": certified(mass.delete),
    f"{MESSAGE}/mass/speed/get": certified(mass.speed),
    f"{MESSAGE}/mass/speed/set": certified(mass.set_speed),
    "/cgi-bin/token": free(token.classic, "GET POST"),
    "/cgi-bin/stable_token": free(token.stable, "POST"),
    "/cgi-bin/template/get_all_private_template": service(template.listing, "GET"),
    "/cgi-bin/template/del_private_template": service(template.remove),
    "/wxaapi/newtmpl/gettemplate": service(notice.listing, "GET"),
    "/wxaapi/newtmpl/getcategory": service(notice.categories, "GET"),
    "/wxaapi/newtmpl/deltemplate": service(notice.remove),
    "/cgi-bin/user/get": get(users.listing),
    "/cgi-bin/user/info": get(users.info),
    "/cgi-bin/user/info/batchget": post(users.batch),
    "/cgi-bin/user/info/updateremark": post(users.remark),
    "/cgi-bin/user/tag/get": Endpoint(tags.members, "GET POST"),
    "/cgi-bin/tags/create": post(tags.create),
    "/cgi-bin/tags/get": Endpoint(tags.listing, "GET POST"),
    "/cgi-bin/tags/update": post(tags.rename),
    "/cgi-bin/tags/delete": post(tags.delete),
    "/cgi-bin/tags/members/batchtagging": post(tags.put),
    "/cgi-bin/tags/members/batchuntagging": post(tags.take),
    "/cgi-bin/tags/getidlist": post(tags.of_person),
    "/cgi-bin/tags/members/batchblacklist": post(tags.block),
    "/cgi-bin/tags/members/batchunblacklist": post(tags.unblock),
    "/cgi-bin/tags/members/getblacklist": post(tags.blocked),
    "/cgi-bin/menu/create": post(menu.create),
    "/cgi-bin/menu/get": get(menu.get),
    "/cgi-bin/menu/delete": get(menu.delete),
    "/cgi-bin/get_current_selfmenu_info": get(menu.current),
    "/cgi-bin/menu/addconditional": post(menu.add_conditional),
    "/cgi-bin/qrcode/create": certified(qrcode.create),
    "/cgi-bin/showqrcode": free(qrcode.show),
    "/cgi-bin/media/upload": post(media.upload),
    "/cgi-bin/media/get": Endpoint(media.get, "GET POST"),
    "/cgi-bin/media/uploadimg": post(media.upload_picture),
    "/cgi-bin/ticket/getticket": get(account.js_ticket),
    "/cgi-bin/getcallbackip": get(account.callback_addresses),
    "/cgi-bin/get_api_domain_ip": get(account.callback_addresses),
    "/cgi-bin/clear_quota": post(account.clear),
    "/cgi-bin/clear_quota/v2": free(account.clear_with_secret, "POST"),
    "/cgi-bin/openapi/quota/get": post(account.quota),
    "/cgi-bin/openapi/rid/get": post(account.rid),
    "/connect/oauth2/authorize": free(oauth.authorize),
    "/sns/oauth2/access_token": free(oauth.access_token),
    "/sns/oauth2/refresh_token": free(oauth.refresh_token),
    "/sns/userinfo": free(oauth.user_info),
    "/sns/auth": free(oauth.check),
}
