"""Fits knowledge/data/coefficients.json by cross-validation on question files, and reports it.

    .venv/bin/python benchmarks/answers_fit.py DATA_DIR=QUESTIONS.jsonl … [--folds 5] [--write]

Each DATA_DIR holds a database into which the catalogue of that set was imported; each question
is `{"qid","question","targets","outcome","slot"}`. Folds are by position in the file. Ranking is a
softmax over the candidates of a question, confidence a logistic over knowledge.confidence.MEASURES.
"""

import argparse
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from core.db import Database
from knowledge.confidence import FILE, MEASURES, measure
from knowledge.loading import build_engine
from knowledge.matching import FEATURES, Match
from knowledge.question import Question
from knowledge.smalltalk import small_talk
from knowledge.text import plain_of
from knowledge.tokenizer import Tokenizer

SCOPES = ("national", "shandong", "linyi")
TODAY = date(2026, 11, 23)
UNRELATED = 0.4  # weight of a made-up unrelated message beside a real question
PRECISION, MARGIN = 0.96, 0.015  # of direct answers in the folds; unseen questions are harder
CHOOSE_FROM = 0.27  # below it most messages have no answer here
FIRM = {"in_force": 2.5, "ours": 0.5, "place": 1.0}  # rules of the house, not learned


@dataclass(frozen=True)
class Case:
    """A question with its candidates: features, and which of them are right."""

    data: dict[str, Any]
    question: Question
    matches: list[Match]
    features: np.ndarray
    right: np.ndarray
    talk: bool

    @property
    def answerable(self) -> bool:
        return bool(self.data["targets"])


def cases_of(folder: Path, file: Path) -> list[Case]:
    """All questions of a file against the catalogue in a folder."""
    database = Database(f"sqlite:///{folder / 'yangguang.db'}")
    engine = build_engine(database, SCOPES, Tokenizer(folder / "jieba"))
    database.close()
    cases = []
    for line in file.read_text("utf8").splitlines():
        data = json.loads(line)
        question = engine.index.reader.read(plain_of(data["question"]), TODAY)
        matches = engine.matcher.look(question, engine.index.first_look(question))
        features = np.array([m.features for m in matches]).reshape(-1, len(FEATURES))
        right = np.array([m.document.id in data["targets"] for m in matches], float)
        talk = bool(small_talk(plain_of(data["question"])))
        cases.append(Case(data, question, matches, features, right, talk))
    return cases


def unrelated_to(folder: Path) -> list[Case]:
    """Messages that no entry of a finance bureau answers: honesty needs many of them."""
    lines = (Path(__file__).parent / "unrelated.txt").read_text("utf8").splitlines()
    file = folder / "unrelated.jsonl"
    rows = [
        {"qid": f"u{i}", "question": q, "targets": [], "slotless": 1} for i, q in enumerate(lines)
    ]
    file.write_text("\n".join(json.dumps(row) for row in rows), "utf8")
    return cases_of(folder, file)


def fit_rank(cases: list[Case], ridge: float = 0.05, steps: int = 400) -> np.ndarray:
    """Softmax over the candidates of each question, full batches of Adam, firm weights kept."""
    firm = np.array([name in FIRM for name in FEATURES])
    weights = np.array([FIRM.get(name, 0.0) for name in FEATURES])
    useful = [(c.features, c.right) for c in cases if c.right.any()]
    mean = np.zeros(len(FEATURES))
    square = np.zeros(len(FEATURES))
    for step in range(1, steps + 1):
        gradient = ridge * weights * len(useful) / 50
        for features, right in useful:
            odds = np.exp(features @ weights - (features @ weights).max())
            share = odds / odds.sum()
            target = share * right
            gradient = gradient + (share - target / (target.sum() + 1e-12)) @ features
        gradient = np.where(firm, 0.0, gradient / len(useful))
        mean = 0.9 * mean + 0.1 * gradient
        square = 0.999 * square + 0.001 * gradient**2
        rate = 0.3 if step < steps // 2 else 0.1
        move = (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        weights = weights - np.where(firm, 0.0, rate * move)
    return weights


def ordered(case: Case, weights: np.ndarray) -> list[tuple[float, Match]]:
    scores = case.features @ weights
    pairs = [(float(s), m) for s, m in zip(scores, case.matches, strict=True)]
    return sorted(pairs, key=lambda pair: -pair[0])


def fit_confidence(cases: list[Case], weights: np.ndarray, ridge: float = 0.1) -> np.ndarray:
    """Logistic over the measures of the first three hits, by Newton's method."""
    rows, right, worth = [], [], []
    for case in cases:
        if case.talk:
            continue
        scored = ordered(case, weights)
        for place, measures in enumerate(measure(case.question, scored)[:3]):
            rows.append([*measures, 1.0])
            right.append(scored[place][1].document.id in case.data["targets"])
            worth.append(
                (1.0 if place == 0 else 0.4) * (UNRELATED if "slotless" in case.data else 1)
            )
    x, y, w = np.array(rows), np.array(right, float), np.array(worth)
    beta = np.zeros(x.shape[1])
    penalty = np.eye(len(beta)) * ridge * len(y) / 20
    penalty[-1, -1] = 1e-6
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ beta))
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x + penalty
        beta = beta - np.linalg.solve(hessian, x.T @ (w * (p - y)) + penalty @ beta)
    return beta


@dataclass(frozen=True)
class Outcome:
    """What would be said to one question."""

    probability: float
    first: bool
    third: bool
    answerable: bool
    data: dict[str, Any]
    top: list[str]


def outcomes(cases: list[Case], weights: np.ndarray, beta: np.ndarray) -> list[Outcome]:
    results = []
    for case in cases:
        scored = [] if case.talk else ordered(case, weights)
        p = 0.0
        if scored:
            p = float(1 / (1 + np.exp(-np.array([*measure(case.question, scored)[0], 1]) @ beta)))
        ids = [m.document.id for _, m in scored]
        targets = set(case.data["targets"])
        results.append(
            Outcome(
                p,
                bool(targets & set(ids[:1])),
                bool(targets & set(ids[:3])),
                case.answerable,
                case.data,
                [f"{m.document.id} {m.document.title}" for _, m in scored[:3]],
            )
        )
    return results


def figures(results: list[Outcome]) -> dict[str, float]:
    """R@1, R@3, AUROC, and the share answered directly at precisions .94 and .96."""
    yes = [r for r in results if r.answerable]
    no = [r.probability for r in results if not r.answerable]
    wins = sum((r.probability > n) + 0.5 * (r.probability == n) for r in yes for n in no)
    report = {
        "R@1": sum(r.first for r in yes) / len(yes),
        "R@3": sum(r.third for r in yes) / len(yes),
        "AUROC": wins / max(len(yes) * len(no), 1),
    }
    for target in (0.94, 0.96):
        share, threshold = best_share(results, target)
        report[f"share@{target}"] = share
        report[f"from@{target}"] = threshold
    return report


def best_share(results: list[Outcome], precision: float) -> tuple[float, float]:
    """The largest share of all questions answered directly at this precision, and from where."""
    ranked = sorted(results, key=lambda r: -r.probability)
    right, best, threshold = 0, 0, 1.0
    for count, result in enumerate(ranked, 1):
        right += result.first
        if right / count >= precision:
            best, threshold = count, result.probability
    return best / len(ranked), threshold


def cross_validated(
    sets: list[list[Case]], others: list[Case], folds: int, ridge: float
) -> list[list[Outcome]]:
    """Every question judged by coefficients that never saw it."""
    results: list[list[Outcome]] = [[] for _ in sets]
    spread: list[list[dict[str, float]]] = [[] for _ in sets]
    for fold in range(folds):
        train = [c for s in sets for i, c in enumerate(s) if i % folds != fold]
        weights = fit_rank(train, ridge)
        beta = fit_confidence([*train, *others], weights)
        for number, cases in enumerate(sets):
            part = outcomes([c for i, c in enumerate(cases) if i % folds == fold], weights, beta)
            results[number] += part
            spread[number].append(figures(part))
    for parts in spread:
        for name in ("R@1", "R@3", "AUROC"):
            values = [part[name] for part in parts]
            print(f"  {name} {np.mean(values):.3f} ± {np.std(values):.3f}", end="")
        print("  (mean and spread of the folds)")
    return results


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sets", nargs="+")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--ridge", type=float, default=0.1)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--wrong", action="store_true")
    options = parser.parse_args()
    sets = [cases_of(*map(Path, text.split("=", 1))) for text in options.sets]
    others = unrelated_to(Path(options.sets[0].split("=", 1)[0]))
    results = cross_validated(sets, others, options.folds, options.ridge)
    for name, part in zip(options.sets, results, strict=True):
        print(name.rsplit("/", 1)[-1], {k: round(v, 3) for k, v in figures(part).items()})
        for r in part if options.wrong else []:
            if r.answerable and not r.first:
                print("  ", r.data["qid"], r.data["question"], r.data["targets"][:2], r.top)
    if options.write:
        cases = [c for s in sets for c in s]
        weights = fit_rank(cases, options.ridge)
        beta = fit_confidence([*cases, *others], weights)
        _, answer_from = best_share([r for part in results for r in part], PRECISION)
        data = {
            "rank": dict(zip(FEATURES, weights.round(4).tolist(), strict=True)),
            "confidence": dict(zip((*MEASURES, "bias"), beta.round(4).tolist(), strict=True)),
            "answer_from": round(answer_from + MARGIN, 3),
            "choose_from": CHOOSE_FROM,
        }
        FILE.write_text(json.dumps(data, indent=1) + "\n", "utf8")
        print(json.dumps(data))


if __name__ == "__main__":
    main()
