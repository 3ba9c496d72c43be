"""The edge behind the real server: slow and broken connections do not keep it from answering."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.callback_bodies import KEYWORDS, answer_to, make_requests, opened
from benchmarks.load import drive
from core.settings import Settings
from tests.ports import free_ports
from tests.waiting import until

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[3]
Address = tuple[str, int]


def listens(address: Address) -> bool:
    try:
        socket.create_connection(address, timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture
def served(redis_server: str) -> Iterator[tuple[Address, subprocess.Popen[bytes]]]:
    """Granian with one worker over our edge with ten keyword handlers."""
    address = ("127.0.0.1", free_ports(1)[0])
    granian = Path(sys.executable).parent / "granian"
    command = [granian, "--interface", "wsgi", "--host", address[0], "--port", str(address[1])]
    server = subprocess.Popen(
        [*command, "--workers", "1", "--no-ws", "benchmarks.apps.ours:app"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "BENCH_REDIS": redis_server},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        until(lambda: listens(address), within_s=60)
        yield address, server
    finally:
        server.terminate()
        server.wait(60)


def answers(address: Address, number: int) -> list[str]:
    """What so many good callbacks are answered."""
    settings = Settings()
    result = drive(address, make_requests(settings, KEYWORDS, number), 8, kept=number)
    assert set(result.statuses) == {200}
    return [opened(settings, result.bodies[n]) for n in range(number)]


def test_slow_and_broken_senders_do_not_keep_others_waiting(
    served: tuple[Address, subprocess.Popen[bytes]],
) -> None:
    address, _ = served
    good = make_requests(Settings(), KEYWORDS, 60)
    unsigned = b"POST /wechat?signature=x HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n<xml>"
    slow = [socket.create_connection(address, timeout=10) for _ in range(60)]
    for number, one in enumerate(slow):
        one.sendall(
            (
                unsigned,  # promises a body that never comes
                good[number][:-10],  # signed, and stops short of its end
                b"POST /wechat HTT",  # not even a whole line
                b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # TLS on a plain port
            )[number % 4]
        )
    assert answers(address, 40) == [answer_to(KEYWORDS[n % 10]) for n in range(40)]
    for one in slow:
        one.close()
    assert len(answers(address, 40)) == 40


def test_a_flood_in_chunks_is_refused(
    served: tuple[Address, subprocess.Popen[bytes]],
) -> None:
    address, _ = served
    head = make_requests(Settings(), KEYWORDS, 1)[0].split(b"\r\nContent-Length")[0]
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    with socket.create_connection(address, timeout=60) as flood:
        flood.sendall(head + b"\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk * 5 + b"0\r\n\r\n")
        assert flood.recv(4096).startswith(b"HTTP/1.1 413")
    assert len(answers(address, 10)) == 10


def test_a_body_in_chunks_is_answered(
    served: tuple[Address, subprocess.Popen[bytes]],
) -> None:
    address, _ = served
    head, _, body = make_requests(Settings(), KEYWORDS, 1)[0].partition(b"\r\n\r\n")
    head = head.split(b"\r\nContent-Length")[0] + b"\r\nTransfer-Encoding: chunked\r\n\r\n"
    pieces = [body[n : n + 50] for n in range(0, len(body), 50)]
    chunked = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    with socket.create_connection(address, timeout=60) as sender:
        sender.sendall(head + chunked + b"0\r\n\r\n")
        said = b""
        while b"</xml>" not in said and (more := sender.recv(4096)):
            said += more
    assert said.startswith(b"HTTP/1.1 200")
    assert b"<Encrypt>" in said


def test_a_server_told_to_stop_ends_though_a_sender_stalls(
    served: tuple[Address, subprocess.Popen[bytes]],
) -> None:
    address, server = served
    answers(address, 8)
    with socket.create_connection(address, timeout=60) as stalled:
        stalled.sendall(make_requests(Settings(), KEYWORDS, 1)[0][:-20])
        server.send_signal(signal.SIGTERM)
        stalled.shutdown(socket.SHUT_WR)
        assert server.wait(60) == 0
