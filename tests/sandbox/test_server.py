"""The process: its doors, its faults on the wire, and that a kill loses nothing."""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psutil
import pytest

from sandbox.options import read_options
from tests.ports import free_ports

SECRETS = {"SANDBOX_APP_ID": "wx1", "SANDBOX_APP_SECRET": "the-secret"}


class Sandbox:
    """A sandbox as a child process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (self.port,) = free_ports(1)
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "sandbox", "--port", str(self.port)]
        command += ["--data", str(self.folder / "data"), "--clock-file", str(self.folder / "clock")]
        self.child = subprocess.Popen(
            command, env={**os.environ, **SECRETS}, stderr=subprocess.PIPE, text=True
        )
        assert self.child.stderr is not None
        assert f":{self.port}/sandbox/" in self.child.stderr.readline()

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        self.child.send_signal(how)
        code = self.child.wait(30)
        assert self.child.stderr is not None
        self.child.stderr.close()
        return code

    def ask(
        self, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, bytes]:
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
            head = {"Content-Type": "application/json", **(headers or {})}
            wire.request("GET" if body is None else "POST", path, data, head)
            answer = wire.getresponse()
            return answer.status, answer.read()
        finally:
            wire.close()

    def act(self, name: str, /, **wish: Any) -> dict[str, Any]:
        return dict(json.loads(self.ask(f"/sandbox/api/{name}", wish)[1]))

    def see(self, name: str) -> dict[str, Any]:
        return dict(json.loads(self.ask(f"/sandbox/api/{name}")[1]))

    def token(self) -> str:
        query = "grant_type=client_credential&appid=wx1&secret=the-secret"
        return str(json.loads(self.ask(f"/cgi-bin/token?{query}")[1])["access_token"])


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    running = Sandbox(tmp_path)
    yield running
    if running.child.poll() is None:
        running.end()


def test_a_killed_sandbox_remembers_what_it_answered(sandbox: Sandbox) -> None:
    made = sandbox.act("followers", count=1000, following=True, window=True)
    token = sandbox.token()
    body = {"touser": made["openids"][0], "msgtype": "text", "text": {"content": "hello"}}
    for _ in range(3):
        _, answer = sandbox.ask(f"/cgi-bin/message/custom/send?access_token={token}", body)
        assert json.loads(answer)["errcode"] == 0
    sandbox.act("clock/advance", seconds=3600)
    sandbox.end(signal.SIGKILL)
    sandbox.start()
    assert sandbox.see("followers")["following"] == 1000
    assert sandbox.see("received")["messages"] == 3
    assert sandbox.see("state")["clock"]["offset"] == 3600
    assert float((sandbox.folder / "clock").read_text()) == 3600
    codes = [
        json.loads(sandbox.ask(f"/cgi-bin/message/custom/send?access_token={token}", body)[1])[
            "errcode"
        ]
        for _ in range(3)
    ]
    assert codes == [0, 0, 45047]


def test_faults_reach_the_wire(sandbox: Sandbox) -> None:
    token = sandbox.token()
    path = f"/cgi-bin/getcallbackip?access_token={token}"
    sandbox.act("faults", kind="error", code=45011)
    assert json.loads(sandbox.ask(path)[1])["errcode"] == 45011
    sandbox.act("faults", kind="lost", code=-1)
    assert json.loads(sandbox.ask(path)[1])["errcode"] == -1
    for kind in ("drop", "reset", "timeout"):
        sandbox.act("faults", kind=kind, seconds=0.1)
        with pytest.raises((http.client.HTTPException, OSError)):
            sandbox.ask(path)
    sandbox.act("faults", kind="slow", seconds=0.2)
    begun = time.monotonic()
    assert sandbox.ask(path)[0] == 200
    assert time.monotonic() - begun >= 0.2
    logged = [call["fault"] for call in sandbox.see("calls?path=/cgi-bin/getcallbackip")["calls"]]
    assert logged == ["slow", "timeout", "reset", "lost -1", "error 45011"]


def test_lost_reset_and_timeout_are_accepted_and_drop_and_error_are_not(sandbox: Sandbox) -> None:
    (openid,) = sandbox.act("followers", name="新人", following=True, window=True)["openids"]
    path = f"/cgi-bin/message/custom/send?access_token={sandbox.token()}"
    for kind, arrived in (("lost", 1), ("reset", 2), ("timeout", 3), ("drop", 3), ("error", 3)):
        sandbox.act("faults", kind=kind, seconds=0.1)
        body = {"touser": openid, "msgtype": "text", "text": {"content": kind}}
        with contextlib.suppress(http.client.HTTPException, OSError):
            sandbox.ask(path, body)
        assert sandbox.see("received")["messages"] == arrived


def test_the_first_free_port_is_told(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "sandbox", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        told = child.stderr.readline()
        child.terminate()
    assert re.search(r":[1-9]\d+/sandbox/", told)


def test_other_sites_and_forms_cannot_drive_it(sandbox: Sandbox) -> None:
    path = "/sandbox/api/reset"
    assert sandbox.ask(path, {}, {"Content-Type": "text/plain"})[0] == 415
    assert sandbox.ask(path, {}, {"Host": "evil.example"})[0] == 403
    assert sandbox.ask(path, {}, {"Host": "localhost:1"})[0] == 200
    assert sandbox.ask(path, [1])[0] == 400
    assert sandbox.ask("/sandbox/api/nothing")[0] == 404
    assert sandbox.ask("/sandbox/static/..%2fserver.py")[0] == 404


def test_wrong_wishes_are_refused_with_a_sentence(sandbox: Sandbox) -> None:
    for name, wish in (
        ("say", {"follower": "nobody", "text": "x"}),
        ("followers", {"count": 100_001}),
        ("clock/advance", {"seconds": -1}),
        ("clock/advance", {"seconds": "x"}),
        ("faults", {"kind": "rain"}),
        ("settings", {"mode": "loud"}),
        ("settings", {"rules": {"no.such": 1}}),
        ("mass/confirm", {"msg_id": "1"}),
        ("again", {"callback": 99}),
        ("image", {"follower": "张敏", "data": "***"}),
    ):
        status, answer = sandbox.ask(f"/sandbox/api/{name}", wish)
        assert 400 <= status < 500
        assert json.loads(answer)["error"]


def test_the_page_is_whole_and_the_state_waits_for_news(sandbox: Sandbox) -> None:
    status, page = sandbox.ask("/sandbox/")
    assert status == 200
    for name in (b"phone.css", b"main.js"):
        assert name in page
        assert sandbox.ask(f"/sandbox/static/{name.decode()}")[0] == 200
    version = sandbox.see("state")["version"]
    assert sandbox.see(f"state?version={version}&wait=0")["same"]
    sandbox.act("followers", name="新人")
    assert sandbox.see(f"state?version={version}&wait=5")["version"] > version


def test_it_is_gone_after_sigterm_and_idle_before(sandbox: Sandbox) -> None:
    child = psutil.Process(sandbox.child.pid)
    before = sum(child.cpu_times()[:2])
    time.sleep(1)
    assert sum(child.cpu_times()[:2]) - before <= 0.05
    watching = http.client.HTTPConnection("127.0.0.1", sandbox.port, timeout=30)
    with closing(watching):
        watching.request("GET", "/sandbox/api/state?version=999999&wait=20")
        begun = time.monotonic()
        assert sandbox.end() == 0
    assert time.monotonic() - begun < 15, "the one that watches held it up"


def test_it_refuses_to_listen_to_the_world_unless_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_options(["--bind", "0.0.0.0"], {})
    assert "--open" in capsys.readouterr().err
    assert read_options(["--bind", "0.0.0.0", "--open"], {}).open


def test_secrets_come_by_environment_and_stay_out_of_repr() -> None:
    options = read_options(["--template", "T1=once:thing1,date2"], SECRETS)
    assert options.app_secret == "the-secret"
    assert "the-secret" not in repr(options)
    assert options.templates[0].fields == ("thing1", "date2")
    for wrong in (["--aes-key", "short"], ["--template", "T1=poem"]):
        with pytest.raises(SystemExit):
            read_options(wrong, {})
