"""How well a set of questions is answered: ranks, honesty about not knowing, precision, slots."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import Refusal
from knowledge.answered import Answered, Kept
from knowledge.library import Library

CURVE = (0.99, 0.97, 0.96, 0.95, 0.94, 0.92, 0.90, 0.85, 0.80)


@dataclass(frozen=True, slots=True)
class Result:
    """One question and what was answered to it."""

    data: dict[str, Any]
    answered: Answered

    @property
    def targets(self) -> set[str]:
        return set(self.data.get("targets") or ())

    @property
    def score(self) -> float:
        return self.answered.hits[0].score if self.answered.hits else 0.0

    def right_within(self, size: int) -> bool:
        """One of the acceptable entries is among the first hits."""
        return bool(self.targets & {hit.id for hit in self.answered.hits[:size]})


def read_questions(file: Path) -> list[dict[str, Any]]:
    """Lines of questions, or of dialogues. Raises Refusal naming the first bad line."""
    questions = []
    try:
        lines = file.read_text("utf8").splitlines()
    except OSError as error:
        raise Refusal(f"读不到文件 {file}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except json.JSONDecodeError as error:
            raise Refusal(f"第 {number} 行不是正确的 JSON：{error.msg}") from error
        if not isinstance(data, dict) or not ({"question", "turns"} & data.keys()):
            raise Refusal(f"第 {number} 行既没有 question 也没有 turns")
        questions.append(data)
    return questions


def ask_all(library: Library, questions: Sequence[dict[str, Any]], today: date) -> list[Result]:
    """Every question once; the turns of a dialogue one after another, with what it keeps."""
    return [result for data in questions for result in _ask(library, data, today)]


def _ask(library: Library, data: dict[str, Any], today: date) -> Iterator[Result]:
    keep: Kept | None = None
    for turn in data.get("turns") or [data]:
        text = turn["say"] if "say" in turn else turn["question"]
        answered = library.ask(str(text), today=today, keep=keep)
        keep = answered.keep if "turns" in data else None
        yield Result({"qid": data.get("did", data.get("qid")), "question": text, **turn}, answered)


def figures(results: Sequence[Result]) -> dict[str, Any]:
    """The figures of contract.md; None where a set has nothing to measure them on."""
    yes = [r for r in results if r.targets]
    no = [r for r in results if not r.targets]
    direct = [r for r in results if r.answered.outcome == "answer"]
    slotted = [r for r in yes if r.data.get("slot")]
    return {
        "questions": len(results),
        "answerable": len(yes),
        "recall_at_1": _share([r.right_within(1) for r in yes]),
        "recall_at_3": _share([r.right_within(3) for r in yes]),
        "mrr": _mean([_reciprocal(r) for r in yes]),
        "no_answer_auroc": _auroc([r.score for r in yes], [r.score for r in no]),
        "direct_precision": _share([r.right_within(1) for r in direct]),
        "direct_share": _share([r.answered.outcome == "answer" for r in results]),
        "choose_share": _share([r.answered.outcome == "choose" for r in results]),
        "slot_accuracy": _share([r.answered.slot == r.data["slot"] for r in slotted]),
        "curve": curve(results),
    }


def curve(results: Sequence[Result]) -> list[dict[str, float]]:
    """For each precision: the largest share answered directly, and the score it starts from."""
    ranked = sorted(results, key=lambda r: -r.score)
    points = []
    for precision in CURVE:
        right, best, start = 0, 0, 1.0
        for count, result in enumerate(ranked, 1):
            right += result.right_within(1)
            if right / count >= precision:
                best, start = count, result.score
        points.append(
            {
                "precision": precision,
                "share": round(best / max(len(ranked), 1), 4),
                "from_score": round(start, 4),
            }
        )
    return points


def wrong(results: Sequence[Result]) -> list[Result]:
    """Answerable questions whose first hit is not right."""
    return [r for r in results if r.targets and not r.right_within(1)]


def _reciprocal(result: Result) -> float:
    for place, hit in enumerate(result.answered.hits, 1):
        if hit.id in result.targets:
            return 1.0 / place
    return 0.0


def _auroc(yes: Sequence[float], no: Sequence[float]) -> float | None:
    """The chance that an answerable question scores above an unanswerable one."""
    if not yes or not no:
        return None
    wins = sum((a > b) + 0.5 * (a == b) for a in yes for b in no)
    return round(wins / (len(yes) * len(no)), 4)


def _share(truths: Sequence[bool]) -> float | None:
    return round(sum(truths) / len(truths), 4) if truths else None


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
