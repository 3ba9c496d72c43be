"""Where an entry comes from, since when it holds, and how sure it is: said with every answer."""

from datetime import date

from knowledge.known import Known
from knowledge.models import Kind

SAMPLE_NOTE = "（样例数据，待核实）"
UNTRACEABLE = ("FROM MEMORY", "URL not kept")


def times_of(entry: Known, today: date) -> list[str]:
    """Sentences on whether the entry is in force, until when and since when."""
    said = {
        "superseded": "注意：这是以前的标准，现在已经调整。",
        "historical": "注意：这是历史项目，多数地方已不再执行。",
        "abolished": "注意：这一项目已经取消或停征。",
    }.get(entry.status)
    lines = [said] if said else []
    if entry.valid_to and entry.valid_to < today and entry.status == "current":
        lines.append(f"注意：所载期限到 {entry.valid_to:%Y-%m-%d} 为止，之后是否延续请核实。")
    elif entry.valid_to:
        lines.append(f"有效期至 {entry.valid_to:%Y-%m-%d}。")
    if entry.valid_from:
        lines.append(f"自 {entry.valid_from:%Y-%m-%d} 起执行。")
    return lines


def source_of(entry: Known) -> str:
    """Where the entry was read, as published; empty when that is the 依据 it names anyway."""
    return "" if entry.source == entry.text("legal_basis") else plainly(entry.source)


def is_unsure(entry: Known) -> bool:
    """Whether nobody has traced the entry: it ends with SAMPLE_NOTE."""
    marks = (entry.confidence, entry.text("basis_confidence") if entry.kind == Kind.FEE else "")
    return any(mark in entry.confidence for mark in UNTRACEABLE) or marks[1] == UNTRACEABLE[0]


def plainly(text: str) -> str:
    """A field without the working marks of those who drafted it."""
    return text.replace("(FROM MEMORY)", "（待核实）").replace("FROM MEMORY", "待核实")
