"""Three hundred questions of three months, with what the library itself found for each."""

import json

from bureau.inquiries import records
from knowledge.library import Library
from ops.seeding.past import Past, openid_of, sample_file

DAYS = 88
ORIGIN = "sample:"


def ask_all(past: Past) -> int:
    """Keep the inquiries; how many."""
    asked: dict[str, int] = json.loads(sample_file("questions.json").read_text("utf8"))["asked"]
    library = Library.open(past.office.database, past.office.settings)
    texts = [text for text, times in asked.items() for _ in range(times)]
    rows = []
    for number, text in enumerate(texts):
        moment = past.at(number * 37 % DAYS + 1, 8 + number * 7 % 14 + number % 60 / 60)
        found = library.ask(text, today=moment.date())
        rows.append(
            {
                "origin": f"{ORIGIN}{number}",
                "openid": openid_of(number * 13),
                "text": text,
                "outcome": found.outcome,
                "hits": [{"id": hit.id, "score": hit.score} for hit in found.hits[:3]],
                "slot": found.slot,
                "at": int(moment.timestamp()),
            }
        )
    library.close()
    with past.office.database.write() as db:
        return records.keep(db, rows)
