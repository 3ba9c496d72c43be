"""publish, push, topics, followers and menu as the outside runs them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.settings import ROOT
from ops.commands.push import command as push
from tests.bot.outbound.wechat_server import SECRET, WechatServer, wechat_at_work

pytestmark = pytest.mark.slow
NOTICE: dict[str, Any] = {
    "title": "2025年度市级决算公开",
    "kind": "notice",
    "topic": "budget",
    "summary": "2025年度市级决算已公开。",
    "produced_on": "2026-02-20",
    "review": {"drafted_by": "张三", "reviewed_by": "李四", "approved_by": "王五"},
}
COUNTS = ["total", "pending", "waiting", "sent", "delivered", "failed", "unknown", "suppressed"]
KEYS = ["id", "state", *COUNTS, "reasons"]
Done = subprocess.CompletedProcess[str]
Flask = Callable[..., Done]


@pytest.fixture
def wechat() -> Iterator[WechatServer]:
    with wechat_at_work() as server:
        yield server


@pytest.fixture
def flask(tmp_path: Path, wechat: WechatServer) -> Flask:
    env = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    env |= {"DATA_DIR": str(tmp_path / "data"), "WECHAT_API_URL": wechat.url}
    env["WECHAT_APP_SECRET"] = SECRET

    def run(*arguments: str) -> Done:
        command = [sys.executable, "-m", "flask", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False
        )

    return run


@pytest.fixture
def file(tmp_path: Path) -> Callable[..., str]:
    def write(**changes: Any) -> str:
        path = tmp_path / "notice.json"
        path.write_text(json.dumps({**NOTICE, **changes}, ensure_ascii=False), "utf8")
        return str(path)

    return write


def test_a_disclosure_is_published_and_its_push_can_be_held(
    flask: Flask, file: Callable[..., str]
) -> None:
    made = flask("publish", file())
    assert made.returncode == 0, made.stderr
    assert json.loads(made.stdout) == {"disclosure": 1, "push": 1, "audience": 0}
    shown = json.loads(flask("push", "status", "1", "--json").stdout)
    assert list(shown) == KEYS
    for verb, state in (("pause", "paused"), ("resume", "sending"), ("cancel", "cancelled")):
        assert json.loads(flask("push", verb, "1").stdout)["state"] == state
    refused = flask("push", "pause", "1")
    assert (refused.returncode, refused.stdout) == (1, "")


def test_the_status_is_there_within_half_a_second_of_work(
    flask: Flask, file: Callable[..., str]
) -> None:
    flask("publish", file())
    before = os.times()
    assert flask("push", "status", "1", "--json").returncode == 0
    after = os.times()
    worked = after.children_user - before.children_user
    assert worked + after.children_system - before.children_system <= 0.5


def test_what_is_wrong_is_said_on_stderr_with_exit_one(
    flask: Flask, file: Callable[..., str]
) -> None:
    for changes in ({"title": ""}, {"summary": "证号 11010519491231002X"}, {"review": {}}):
        done = flask("publish", file(**changes))
        assert (done.returncode, done.stdout) == (1, ""), changes
        assert "不能发布" in done.stderr
    assert flask("publish", "/nowhere.json").returncode == 1
    assert flask("publish", file(), "--at", "soon").returncode == 2
    assert flask("push", "status", "404", "--json").returncode == 1


@pytest.mark.parametrize("verb", ["status", "pause", "resume", "cancel", "test"])
@pytest.mark.parametrize("wrong", ["x", "0", "1.5", "９", "", "9" * 19, "9" * 30])
def test_a_push_number_that_is_none_is_wrong_usage(verb: str, wrong: str) -> None:
    done = CliRunner().invoke(push, [verb, wrong])
    assert (done.exit_code, done.stdout) == (2, "")
    assert "推送编号应为正整数" in done.stderr


def test_a_push_is_watched_in_the_terminal_until_it_stands_still(
    file: Callable[..., str], flask: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flask("publish", file())
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(CliRunner().invoke, push, ["status", "1", "--watch", "--json"])
        flask("topics")
        assert not watching.done()
        flask("push", "cancel", "1")
        done = watching.result()
    assert json.loads(done.stdout)["state"] == "cancelled"
    assert "推送 1 0/0" in done.stderr


def test_a_push_that_is_not_there_is_said_in_one_sentence(
    file: Callable[..., str], flask: Flask
) -> None:
    flask("publish", file())
    for verb in ("status", "cancel"):
        done = flask("push", verb, "404")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith("Error: 没有编号为 404 的推送")


def test_followers_are_pulled_and_given_a_topic(flask: Flask, wechat: WechatServer) -> None:
    pulled = flask("followers", "sync")
    assert pulled.returncode == 0, pulled.stderr
    nothing = {"topics": 0, "tagged": 0, "untagged": 0, "left": 0}
    assert json.loads(pulled.stdout) == {"pulled": 1, "new": 1, "tags": nothing}
    again = json.loads(flask("followers", "sync", "--no-tags").stdout)
    assert again == {"pulled": 1, "new": 0}
    assert flask("followers", "topics", "--all-to", "nowhere").returncode == 1


def test_topics_are_listed_with_their_followers(flask: Flask, file: Callable[..., str]) -> None:
    flask("publish", file())
    flask("followers", "sync")
    assert json.loads(flask("followers", "topics", "--all-to", "budget").stdout)["new"] == 1
    listed = json.loads(flask("topics", "--json").stdout)
    assert listed[0] == {"slug": "budget", "name": "预决算", "followers": 1}


def test_the_menu_is_sent(flask: Flask, wechat: WechatServer) -> None:
    done = flask("menu", "push")
    assert done.returncode == 0, done.stderr
    (sent,) = wechat.calls("/cgi-bin/menu/create")
    assert len(sent.body["button"]) == 3
    assert all(len(button["name"].encode()) <= 16 for button in sent.body["button"])


def test_a_push_is_tried_only_on_staff_who_have_bound_their_wechat(
    flask: Flask, file: Callable[..., str]
) -> None:
    assert flask("publish", file()).returncode == 0
    assert flask("staff", "add", "wang", "--role", "publisher").returncode == 0
    refused = flask("push", "test", "1", "--to", "wang", "--to", "nobody")
    assert refused.returncode == 1
    assert "“wang”还没有绑定微信" in refused.stderr
    assert "没有“nobody”这个账号" in refused.stderr


def test_a_route_is_confirmed_by_name_and_shown_with_it(flask: Flask) -> None:
    assert "可用" in flask("push", "routes").stdout
    assert flask("push", "confirm", "kefu").returncode == 2  # nobody answers for it
    confirmed = flask("push", "confirm", "kefu", "--by", "王主任")
    assert "王主任" in confirmed.stdout
    assert "王主任" not in flask("push", "confirm", "kefu", "--by", "王主任", "--withdraw").stdout
