"""kill -9 on the web while people hand in: every 已收到 has its ticket, no number twice, no gap."""

import json
import os
import re
import signal
import threading
from pathlib import Path

import pytest
import requests

from bureau.feedback import chain, search
from core.db import Database
from tests.house_at_work import House, house_at_work

pytestmark = pytest.mark.slow
PEOPLE = int(os.environ.get("PEOPLE_UNDER_KILL", "200"))  # docs/benchmarks.md has the 1 000
AT_ONCE = 10
KILLS = 3
RECEIPT = re.compile(
    r"已收到您的建言献策。\n编号：([A-Z]{2}\d{2}-\d{4,}-[0-9A-Z])\n查询码：([0-9A-Z]{10})"
)


def children_of(pid: int) -> list[int]:
    """The processes below this one, as /proc shows them."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text("utf8").rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found + [below for child in found for below in children_of(child)]


def web_processes(house: House) -> list[int]:
    """Every process of the web server of this house."""
    mine = children_of(house.process.pid)
    return [pid for pid in mine if b"granian" in command_of(pid)]


def command_of(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def kill_web(house: House) -> None:
    for pid in web_processes(house):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def hand_in(house: House, openid: str, receipts: dict[str, tuple[str, str]]) -> None:
    """Say it as often as it takes to see the choices, then 1, once; note what the phone shows."""
    for _ in range(6):
        shown = house.sandbox("say", openid=openid, text=f"建议 {openid} 的建议")["reply"]
        if shown and "1 提交" in str(shown.get("content", "")):
            break
    house.sandbox("say", openid=openid, text="1")
    bubbles = house.look("messages", openid=openid)["messages"]
    for bubble in bubbles:
        found = RECEIPT.search(json.dumps(bubble, ensure_ascii=False).replace("\\n", "\n"))
        if found:
            receipts[openid] = (found[1], found[2])


def test_every_receipt_has_its_ticket_whatever_is_killed(tmp_path: Path) -> None:
    with house_at_work(tmp_path, SEED="0") as house:
        openids = house.sandbox("followers", count=PEOPLE, following=True)["openids"]
        receipts: dict[str, tuple[str, str]] = {}
        failures: list[requests.RequestException] = []

        def send(mine: list[str]) -> None:
            for openid in mine:
                try:
                    hand_in(house, openid, receipts)
                except requests.RequestException as error:
                    failures.append(error)

        threads = [
            threading.Thread(target=send, args=(openids[n::AT_ONCE],)) for n in range(AT_ONCE)
        ]
        for thread in threads:
            thread.start()
        for kill in range(1, KILLS + 1):
            while len(receipts) < PEOPLE * kill // (KILLS + 2) and any(
                t.is_alive() for t in threads
            ):
                threads[0].join(0.05)
            kill_web(house)
        for thread in threads:
            thread.join()
        assert not failures, failures[0].response
    database = Database(f"sqlite:///{tmp_path}/yangguang.db")
    with database.read() as db:
        tickets = search.everything(db)
        assert all(chain.broken_at(chain.events(db, ticket)) is None for ticket in tickets)
    database.close()
    assert len(receipts) > PEOPLE * 3 // 4
    by_person = {ticket.openid: ticket.number for ticket in tickets}
    assert len(by_person) == len(tickets)
    assert {who: by_person.get(who) for who in receipts} == {
        who: number for who, (number, _) in receipts.items()
    }
    assert sorted(ticket.serial for ticket in tickets) == list(range(1, len(tickets) + 1))
