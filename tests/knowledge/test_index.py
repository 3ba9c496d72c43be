"""The index finds by sums over postings; told again here the slow way, over anything."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.asked import HEARD
from knowledge.cutting import Cutter
from knowledge.index import Found
from knowledge.lexicon import Lexicon
from knowledge.library import Library
from knowledge.matching import FEATURES
from knowledge.postings import K1, NEAR, B, Layers, Postings, highest
from knowledge.text import normalise, plain_of
from knowledge.tokenizer import Tokenizer
from knowledge.views import FULL_NAME, SHORT_NAME

TODAY = date(2026, 11, 23)
BANK = Path(__file__).with_name("questions.jsonl")
TERMS = "甲乙丙丁戊"
bags = st.lists(st.dictionaries(st.sampled_from(TERMS), st.floats(0.2, 3.0)), min_size=1)
weights = st.dictionaries(st.sampled_from([*TERMS, "无"]), st.floats(0.1, 9.0))
texts = st.text("请到财政窗口咨询代理记账许可证 3.5%,a", max_size=30)


@pytest.fixture(scope="session")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    return Tokenizer(tmp_path_factory.mktemp("jieba"))


@given(bags, weights, st.floats(0.1, 1.0))
def test_a_layer_gives_each_document_its_sum_of_weights_and_impacts(
    bags: list[dict[str, float]], asked: dict[str, float], share: float
) -> None:
    lengths = [sum(bag.values()) for bag in bags]
    mean = max(sum(lengths) / len(lengths), 1e-6)
    layers = Layers(len(bags), (0.3, share))
    postings = Postings.build(zip(bags, lengths, strict=True))
    layers.add(0, postings, list(asked.items())[:1])
    layers.add(1, postings, asked.items(), of=2.0)
    expected = [
        share
        * sum(
            weight * bag[term] * (K1 + 1) / (bag[term] + K1 * (1 - B + B * length / mean))
            for term, weight in asked.items()
            if term in bag
        )
        for bag, length in zip(bags, lengths, strict=True)
    ]
    assert layers.scores()[1] * 2 == pytest.approx(expected, rel=1e-5)


@given(st.lists(st.integers(0, 12), max_size=60), st.integers(1, 16))
def test_the_highest_come_first_and_of_equal_ones_the_earlier(scores: list[int], size: int) -> None:
    order = highest(np.array([float(score) for score in scores]), size).tolist()
    top = max(scores, default=0)
    near = [place for place, score in enumerate(scores) if score > top * NEAR[-1]]
    assert order == sorted(near, key=lambda place: -scores[place])[:size]


@given(text=texts)
def test_texts_are_cut_run_by_run_as_they_are_cut_whole(tokenizer: Tokenizer, text: str) -> None:
    plain = normalise(text)
    bag, length = Cutter(tokenizer).body(plain)
    words = tokenizer.words(plain)
    assert bag == {word: min(words.count(word), 3) for word in words}
    terms = [*words, *plain.replace(" ", "")]
    assert length == sum(min(terms.count(term), 3) for term in set(terms))


@given(
    st.lists(st.text("代账驾照", min_size=1, max_size=4), max_size=8),
    st.text("代账驾照 ", max_size=12),
    st.sets(st.integers(0, 12)),
)
def test_the_longest_everyday_word_at_a_place_hides_those_inside_it(
    words: list[str], text: str, edges: set[int]
) -> None:
    borders = frozenset(edges)
    expected, start = [], 0
    while start < len(text):
        fitting = [
            word
            for word in words
            if text.startswith(word, start) and (len(word) > 1 or {start, start + 1} <= borders)
        ]
        length = max(map(len, fitting), default=0)
        if length:
            expected.append((start, start + length))
        start += max(length, 1)
    found = Lexicon((word, "官") for word in words).meanings(text, borders)
    assert [(meaning.start, meaning.end) for meaning in found] == expected


@pytest.mark.parametrize("message", ["代理记账要什么材料", "2018年护照多少钱", "25件诉讼费", "   "])
def test_a_candidate_is_judged_alike_alone_and_among_others(library: Library, message: str) -> None:
    engine = library.engine
    question = engine.index.reader.read(plain_of(message), TODAY)
    found = engine.index.first_look(question)
    together = {m.document.id: m.features for m in engine.matcher.look(question, found)}
    for position, given_ in zip(*found, strict=True):
        for match in engine.matcher.look(question, Found([position], [given_])):
            assert together.get(match.document.id, match.features) == match.features


def test_what_names_and_question_share_is_what_their_sets_of_characters_share(
    library: Library,
) -> None:
    engine = library.engine
    weigh = engine.index.reader.weights
    for line in BANK.read_text("utf8").splitlines():
        question = engine.index.reader.read(plain_of(json.loads(line)["question"]), TODAY)
        heard = {c for c, weight in question.characters.items() if weight > HEARD}
        heard |= {c for meaning in question.meanings for word in meaning.official for c in word}
        for match in engine.matcher.look(question, engine.index.first_look(question)):
            features = dict(zip(FEATURES, match.features, strict=True))
            names = [set(name) - {" "} for name in match.document.names]
            totals = [sum(weigh[c] for c in name) for name in names]
            title = sum(weigh[c] for c in names[0] & heard) / totals[0]
            worths = [min(1.0, SHORT_NAME + (1 - SHORT_NAME) * t / FULL_NAME) for t in totals]
            shares = [title, *(len(name & heard) / len(name) for name in names[1:])]
            named = max(share * worth for share, worth in zip(shares, worths, strict=True))
            assert features["title_named"] == pytest.approx(title)
            assert features["named"] == pytest.approx(named)
            assert features["both"] == pytest.approx(named * features["covered"])
            assert -1e-9 <= features["covered"] <= 1 + 1e-9
