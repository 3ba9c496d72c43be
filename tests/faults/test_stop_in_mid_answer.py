"""SIGTERM in the middle of an answer: the citizen still gets it, then everything ends."""

import signal
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import redis

from tests.faults.census import everyone
from tests.faults.citizens import Line
from tests.house_at_work import house_at_work
from tests.waiting import until

pytestmark = pytest.mark.slow
WRITER = "oWritesWhileWeStop"


def test_the_answer_in_hand_is_finished(tmp_path: Path) -> None:
    with house_at_work(tmp_path, SEED="0") as house, ThreadPoolExecutor(1) as pool:
        log = tmp_path / "logs" / "launcher.log"
        with closing(sqlite3.connect(tmp_path / "yangguang.db", isolation_level=None)) as busy:
            busy.execute("BEGIN IMMEDIATE")  # the letter's draft has to wait for this
            answer = pool.submit(Line(house).once, WRITER, "建议 路口的灯不亮了，请修一修。")
            with closing(redis.Redis(unix_socket_path=str(tmp_path / "redis/redis.sock"))) as seen:
                until(lambda: list(seen.scan_iter(f"yg:*{WRITER}*")))
            house.process.send_signal(signal.SIGTERM)
            until(lambda: "stopping" in log.read_text("utf8"))
            assert not answer.done()
            busy.execute("ROLLBACK")
        heard = answer.result(10)
        assert heard.status == 200
        assert "路口的灯不亮了" in heard.text
        assert house.process.wait(20) == 0
        assert everyone(house) == []
