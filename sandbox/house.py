"""The sandbox at work: the world, the postman, and what happens later."""

import asyncio
import json
from collections.abc import Coroutine
from typing import Any

from sandbox.api import mass_run
from sandbox.callbacks.letters import Letter, event
from sandbox.callbacks.postman import Postman
from sandbox.callbacks.transport import Transport
from sandbox.faults import Faults
from sandbox.store import Row
from sandbox.world import World

AT_ONCE = 16  # letters on their way that nobody waits for
MOST_WAITING = 400  # letters written down and not yet on their way


class House:
    """Runs in one event loop; `start` before the first request, `stop` at the end."""

    def __init__(self, world: World, transport: Transport) -> None:
        self.world = world
        self.faults = Faults(world.store)
        self.postman = Postman(world, self.faults, transport)
        self._tasks: set[asyncio.Task[Any]] = set()
        self._bell = asyncio.Event()
        self._lanes = asyncio.Semaphore(AT_ONCE)

    def start(self) -> None:
        """Send what a killed sandbox had not brought yet, and watch the jobs."""
        self.world.wake = self._bell.set
        for row in self.world.store.all("SELECT * FROM callbacks WHERE outcome = 'waiting'"):
            letter = Letter(row["openid"], row["kind"], row["plain"])
            self.aside(self.postman.deliver(row["id"], letter))
        self.aside(self._watch())

    async def stop(self) -> None:
        """End every task."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def aside(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Do it beside the request, whatever becomes of the request."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def send(self, letter: Letter, *, wait: bool = True) -> dict[str, Any]:
        """Post a letter and wait for the outcome, or not."""
        number = self.postman.post(letter)
        bringing = self.aside(self.postman.deliver(number, letter))
        if wait:
            outcome: dict[str, Any] = await asyncio.shield(bringing)
            return outcome
        await self.world.store.flushed()
        return {"id": number, "outcome": "waiting", "shown": None}

    def run_due(self) -> int:
        """Do every job whose time has come; gives how many."""
        rows = self.world.store.all(
            "SELECT * FROM jobs WHERE due_at <= ? ORDER BY due_at, id LIMIT 200",
            self.world.clock.now(),
        )
        for row in rows:
            self.world.store.run("DELETE FROM jobs WHERE id = ?", row["id"])
            self._do(row)
        self.world.store.commit()
        return len(rows)

    def _do(self, row: Row) -> None:
        body = json.loads(row["body"])
        if row["kind"] == "mass":
            mass_run.deliver(self.world, body["msg_id"])
        elif row["kind"] == "mass_unconfirmed":
            mass_run.give_up(self.world, body["msg_id"])
        else:
            letter = event(self.world, body["openid"], body["event"], body["fields"])
            number = self.postman.post(letter)
            self.aside(self._in_lane(number, letter))

    async def _in_lane(self, number: int, letter: Letter) -> None:
        async with self._lanes:
            await self.postman.deliver(number, letter)

    async def _watch(self) -> None:
        """Sleep until the next job is due, or the bell rings."""
        while True:
            self._bell.clear()
            if len(self._tasks) > MOST_WAITING:
                await asyncio.sleep(0.05)
                continue
            if self.run_due():
                await asyncio.sleep(0)
                continue
            next_due = self.world.store.one("SELECT min(due_at) FROM jobs")
            due = next_due[0] if next_due else None
            wait_s = None if due is None else max(0.02, due - self.world.clock.now())
            try:
                await asyncio.wait_for(self._bell.wait(), wait_s)
            except TimeoutError:
                continue
