"""What others use to find an answer: each makes a search from the same names, untuned."""

import sqlite3
from collections.abc import Callable, Sequence

import bm25s
import numpy as np
import tantivy

from knowledge.documents import Document
from knowledge.text import normalise
from knowledge.tokenizer import Tokenizer

Found = list[tuple[str, float]]
Search = Callable[[str], Found]
Make = Callable[[Sequence[Document], Tokenizer], Search]


def words_of(tokenizer: Tokenizer, text: str, characters: bool = False) -> list[str]:
    """Search-mode words, with single characters or without."""
    found = [w for w, _, _ in tokenizer.inner(tokenizer.spans(text))] or list(text)
    return [*found, *text.replace(" ", "")] if characters else found


def exact(documents: Sequence[Document], _tokenizer: Tokenizer) -> Search:
    """WeRoBot's text filter: the message is a name."""
    table = {name: d.id for d in documents for name in d.names}
    return lambda text: [(table[normalise(text)], 1.0)] if normalise(text) in table else []


def keywords(documents: Sequence[Document], _tokenizer: Tokenizer) -> Search:
    """WeChat's console: a keyword (a name) stands in the message; the longest wins."""
    rules = sorted(((n, d.id) for d in documents for n in d.names), key=lambda r: -len(r[0]))

    def search(text: str) -> Found:
        plain = normalise(text)
        hits = dict.fromkeys(key for name, key in rules if name in plain)
        return [(key, 1.0 / place) for place, key in enumerate(hits, 1)][:10]

    return search


def tf_idf(documents: Sequence[Document], tokenizer: Tokenizer) -> Search:
    """Cosine of TF-IDF over jieba words, in numpy."""
    bags = [words_of(tokenizer, " ".join(d.names)) for d in documents]
    vocabulary = {w: i for i, w in enumerate(dict.fromkeys(w for bag in bags for w in bag))}
    matrix = np.zeros((len(bags), len(vocabulary)), np.float32)
    for row, bag in enumerate(bags):
        for word in bag:
            matrix[row, vocabulary[word]] += 1
    idf = np.log((1 + len(bags)) / (1 + (matrix > 0).sum(0))) + 1
    matrix *= idf
    matrix /= np.linalg.norm(matrix, axis=1, keepdims=True) + 1e-9

    def search(text: str) -> Found:
        query = np.zeros(len(vocabulary), np.float32)
        for word in words_of(tokenizer, normalise(text)):
            if word in vocabulary:
                query[vocabulary[word]] += idf[vocabulary[word]]
        return _top(documents, matrix @ (query / (np.linalg.norm(query) + 1e-9)))

    return search


def bm25(characters: bool) -> Make:
    """bm25s over jieba words, or words and characters."""

    def make(documents: Sequence[Document], tokenizer: Tokenizer) -> Search:
        corpus = [words_of(tokenizer, " ".join(d.names), characters) for d in documents]
        index = bm25s.BM25()
        index.index(corpus, show_progress=False)

        def search(text: str) -> Found:
            query = words_of(tokenizer, normalise(text), characters)
            known = [word for word in query if word in index.vocab_dict]
            return _top(documents, index.get_scores(known)) if known else []

        return search

    return make


def tantivy_words(documents: Sequence[Document], tokenizer: Tokenizer) -> Search:
    """tantivy over jieba words."""
    schema = tantivy.SchemaBuilder()
    schema.add_text_field("id", stored=True, tokenizer_name="raw")
    schema.add_text_field("name", tokenizer_name="whitespace")
    index = tantivy.Index(schema.build())
    writer = index.writer(50_000_000, 1)
    for d in documents:
        words = " ".join(words_of(tokenizer, " ".join(d.names)))
        writer.add_document(tantivy.Document(id=d.id, name=words))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()

    def search(text: str) -> Found:
        words = " ".join(f'"{w}"' for w in words_of(tokenizer, normalise(text)))
        if not words:
            return []
        searcher = index.searcher()
        hits = searcher.search(index.parse_query(words, ["name"]), 10).hits
        return [(searcher.doc(place)["id"][0], score) for score, place in hits]

    return search


def fts5(documents: Sequence[Document], tokenizer: Tokenizer) -> Search:
    """SQLite FTS5 over jieba words, OR query."""
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE f USING fts5(id UNINDEXED, name)")
    rows = [(d.id, " ".join(words_of(tokenizer, " ".join(d.names)))) for d in documents]
    db.executemany("INSERT INTO f VALUES (?, ?)", rows)
    statement = "SELECT id, -bm25(f) FROM f WHERE f MATCH ? ORDER BY bm25(f) LIMIT 10"

    def search(text: str) -> Found:
        words = [w for w in words_of(tokenizer, normalise(text)) if w.strip()]
        query = " OR ".join(f'"{w}"' for w in words)
        return list(db.execute(statement, (query,))) if query else []

    return search


RIVALS: dict[str, Make] = {
    "exact match": exact,
    "keyword rules": keywords,
    "TF-IDF, words": tf_idf,
    "bm25s, words": bm25(characters=False),
    "bm25s, words + characters": bm25(characters=True),
    "tantivy, words": tantivy_words,
    "SQLite FTS5, words": fts5,
}


def _top(documents: Sequence[Document], scores: np.ndarray) -> Found:
    best = np.argsort(-scores, kind="stable")[:10]
    return [(documents[i].id, float(scores[i])) for i in best if scores[i] > 0]
