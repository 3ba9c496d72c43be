"""Half-sent bodies with no proxy in front: nobody else waits, and their senders are hung up on."""

import contextlib
import resource
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.faults.citizens import Line
from tests.house_at_work import House, house_at_work
from tests.waiting import until
from web.patience import LOOKED_AT_S, SILENT_S, WAITING_EACH

pytestmark = pytest.mark.slow
FORM = b"POST /suggest HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
HALF = FORM + b"Content-Length: 900\r\n\r\nkind=suggestion&text="
THREADS = 512  # of one web process


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with house_at_work(tmp_path_factory.mktemp("house"), SEED="0", WEB_WORKERS="1") as house:
        yield house


@pytest.fixture
def senders() -> Iterator[ExitStack]:
    """Open connections, hung up at the end; this process may have as many as it takes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    with ExitStack() as senders:
        yield senders
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def half_sent(house: House, senders: ExitStack, address: str, count: int) -> list[socket.socket]:
    """So many connections from an address that promise a form and send its beginning."""
    opened = []
    for _ in range(count):
        one = socket.create_connection(("127.0.0.1", house.port), 30, (address, 0))
        senders.enter_context(contextlib.closing(one))
        one.sendall(HALF)
        opened.append(one)
    return opened


def test_one_address_cannot_keep_every_thread(house: House, senders: ExitStack) -> None:
    sent = half_sent(house, senders, "127.0.0.2", THREADS + 50)
    assert Line(house).once("oWaits", "护照多少钱").text
    refused = sent[-1].recv(200)
    assert refused.startswith(b"HTTP/1.1 503")


def test_bodies_that_do_not_come_are_given_up(house: House, senders: ExitStack) -> None:
    sent = []
    for number in range(THREADS // WAITING_EACH + 2):
        sent += half_sent(house, senders, f"127.0.0.{number + 10}", WAITING_EACH - 4)
    assert len(sent) > THREADS
    line = Line(house)
    until(lambda: line.serves("oWaits"), within_s=2 * (SILENT_S + LOOKED_AT_S))
    assert sent[0].recv(200)[:10] in (b"HTTP/1.1 4", b""), "its sender was not told"
    log = Path(house.env["DATA_DIR"]) / "logs" / "web.log"
    until(lambda: "bodies did not come" in log.read_text("utf8"))


def test_a_slow_body_that_keeps_coming_is_waited_for(house: House, senders: ExitStack) -> None:
    (slow,) = half_sent(house, senders, "127.0.0.3", 1)
    quiet = half_sent(house, senders, "127.0.0.3", 1)[0]
    told: list[bytes] = []

    def hung_up() -> bool:
        """Another bit of the slow one; whether the quiet one was given up meanwhile."""
        slow.sendall(b"x")
        with contextlib.suppress(BlockingIOError):
            told.append(quiet.recv(200))
        return bool(told)

    quiet.setblocking(False)
    until(hung_up, within_s=SILENT_S + LOOKED_AT_S, every_s=0.5)
    slow.setblocking(False)
    with pytest.raises(BlockingIOError):
        slow.recv(200)
