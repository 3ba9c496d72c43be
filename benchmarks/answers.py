"""Answers: ours beside what others use, on the same questions, in one run.

`python -m benchmarks.answers [OUT.json] [--questions FILE=DATABASE …] [--sizes 10000,100000]`

Without arguments: the sample catalogues with tests/knowledge/questions.jsonl, then the speed of a
catalogue blown up to 10 000 and 100 000 entries. A set of one's own is a file of questions and the
SQLite file that its catalogue was imported into. Rivals get the same names; --titles: titles only.
"""

import argparse
import gc
import json
import multiprocessing
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from benchmarks.answers_rivals import RIVALS, Found, Search
from bureau.catalogues import reference
from core.db import Database
from core.migrating import upgrade
from core.settings import ROOT
from knowledge.documents import Document, bare_title, names_of
from knowledge.engine import Engine
from knowledge.index import Index
from knowledge.loading import build_engine
from knowledge.matching import Matcher
from knowledge.tokenizer import Tokenizer
from knowledge.variants import families

OURS = "阳光财政"
TODAY = date(2026, 11, 23)
SCOPES = ("national", "shandong", "linyi")
TOWNS = ("兰山", "罗庄", "河东", "沂水", "莒南", "费县", "平邑", "蒙阴", "临沭", "郯城", "高新")


def ours(engine: Engine) -> Search:
    return lambda text: [(hit.id, hit.score) for hit in engine.ask(text, TODAY, None).hits]


@dataclass(frozen=True)
class Asked:
    """One question of a set and what one engine found."""

    data: dict[str, Any]
    found: Found

    def right(self, size: int) -> bool:
        return bool(set(self.data["targets"]) & {key for key, _ in self.found[:size]})

    @property
    def score(self) -> float:
        return self.found[0][1] if self.found else 0.0


def quality(search: Search, questions: Sequence[dict[str, Any]]) -> dict[str, float]:
    """R@1, R@3 and the chance that an answerable question scores above another."""
    results = [Asked(data, search(data["question"])) for data in questions]
    yes = [r for r in results if r.data["targets"]]
    no = [r.score for r in results if not r.data["targets"]]
    wins = sum((r.score > n) + 0.5 * (r.score == n) for r in yes for n in no)
    return {
        "R@1": round(sum(r.right(1) for r in yes) / len(yes), 3),
        "R@3": round(sum(r.right(3) for r in yes) / len(yes), 3),
        "AUROC": round(wins / max(len(yes) * len(no), 1), 3),
    }


def speed(search: Search, texts: Sequence[str]) -> dict[str, float]:
    """Milliseconds of this thread's own time a question, median and 99th of a hundred."""
    for text in texts[:20]:
        search(text)
    spent = []
    for _ in range(3):
        for text in texts:
            started = time.thread_time()
            search(text)
            spent.append((time.thread_time() - started) * 1000)
    return {
        "p50_ms": round(float(np.percentile(spent, 50)), 3),
        "p99_ms": round(float(np.percentile(spent, 99)), 3),
    }


def blown_up(documents: Sequence[Document], size: int) -> list[Document]:
    """The catalogue again and again, each time as another town's."""
    made = []
    for i in range(size):
        d = documents[i % len(documents)]
        turn = i // len(documents)
        prefix = TOWNS[turn % len(TOWNS)] + (str(turn) if turn >= len(TOWNS) else "")
        title = prefix + d.title if turn else d.title
        names = names_of(title, d.names[1:] if turn == 0 else ())
        made.append(
            replace(d, id=f"{d.id}-{turn}", title=title, names=names, bare=bare_title(title))
        )
    return made


def seeded(folder: Path) -> Path:
    """A database with word lists and sample catalogues."""
    database = Database(f"sqlite:///{folder / 'y.db'}")
    upgrade(database)
    now = datetime.now(UTC)
    with database.write() as db:
        reference.ensure_reference(db, now)
        reference.load_samples(db, now)
    database.close()
    return folder / "y.db"


def run_set(file: Path, store: Path, tokenizer: Tokenizer, *, titles: bool) -> dict[str, Any]:
    """All engines on one set of questions."""
    database = Database(f"sqlite:///{store}")
    engine = build_engine(database, SCOPES, tokenizer)
    database.close()
    questions = [json.loads(line) for line in file.read_text("utf8").splitlines() if line.strip()]
    texts = [data["question"] for data in questions]
    report: dict[str, Any] = {"entries": len(engine.index.documents), "questions": len(questions)}
    known = engine.index.documents
    if titles:
        known = tuple(replace(d, names=d.names[:1]) for d in known)
    searches = {n: make(known, tokenizer) for n, make in RIVALS.items()}
    for name, search in {**searches, OURS: ours(engine)}.items():
        report[name] = {**quality(search, questions), **speed(search, texts)}
        print(f"  {name:28} {report[name]}")
    return report


def ours_of(documents: Sequence[Document], small: Engine) -> Search:
    """Our engine over these documents, with the word list of a smaller one."""
    index = Index(documents, small.index.tokenizer, small.index.lexicon)
    entries = {
        d.id: replace(small.entries[d.id.rpartition("-")[0]], id=d.id, title=d.title)
        for d in documents
    }
    matcher, alike = Matcher(index), families(documents)
    return ours(replace(small, index=index, matcher=matcher, entries=entries, families=alike))


def run_one(name: str, size: int, store: Path, texts: Sequence[str]) -> dict[str, Any]:
    """One engine over a catalogue of this size: build, memory, speed. Runs in its own process."""
    tokenizer = Tokenizer(store.parent / "jieba")
    database = Database(f"sqlite:///{store}")
    small = build_engine(database, SCOPES, tokenizer)
    database.close()
    before = process_mib()
    documents = blown_up(small.index.documents, size)
    started = time.thread_time()
    search = ours_of(documents, small) if name == OURS else RIVALS[name](documents, tokenizer)
    built_s = time.thread_time() - started
    gc.collect()
    gc.freeze()  # as the library does: nobody's index is walked through while it answers
    after = process_mib()
    return {
        "build_s": round(built_s, 2),
        "process_mib": round(after),
        "grown_mib": round(after - before),
        **speed(search, texts),
    }


def process_mib() -> float:
    """What this process alone takes of the memory."""
    return float(psutil.Process().memory_full_info().uss / 2**20)


def run_size(size: int, store: Path, texts: Sequence[str]) -> dict[str, Any]:
    """Ours and the rivals made for size, one process after the other."""
    report: dict[str, Any] = {"entries": size}
    for name in (OURS, "tantivy, words", "bm25s, words", "SQLite FTS5, words"):
        few = texts if size <= 10_000 or name == OURS else texts[:30]
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as one:
            report[name] = one.submit(run_one, name, size, store, few).result()
        print(f"  {name:28} {report[name]}")
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", nargs="?", type=Path)
    parser.add_argument("--questions", action="append", default=[], metavar="FILE=DATABASE")
    parser.add_argument("--titles", action="store_true", help="rivals see titles only")
    parser.add_argument("--sizes", default="10000,100000")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="yg-answers-") as folder:
        tokenizer = Tokenizer(Path(folder) / "jieba")
        bank = ROOT / "tests" / "knowledge" / "questions.jsonl"
        store = seeded(Path(folder))
        pairs = [tuple(map(Path, text.split("=", 1))) for text in options.questions]
        report: dict[str, Any] = {"sets": {}, "sizes": []}
        for file, where in pairs or [(bank, store)]:
            print(file.name)
            report["sets"][file.name] = run_set(file, where, tokenizer, titles=options.titles)
        texts = [json.loads(line)["question"] for line in bank.read_text("utf8").splitlines()]
        for size in filter(None, options.sizes.split(",")):
            report["sizes"].append(run_size(int(size), store, texts))
    if options.out:
        options.out.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf8")


if __name__ == "__main__":
    main()
