"""Brings letters to the project: three tries, five seconds each, one verdict.

developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message
"""

import asyncio
import json
import time
from typing import Any

from sandbox.callbacks.envelope import Envelope, close, verification
from sandbox.callbacks.judge import FAULT_TEXT, Verdict, judge
from sandbox.callbacks.letters import Letter
from sandbox.callbacks.transport import Transport
from sandbox.faults import Fault, Faults
from sandbox.world import World

KEPT_CALLBACKS = 5000
HELD_AT_MOST_S = 3.0


class Postman:
    """One for the house; every letter is a row of `callbacks` before it is sent."""

    def __init__(self, world: World, faults: Faults, transport: Transport) -> None:
        self._world = world
        self._faults = faults
        self._transport = transport
        self._delivered = asyncio.Event()

    def post(self, letter: Letter) -> int:
        """Write the letter down; gives its number. `deliver` brings it."""
        number = self._world.store.run(
            "INSERT INTO callbacks (at, openid, kind, plain) VALUES (?, ?, ?, ?)",
            self._world.clock.now(),
            letter.openid,
            letter.kind,
            letter.plain,
        )
        if number % 500 == 0:
            oldest = number - KEPT_CALLBACKS
            self._world.store.run("DELETE FROM callbacks WHERE id <= ?", oldest)
        return number

    async def deliver(self, number: int, letter: Letter) -> dict[str, Any]:
        """Bring it; gives the row of the log, with `reply` the bubble that was shown or None."""
        await self._world.store.flushed()
        fault = self._faults.take("callback", letter.kind)
        if fault is not None:
            await self._hold(fault)
        tries: list[dict[str, Any]] = []
        begun = time.perf_counter()
        verdict = await self._try_all(number, letter, fault, tries)
        shown = self._show(letter, verdict)
        self._record(number, tries, verdict, (time.perf_counter() - begun) * 1000, fault)
        self._delivered.set()
        self._delivered.clear()
        await self._world.store.flushed()
        return {**self.row(number), "shown": shown}

    async def verify(self) -> dict[str, Any]:
        """The GET that saves a callback address in WeChat's console."""
        query, echo = verification(self._world)
        try:
            status, body = await self._transport.get(self.url, query, self._wait_s)
        except (OSError, TimeoutError) as wrong:
            return {"ok": False, "problem": str(wrong) or "超时"}
        good = status == 200 and body == echo.encode()
        problem = "" if good else f"HTTP {status}，没有原样返回 echostr"
        return {"ok": good, "problem": problem}

    def row(self, number: int) -> dict[str, Any]:
        """A letter's row as the page and the tests read it."""
        row = self._world.store.one("SELECT * FROM callbacks WHERE id = ?", number)
        return {**dict(row), "tries": json.loads(row["tries"])} if row else {"id": number}

    @property
    def url(self) -> str:
        """Where letters go."""
        return str(self._world.setting("callback") or self._world.options.callback)

    @property
    def _wait_s(self) -> float:
        return self._world.rules.seconds("callback.wait_s")

    async def _try_all(
        self, number: int, letter: Letter, fault: Fault | None, tries: list[dict[str, Any]]
    ) -> Verdict:
        for _ in range(self._world.rules["callback.tries"]):
            envelope = self._closed(letter, fault)
            self._world.store.run(
                "UPDATE callbacks SET query = ?, sent = ? WHERE id = ?",
                json.dumps(envelope.query),
                envelope.body,
                number,
            )
            begun = time.perf_counter()
            try:
                status, raw = await self._bring(envelope, twice=self._is(fault, "duplicate"))
            except (OSError, TimeoutError) as wrong:
                spent = time.perf_counter() - begun
                problem = (
                    "超过时限没有回答" if isinstance(wrong, TimeoutError) else f"连不上：{wrong}"
                )
                tries.append({"ms": round(spent * 1000, 1), "status": 0, "problem": problem})
                await asyncio.sleep(max(0.0, self._wait_s - spent))
                continue
            spent = time.perf_counter() - begun
            verdict = judge(self._world, letter, status, raw)
            tries.append(
                {"ms": round(spent * 1000, 1), "status": status, "problem": verdict.problem}
            )
            self._world.store.run(
                "UPDATE callbacks SET raw = ? WHERE id = ?",
                raw[:65536].decode("utf8", "replace"),
                number,
            )
            return verdict
        return Verdict(problem=tries[-1]["problem"] if tries else "没有投递")

    async def _bring(self, envelope: Envelope, *, twice: bool) -> tuple[int, bytes]:
        body = envelope.body.encode()
        if not self.url:
            raise ConnectionError("没有设置回调地址")
        if not twice:
            return await self._transport.post(self.url, envelope.query, body, self._wait_s)
        both = [
            self._transport.post(self.url, envelope.query, body, self._wait_s) for _ in range(2)
        ]
        first, second = await asyncio.gather(*both, return_exceptions=True)
        answer = second if isinstance(first, BaseException) else first
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def _hold(self, fault: Fault) -> None:
        if fault.kind == "late":
            await asyncio.sleep(fault.seconds)
        if fault.kind == "disorder":
            try:
                await asyncio.wait_for(self._delivered.wait(), HELD_AT_MOST_S)
            except TimeoutError:
                return

    def _closed(self, letter: Letter, fault: Fault | None) -> Envelope:
        envelope = close(self._world, letter)
        if self._is(fault, "bad_signature"):
            wrong = {"signature": "0" * 40, "msg_signature": "0" * 40}
            kept = {k: wrong[k] for k in wrong if k in envelope.query}
            return Envelope({**envelope.query, **kept}, envelope.body)
        return envelope

    def _show(self, letter: Letter, verdict: Verdict) -> dict[str, Any] | None:
        if not letter.in_chat:
            return None
        phones = self._world.phones
        if verdict.problem:
            phones.show(letter.openid, "out", "wechat", "fault", {"content": FAULT_TEXT})
            return {"kind": "fault", "content": FAULT_TEXT, "problem": verdict.problem}
        if not verdict.kind:
            return None
        phones.show(letter.openid, "out", "passive", verdict.kind, verdict.body)
        return {"kind": verdict.kind, **verdict.body}

    def _record(
        self,
        number: int,
        tries: list[dict[str, Any]],
        verdict: Verdict,
        ms: float,
        fault: Fault | None,
    ) -> None:
        outcome = "fault" if verdict.problem else ("reply" if verdict.kind else "silent")
        said = verdict.problem + (f"（{fault.kind}）" if fault else "")
        self._world.store.run(
            "UPDATE callbacks SET tries = ?, outcome = ?, fault = ?, reply = ?, ms = ? "
            "WHERE id = ?",
            json.dumps(tries, ensure_ascii=False),
            outcome,
            said,
            verdict.plain,
            round(ms, 1),
            number,
        )

    @staticmethod
    def _is(fault: Fault | None, kind: str) -> bool:
        return fault is not None and fault.kind == kind
