"""Reference data every house has (lexicon, everyday names, doors) and the sample catalogues."""

import json
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bureau.catalogues import review
from core.settings import ROOT
from knowledge import importing
from knowledge.kinds import PLURALS
from knowledge.models import Batch, Door, Entry, EverydayName, LexiconRow
from knowledge.rows import drafts_of
from knowledge.sheets import read_sheet

SEEDS = ROOT / "seeds"
SAMPLE_REVIEWERS = ("样例拟稿", "样例复核", "样例批准")


def ensure_reference(db: Session, now: datetime, seeds: Path = SEEDS) -> bool:
    """Load lexicon, everyday names and doors into tables that are empty; True when it did."""
    if db.scalar(select(LexiconRow.id).limit(1)) is not None:
        return False
    lexicon = [
        {"everyday": left, "official": right}
        for file in sorted((seeds / "lexicon").glob("everyday*.txt"))
        for left, right in _pairs(file, "=>")
    ]
    names = [
        {"title": title, "name": name}
        for title, several in everyday_names(seeds / "lexicon" / "names.txt").items()
        for name in several
    ]
    doors = json.loads((seeds / "doors.json").read_text("utf8"))
    for model, rows in ((LexiconRow, lexicon), (EverydayName, names), (Door, doors)):
        if rows:
            db.execute(insert(model), rows)
    importing.touch(db, now)
    return True


def everyday_names(file: Path) -> dict[str, tuple[str, ...]]:
    """Title → what people call it. `诉讼费(财产案件* = …` names all titles that begin so."""
    lines = _pairs(file, "=")
    names: dict[str, dict[str, None]] = {left: {} for left, _ in lines if not left.endswith("*")}
    for left, several in lines:
        meant = [t for t in names if t.startswith(left[:-1])] if left.endswith("*") else [left]
        for title in meant:
            names[title].update(dict.fromkeys(p.strip() for p in several.split("、") if p.strip()))
    return {title: tuple(found) for title, found in names.items()}


def load_samples(db: Session, now: datetime, seeds: Path = SEEDS) -> list[Batch]:
    """The sample catalogues, released as samples; one that has entries is left alone."""
    batches = []
    for plural, kind in PLURALS.items():
        file = seeds / f"{plural}.json"
        taken = db.scalar(select(Entry.id).where(Entry.kind == kind).limit(1))
        if taken is not None or not file.exists():
            continue
        drafts, problems = drafts_of(read_sheet(file, kind), kind)
        if problems:
            raise ValueError(f"{file.name}: {problems[0]}")
        batch = importing.store(db, kind, drafts, file_name=file.name, replace=False, now=now)
        review.release(db, batch, SAMPLE_REVIEWERS, review.SAMPLES, now)
        batches.append(batch)
    return batches


def _pairs(file: Path, sign: str) -> list[tuple[str, str]]:
    """Lines `left SIGN right`; # starts a comment line."""
    lines = file.read_text("utf8").splitlines() if file.exists() else []
    split = (
        line.partition(sign) for line in lines if sign in line and not line.lstrip().startswith("#")
    )
    return [(left.strip(), right.strip()) for left, _, right in split]
