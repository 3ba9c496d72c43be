"""The commands as outsiders run them: their output, their exit codes, no Redis and no house."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bureau.catalogues import bank
from core.db import Database
from core.settings import ROOT
from tests.clocks import FixedClock

FLASK = [sys.executable, "-W", "ignore", "-m", "flask"]


def run(data: Path, *words: str, said: str = "") -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "DATA_DIR": str(data), "SEED": "0"}
    command = [*FLASK, *words]
    return subprocess.run(
        command, cwd=ROOT, env=env, input=said, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_an_imported_faq_is_asked_by_lines_and_ids_come_back(tmp_path: Path) -> None:
    file = tmp_path / "faq.jsonl"
    rows = [
        {
            "id": "z-1",
            "question": "公务卡怎么还款",
            "similar": ["公务卡还钱"],
            "answer": "单位还。",
        },
        {"id": "z-2", "question": "票据怎么核销", "similar": [], "answer": "窗口核销。"},
    ]
    file.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), "utf8")
    data = tmp_path / "data"
    done = run(data, "import", "faq", str(file), "--review", "甲,乙,丙")
    assert done.returncode == 0, done.stderr
    asked = [
        {"qid": 1, "did": "d", "question": "公务卡还钱怎么还"},
        {"qid": 2, "did": "d", "question": "那票据怎么核销"},
        {"qid": 3, "did": "e", "question": "你好"},
    ]
    said = "".join(json.dumps(a, ensure_ascii=False) + "\n" for a in asked)
    result = run(data, "ask", "--jsonl", "--dialog", said=said)
    assert result.returncode == 0, result.stderr
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["qid"] for line in lines] == [1, 2, 3]
    assert [line["hits"][0]["id"] for line in lines[:2]] == ["z-1", "z-2"]
    assert set(lines[0]) == {"qid", "outcome", "hits", "slot", "reply"}
    assert lines[2]["outcome"] == "unknown"


@pytest.mark.slow
def test_bad_rows_end_the_import_and_skip_bad_leaves_them_out(tmp_path: Path) -> None:
    file = tmp_path / "fees.csv"
    file.write_text("项目名称,征收标准,执行日期\n好,1元,2026-01-01\n坏,2元,昨天\n", "utf8")
    refused = run(tmp_path / "d", "import", "fees", str(file), "--review", "甲,乙")
    assert refused.returncode == 1
    assert "第 3 行" in refused.stderr
    assert "昨天" in refused.stderr
    skipped = run(tmp_path / "d", "import", "fees", str(file), "--review", "甲,乙", "--skip-bad")
    assert skipped.returncode == 0, skipped.stderr
    assert "新增 1" in skipped.stdout
    assert run(tmp_path / "d", "import", "fees", str(file), "--review", "甲").returncode == 1
    assert run(tmp_path / "d", "import", "nothing", str(file)).returncode == 2


@pytest.mark.slow
def test_an_import_that_loses_a_right_answer_needs_a_word_more(tmp_path: Path) -> None:
    """What would be lost is named; questions of the samples are only told of."""
    old, new, data = tmp_path / "old.json", tmp_path / "new.json", tmp_path / "d"
    card = {"id": "z-1", "question": "公务卡怎么还款", "answer": "单位还。"}
    other = {"id": "z-2", "question": "票据怎么核销", "answer": "窗口核销。"}
    old.write_text(json.dumps([card, other], ensure_ascii=False), "utf8")
    new.write_text(json.dumps([other], ensure_ascii=False), "utf8")
    words = ("import", "faq", str(new), "--replace", "--review", "甲,乙")
    assert run(data, "import", "faq", str(old), "--review", "甲,乙").returncode == 0
    keep_in_bank(data, "公务卡怎么还款", "z-1", bank.STAFF)
    shown = run(data, *words[:4], "--dry-run")
    assert (shown.returncode, "会答错：公务卡怎么还款" in shown.stderr) == (0, True)
    refused = run(data, *words)
    assert refused.returncode == 1
    assert "--accept-lost" in refused.stderr
    assert "z-1" in run(data, "ask", "--jsonl", said='{"question":"公务卡怎么还款"}').stdout
    done = run(data, *words, "--accept-lost")
    assert done.returncode == 0, done.stderr
    assert "z-1" not in run(data, "ask", "--jsonl", said='{"question":"公务卡怎么还款"}').stdout
    keep_in_bank(data, "票据怎么核销", "z-2", bank.SAMPLE)
    old.write_text(json.dumps([card], ensure_ascii=False), "utf8")
    told = run(data, "import", "faq", str(old), "--replace", "--review", "甲,乙")
    assert (told.returncode, "会答错：票据怎么核销" in told.stderr) == (0, True)


def keep_in_bank(data: Path, text: str, key: str, origin: str) -> None:
    database = Database(f"sqlite:///{next(data.glob('*.db'))}")
    with database.write() as db:
        bank.keep(db, text, [key], origin, "办公室", FixedClock().now())
    database.close()
