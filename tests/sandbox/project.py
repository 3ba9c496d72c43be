"""A project on the other end of the callbacks, scripted by the test."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import xmltodict
from werobot.crypto import MessageCrypt

from sandbox.house import House
from sandbox.world import World

Answer = tuple[int, bytes]


@dataclass
class Project:
    """Stands at the other end of the wire: reads with WeRoBot's crypto, answers what it is told."""

    world: World
    answer: Callable[[dict[str, Any]], Answer]
    delays: list[float] = field(default_factory=list)
    pushes: list[dict[str, Any]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)
    opens_with: str = ""  # EncodingAESKey, empty: the one the sandbox was started with
    seals_with: str = ""

    async def post(
        self, url: str, query: Mapping[str, str], body: bytes, timeout_s: float
    ) -> Answer:
        self.queries.append(dict(query))
        self.bodies.append(body.decode())
        fields = xmltodict.parse(body)["xml"]
        if "Encrypt" in fields:
            opened = self.crypto(self.opens_with).prp_crypto.decrypt(
                fields["Encrypt"], self.world.options.app_id
            )
            fields = xmltodict.parse(opened)["xml"]
        self.pushes.append(fields)
        delay = self.delays.pop(0) if self.delays else 0.0
        if delay < 0:
            raise ConnectionResetError("gone")
        if delay > timeout_s:
            await asyncio.sleep(timeout_s)
            raise TimeoutError
        await asyncio.sleep(delay)
        return self.answer(fields)

    async def get(self, url: str, query: Mapping[str, str], timeout_s: float) -> Answer:
        return 200, query["echostr"].encode()

    def crypto(self, key: str) -> MessageCrypt:
        options = self.world.options
        return MessageCrypt(options.token, key or options.aes_key, options.app_id)

    def sealed(self, plain: str) -> Answer:
        """A reply encrypted as safe mode wants it."""
        closed = self.crypto(self.seals_with).encrypt_message(plain, "1714037060", "n2")
        return 200, closed.encode()


def reply(to: str, account: str, content: str = "您好", kind: str = "text", more: str = "") -> str:
    """A reply's plain XML; `more` stands in place of Content."""
    body = more or f"<Content><![CDATA[{content}]]></Content>"
    return (
        f"<xml><ToUserName>{to}</ToUserName><FromUserName>{account}</FromUserName>"
        f"<CreateTime>1714037060</CreateTime><MsgType>{kind}</MsgType>{body}</xml>"
    )


def polite(world: World) -> Project:
    """A project that answers every push properly."""
    project = Project(world, lambda push: (200, b"success"))
    project.answer = lambda push: project.sealed(reply(push["FromUserName"], push["ToUserName"]))
    return project


async def settled(house: House) -> None:
    """Until no job is due and every letter has its outcome. Fails after ten seconds."""
    waits = "SELECT count(*) FROM callbacks WHERE outcome = 'waiting'"
    due = "SELECT count(*) FROM jobs WHERE due_at <= ?"
    async with asyncio.timeout(10):
        while house.world.store.count(due, house.world.clock.now()) or house.world.store.count(
            waits
        ):
            await asyncio.sleep(0.01)


def play(world: World, project: Project, story: Callable[[House], Coroutine[Any, Any, Any]]) -> Any:
    """Run a story in a house of its own; the waits are a tenth of a second."""
    world.rules.change({"callback.wait_s": 0.1, "receipt.delay_s": 0.01})
    world.store.keep("setting.callback", "http://project.example/wechat")

    async def run() -> Any:
        house = House(world, project)
        house.start()
        try:
            return await story(house)
        finally:
            await house.stop()

    return asyncio.run(run())
