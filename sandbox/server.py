"""HTTP: the API's paths go to the desk, the rest to the page and its control API.

aiohttp rather than Flask: a time-out, a reset and a slow answer are then cheap to play, a push of a
hundred thousand leaves one thread and no lock, and repeats after five seconds cost a timer.
"""

import asyncio
import json
import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web

from sandbox.api.call import Blob, Call, Upload
from sandbox.api.desk import answer
from sandbox.control.routes import ACTS, VIEWS
from sandbox.control.wish import BadWish
from sandbox.faults import Fault
from sandbox.house import House
from sandbox.options import is_loopback
from sandbox.rules.errors import WechatError, new_rid

PAGE = Path(__file__).parent / "phone"
LARGEST_BODY = 24 * 2**20
API_ROOTS = ("/cgi-bin/", "/sns/", "/wxaapi/", "/connect/")
POLICY = (
    "default-src 'self'; img-src * data:; style-src 'self'; script-src 'self'; "
    "frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
)
SAFE = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": POLICY,
        "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}  # fmt: skip


class Server:
    """The handler of every request."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def handle(self, request: web.BaseRequest) -> web.StreamResponse:
        """One request."""
        path = request.path
        if path.startswith(API_ROOTS):
            return await self._wechat(request)
        if path in ("/", "/sandbox"):
            return web.Response(status=302, headers={"Location": "/sandbox/"})
        if not path.startswith("/sandbox/"):
            return as_json({"error": "没有这个地址"}, 404)
        if not self._is_local(request):
            return as_json({"error": "沙盒只认本机的名字"}, 403)
        if path.startswith("/sandbox/api/"):
            return await self._control(request, path.removeprefix("/sandbox/api/"))
        if path.startswith("/sandbox/media/"):
            return self._media(path.removeprefix("/sandbox/media/"))
        return static(path.removeprefix("/sandbox/"))

    async def _wechat(self, request: web.BaseRequest) -> web.StreamResponse:
        call = await read_call(request)
        fault = self._house.faults.take("api", call.path)
        if fault is not None:
            return await self._troubled(request, call, fault)
        result = answer(self._house.world, call)
        await self._house.world.store.flushed()
        return as_response(result)

    async def _troubled(
        self, request: web.BaseRequest, call: Call, fault: Fault
    ) -> web.StreamResponse:
        """An answer that goes wrong as wished."""
        if fault.kind == "drop":
            return cut(request)
        if fault.kind == "slow":
            await asyncio.sleep(fault.seconds)
        refuse = fault.code if fault.kind == "error" else None
        result = answer(self._house.world, call, refuse=refuse, fault=fault.seen())
        await self._house.world.store.flushed()
        if fault.kind == "timeout":
            await asyncio.sleep(fault.seconds)
        if fault.kind in ("reset", "timeout"):
            return cut(request)
        if fault.kind == "lost":
            return as_json(WechatError(fault.code).answer(new_rid()))
        return as_response(result)

    async def _control(self, request: web.BaseRequest, name: str) -> web.StreamResponse:
        try:
            if request.method == "GET" and name in VIEWS:
                found = await VIEWS[name](self._house, dict(request.query))
            elif request.method == "POST" and name in ACTS:
                found = await ACTS[name](self._house, await read_wish(request))
            else:
                raise BadWish("没有这个地址", 404)
        except BadWish as wrong:
            return as_json({"error": wrong.say}, wrong.status)
        await self._house.world.store.flushed()
        return as_json(found)

    def _media(self, media_id: str) -> web.Response:
        row = self._house.world.store.one("SELECT * FROM media WHERE media_id = ?", media_id)
        if row is None or not row["data"]:
            return web.Response(status=404)
        headers = {**SAFE, "Content-Security-Policy": "sandbox; default-src 'none'"}
        return web.Response(body=row["data"], content_type=row["content_type"], headers=headers)

    def _is_local(self, request: web.BaseRequest) -> bool:
        """No other site reaches the control API under a name of its own (DNS rebinding)."""
        if self._house.world.options.open:
            return True
        host = request.headers.get("Host", "")
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
        return is_loopback(name)


async def read_call(request: web.BaseRequest) -> Call:
    """The request as the desk takes it."""
    upload, body = None, b""
    if request.method == "POST":
        if request.content_type.startswith("multipart/"):
            upload = await read_upload(request)
        else:
            body = await request.read()
    return Call(
        method=request.method,
        path=request.path,
        query=request.query,
        body=body,
        ip=request.remote or "127.0.0.1",
        host=request.headers.get("Host", "127.0.0.1"),
        upload=upload,
        cookies=request.cookies if request.path.startswith("/connect/") else {},
    )


async def read_upload(request: web.BaseRequest) -> Upload | None:
    """The file of the field `media`."""
    try:
        form = await request.post()
    except ValueError:
        return None
    part = form.get("media")
    if not isinstance(part, web.FileField):
        return None
    kind = part.content_type or mimetypes.guess_type(part.filename)[0] or "application/octet-stream"
    return Upload(part.filename, kind, part.file.read())


async def read_wish(request: web.BaseRequest) -> dict[str, Any]:
    """The JSON object of a POST. Raises BadWish; no form of another site can send this type."""
    if request.content_type != "application/json":
        raise BadWish("Content-Type：application/json", 415)
    try:
        value = json.loads(await request.read() or b"{}")
    except (ValueError, RecursionError):
        raise BadWish("不是 JSON") from None
    if not isinstance(value, dict):
        raise BadWish("要一个 JSON 对象")
    return value


def static(name: str) -> web.Response:
    """A file of the page."""
    files = {"": "index.html"} | {f"static/{f.name}": f.name for f in PAGE.iterdir() if f.is_file()}
    if name not in files:
        return web.Response(status=404, text="没有这个页面")
    path = PAGE / files[name]
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return web.Response(body=path.read_bytes(), content_type=kind, charset="utf-8", headers=SAFE)


def as_response(result: Mapping[str, Any] | Blob) -> web.Response:
    """What the desk answered, over HTTP."""
    if not isinstance(result, Blob):
        return as_json(result)
    kind, _, charset = result.content_type.partition("; charset=")
    headers = {**SAFE, **result.headers}
    if result.name:
        headers["Content-disposition"] = f'attachment; filename="{result.name}"'
    return web.Response(
        body=result.data,
        status=result.status,
        content_type=kind,
        charset=charset or None,
        headers=headers,
    )


def as_json(value: Mapping[str, Any], status: int = 200) -> web.Response:
    """JSON as WeChat writes it: UTF-8, no escapes."""
    body = json.dumps(value, ensure_ascii=False).encode()
    return web.Response(body=body, status=status, content_type="application/json", charset="utf-8")


def cut(request: web.BaseRequest) -> web.Response:
    """The connection ends without an answer."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=500)
