"""Where an entry comes from, since when it holds, and how sure it is: said with every answer."""

import re
from datetime import date

from knowledge.known import Known
from knowledge.models import Kind

SAMPLE_NOTE = "（样例数据，待核实）"
STATUTES = "国家法律法规全文"
HAN = re.compile("[\u4e00-\u9fff]")
ADDRESS = re.compile(
    r"(?:https?://)?((?:[a-z0-9-]+\.)+[a-z]{2,})(?:[/?][^\s(（)）;；一-鿿]*)?", re.IGNORECASE
)
BRACKET = re.compile("[(（]([^()（）]*)[)）]")
APART = re.compile("[;；](?![^()（）]*[)）])")
OF_WORK = re.compile("(?:本次)?会话(?:早期)?读到")  # working marks of those who drafted the samples
OTHERS = "其他网页转载"
SHORT = 5  # characters of a name that says little without its site
MACHINE = re.compile(r"^[\x21-\x7e]+$")  # LawRefBook, approve_id=18006, wenda-8208
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
    """Where the entry was read, in words; empty when that is the 依据 it names anyway."""
    return "" if entry.source == entry.text("legal_basis") else in_words(entry.source)


def in_words(source: str) -> str:
    """A source as a clerk names it: pages by their name and site, not by their address."""
    parts = (_one_source(plainly(part).strip()) for part in APART.split(source))
    said = "；".join(dict.fromkeys(part for part in parts if part))
    return said or (OTHERS if source.strip() else "")


def _one_source(part: str) -> str:
    """One page or document: what it is called, with the site of a government's own page."""
    found = ADDRESS.search(part)
    site = found[1] if found else ""
    inside = [ADDRESS.sub("", name).strip() for name in BRACKET.findall(part)]
    names = [name for name in inside if HAN.search(name) and not OF_WORK.search(name)]
    rest = BRACKET.sub(" ", ADDRESS.sub(" ", part)) if inside or found else part
    words = " ".join(word for word in rest.split() if HAN.search(word) or not MACHINE.search(word))
    words = OF_WORK.sub("", words).strip("，,、:：… ")
    if HAN.search(words) and words != "同上":
        name = words + (f"（{'，'.join(names)}）" if names else "")
    elif names:
        own = site.endswith(".gov.cn") or len(names[0]) <= SHORT
        name = "，".join(names) + (f"（{site}）" if own and site else "")
    else:
        name = f"{site} 网页" if site else STATUTES if "LawRefBook" in part else ""
    return name.replace("镜像", "转载")


def is_unsure(entry: Known) -> bool:
    """Whether nobody has traced the entry: it ends with SAMPLE_NOTE."""
    marks = (entry.confidence, entry.text("basis_confidence") if entry.kind == Kind.FEE else "")
    return any(mark in entry.confidence for mark in UNTRACEABLE) or marks[1] == UNTRACEABLE[0]


def plainly(text: str) -> str:
    """A field without the working marks of those who drafted it."""
    return text.replace("(FROM MEMORY)", "（待核实）").replace("FROM MEMORY", "待核实")
