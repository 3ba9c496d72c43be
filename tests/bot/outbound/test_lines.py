"""Our own line to WeChat: any HTTP/1.1 host is understood, and nothing is ever sent twice."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.outbound import calls
from bot.outbound.bulk import Answer, BulkPost
from bot.outbound.errors import NotReached, OutcomeUnknown
from bot.outbound.line import read_answer
from bot.outbound.token import TokenStore
from core.redis_store import RedisStore

pytestmark = pytest.mark.thorough

OK = b'{"errcode":0,"errmsg":"ok"}'
PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(OK), OK)
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5;note=x\r\n" + OK[:5] + b"\r\n%x\r\n" % len(OK[5:]) + OK[5:] + b"\r\n0\r\n\r\n"
)
UNTIL_CLOSED = b"HTTP/1.1 200 OK\r\n\r\n" + OK
OLD = b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(OK), OK)
BYE = b"HTTP/1.1 200 OK\r\nconnection: Close\r\ncontent-length: %d\r\n\r\n%b" % (len(OK), OK)


@dataclass
class Host:
    """A host that says exactly these bytes; "hang" says nothing. Closes where `closes` says so."""

    says: bytes
    closes: bool = False
    hangs: bool = False
    asked: list[bytes] = field(default_factory=list)
    connections: int = 0
    url: str = ""

    def serve(self, connection: socket.socket) -> None:
        self.connections += 1
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            while request := read_request(connection):
                self.asked.append(request)
                if self.hangs:
                    continue
                for start in range(0, len(self.says), 7):  # in pieces, as networks do
                    connection.sendall(self.says[start : start + 7])
                if self.closes:
                    return
        except OSError:
            return
        finally:
            connection.close()


def read_request(connection: socket.socket) -> bytes:
    got = b""
    while b"\r\n\r\n" not in got:
        more = connection.recv(65_536)
        if not more:
            return b""
        got += more
    head, _, body = got.partition(b"\r\n\r\n")
    _, _, length = head.lower().partition(b"content-length: ")
    while len(body) < int(length.split(b"\r\n")[0] or 0):
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


@contextmanager
def listening(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    """Serve each connection in a thread of its own; gives the port."""
    server = socket.create_server(("127.0.0.1", 0), backlog=16)

    def accept() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()


def send(url: str, count: int = 1, timeout_s: float = 8.0, connections: int = 2) -> list[Answer]:
    """Through a BulkPost of its own."""
    tokens = TokenStore(RedisStore(""), "wx", lambda: ("T", 7200))
    post = BulkPost(url, tokens, connections=connections, timeout_s=timeout_s)
    try:
        return post.send([calls.text(f"o{i}", "您好") for i in range(count)])
    finally:
        post.close()


@pytest.mark.parametrize("says", [PLAIN, CHUNKED], ids=["length", "chunked"])
def test_a_line_is_kept_for_the_next_request(says: bytes) -> None:
    host = Host(says)
    with listening(host.serve) as port:
        answers = send(f"http://127.0.0.1:{port}", count=5)
    assert answers == [{"errcode": 0, "errmsg": "ok"}] * 5
    assert (len(host.asked), host.connections) == (5, 1)


@pytest.mark.parametrize("says", [OLD, BYE, UNTIL_CLOSED], ids=["1.0", "close", "no length"])
def test_a_host_that_closes_after_each_answer_gets_each_message_once(says: bytes) -> None:
    host = Host(says, closes=True)
    with listening(host.serve) as port:
        answers = send(f"http://127.0.0.1:{port}", count=5)
    assert answers == [{"errcode": 0, "errmsg": "ok"}] * 5
    assert (len(host.asked), host.connections) == (5, 5)


@pytest.mark.parametrize(
    "says", [b"", PLAIN[:-3], CHUNKED[:-9], b"SSH-2.0-x\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n"]
)
def test_a_line_that_breaks_under_a_request_is_unknown_and_never_repeated(says: bytes) -> None:
    host = Host(says, closes=True)
    with listening(host.serve) as port:
        answers = send(f"http://127.0.0.1:{port}", count=3)
    assert [type(answer) for answer in answers] == [OutcomeUnknown] * 3
    assert len(host.asked) == 3


def test_silence_is_an_unknown_outcome_in_time() -> None:
    host = Host(b"", hangs=True)
    with listening(host.serve) as port:
        answers = send(f"http://127.0.0.1:{port}", timeout_s=0.2)
    assert isinstance(answers[0], OutcomeUnknown)
    assert len(host.asked) == 1


def test_words_nobody_asked_for_end_the_line() -> None:
    host = Host(PLAIN + PLAIN)
    with listening(host.serve) as port:
        answers = send(f"http://127.0.0.1:{port}", count=4)
    assert answers == [{"errcode": 0, "errmsg": "ok"}] * 4
    assert (len(host.asked), host.connections) == (4, 4)


def test_two_hundred_lines_reach_a_host_with_a_short_queue() -> None:
    host = Host(PLAIN)
    with listening(host.serve) as port:
        answers = send(f"http://127.0.0.1:{port}", count=400, connections=400)
    assert not [answer for answer in answers if isinstance(answer, Exception)]
    assert len(host.asked) == 400


def test_what_no_line_could_be_had_for_was_surely_not_sent() -> None:
    answers = send("http://127.0.0.1:9", count=50)
    assert {type(answer) for answer in answers} == {NotReached}


def test_an_answer_may_come_after_a_continue() -> None:
    answer = read_answer(b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN)
    assert answer is not None
    assert (answer.status, answer.content, answer.keep) == (200, OK, True)


def test_plain_calls_go_through_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    proxy = Host(PLAIN)
    with listening(proxy.serve) as port:
        monkeypatch.setenv("http_proxy", f"http://clerk:pa%40ss@127.0.0.1:{port}")
        send("http://wechat.example")
    first = proxy.asked[0]
    assert first.startswith(b"POST http://wechat.example/cgi-bin/message/custom/send?")
    assert b"Proxy-Authorization: Basic Y2xlcms6cGFAc3M=\r\n" in first


def test_tls_goes_through_a_proxys_tunnel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    host, asked = Host(PLAIN), []
    context = certified(tmp_path, "wechat.example")

    def serve(connection: socket.socket) -> None:
        asked.append(read_request(connection))
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        host.serve(context.wrap_socket(connection, server_side=True))

    with listening(serve) as port:
        monkeypatch.setenv("https_proxy", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        answers = send("https://wechat.example", count=3)
    assert answers == [{"errcode": 0, "errmsg": "ok"}] * 3
    assert asked[0].startswith(b"CONNECT wechat.example:443 HTTP/1.1\r\n")
    assert (len(asked), len(host.asked)) == (1, 3)


def test_a_host_that_is_not_who_it_says_gets_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    host, context = Host(PLAIN), certified(tmp_path, "somebody.else")

    def serve(connection: socket.socket) -> None:
        try:
            host.serve(context.wrap_socket(connection, server_side=True))
        except OSError:
            connection.close()

    with listening(serve) as port:
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert isinstance(send(f"https://127.0.0.1:{port}")[0], NotReached)
    assert host.asked == []


def certified(folder: Path, name: str) -> ssl.SSLContext:
    """A server's context with a certificate of its own making for `name`."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names: list[x509.GeneralName] = [x509.DNSName(name), x509.IPAddress(ip_address("192.0.2.1"))]
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    pem, plain = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "key.pem").write_bytes(key.private_bytes(serialization.Encoding.PEM, pem, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context
