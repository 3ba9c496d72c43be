"""What a disclosure says: read from outside, checked whole, and bound by one hash."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from html import unescape
from typing import Any

import nh3

from bureau.disclosures.kinds import ATTRIBUTES, KINDS, day_of, problems_of
from bureau.disclosures.models import Disclosure
from bureau.release.gate import hash_of

REVIEW_STEPS = {
    "drafted_by": "拟稿人",
    "reviewed_by": "复审人",
    "approved_by": "批准人",
}
TITLE_LIMIT, SUMMARY_LIMIT = 200, 2_000
CONTACTS = ("fields.supervision_phone", "fields.phone", "fields.contact")
TAGS = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True)
class Content:
    """The words of one version. Reviews and hash cover all of it."""

    title: str
    kind: str
    topic: str
    summary: str
    body_html: str
    produced_on: date
    source_url: str
    urgent: bool
    office: str
    attribute: str
    attribute_reason: str
    fields: Mapping[str, Any]
    files: tuple[str, ...] = ()  # SHA-256 of each attachment

    def to_json(self) -> dict[str, Any]:
        made = {name: getattr(self, name) for name in self.__slots__}
        made |= {"produced_on": self.produced_on.isoformat(), "fields": dict(self.fields)}
        files = made.pop("files")
        return {**made, "files": list(files)} if files else made

    @property
    def hash(self) -> str:
        return hash_of(self.to_json())

    @property
    def brief(self) -> str:
        """The summary, or the beginning of the text."""
        return self.summary or plain(self.body_html)


def texts_of(data: Mapping[str, Any]) -> dict[str, str]:
    """Every text of a content by the name a person knows it by, for the scan."""
    fields = data.get("fields") or {}
    own = {f"fields.{key}": flat(value) for key, value in dict(fields).items()}
    texts = {name: str(data.get(name) or "") for name in ("title", "summary", "office")}
    texts["body_html"] = plain(str(data.get("body_html") or ""))
    return {name: text for name, text in {**texts, **own}.items() if text}


def problems(data: Mapping[str, Any], *, outside: bool) -> list[str]:
    """Everything wrong with data from outside, each with its field's name; empty when good.

    outside: the review is in the data too (`flask publish`).
    """
    wrong = _common_problems(data)
    kind = KINDS.get(str(data.get("kind", "notice")))
    if kind is None:
        wrong.append(f"kind：没有这个类别，可用 {'、'.join(KINDS)}")
    fields = data.get("fields") or {}
    if not isinstance(fields, Mapping):
        wrong.append("fields：应为一组“名称：内容”")
    elif kind is not None:
        wrong += problems_of(kind, fields)
    if outside:
        wrong += _review_problems(data.get("review"))
    return wrong


def _common_problems(data: Mapping[str, Any]) -> list[str]:
    required = (("title", "标题"), ("topic", "主题"), ("produced_on", "形成日期"))
    wrong = [
        f"{key}：缺少“{label}”" for key, label in required if not str(data.get(key) or "").strip()
    ]
    if not any(str(data.get(key) or "").strip() for key in ("summary", "body_html")):
        wrong.append("summary 或 body_html：至少写一项（摘要或正文）")
    return wrong + _shape_problems(data) + _attribute_problems(data)


def _shape_problems(data: Mapping[str, Any]) -> list[str]:
    wrong = []
    if data.get("produced_on") and day_of(data["produced_on"]) is None:
        wrong.append("produced_on：应为日期，如 2026-11-23")
    if len(str(data.get("title") or "")) > TITLE_LIMIT:
        wrong.append(f"title：不超过 {TITLE_LIMIT} 字")
    if len(str(data.get("summary") or "")) > SUMMARY_LIMIT:
        wrong.append(f"summary：不超过 {SUMMARY_LIMIT} 字，较长的内容请放进 body_html")
    if not isinstance(data.get("urgent") or False, bool):
        wrong.append("urgent：应为 true 或 false")
    url = str(data.get("source_url") or "")
    if url and not url.startswith(("http://", "https://")):
        wrong.append("source_url：应以 http:// 或 https:// 开头")
    return wrong


def _attribute_problems(data: Mapping[str, Any]) -> list[str]:
    attribute = attribute_of(data)
    if attribute not in ATTRIBUTES:
        return [f"attribute：可用 {'、'.join(ATTRIBUTES.values())}"]
    if attribute != "proactive" and not data.get("attribute_reason"):
        return ["attribute_reason：依申请公开或不予公开须写明理由"]
    return []


def _review_problems(review: Any) -> list[str]:
    if not isinstance(review, Mapping):
        return ["review：缺少审核信息（drafted_by、reviewed_by、approved_by）"]
    wrong = [
        f"review.{key}：缺少“{label}”"
        for key, label in REVIEW_STEPS.items()
        if not str(review.get(key) or "").strip()
    ]
    people = {str(review.get(key) or "").strip() for key in REVIEW_STEPS} - {""}
    if not wrong and len(people) < 2:
        wrong.append("review：审核至少要两个不同的人")
    return wrong


def read(data: Mapping[str, Any]) -> Content:
    """Data without problems as content; HTML is cleaned, defaults are filled in."""
    produced_on = day_of(data["produced_on"])
    if produced_on is None:
        raise ValueError("check problems() first")
    return Content(
        title=str(data["title"]).strip(),
        kind=str(data.get("kind") or "notice"),
        topic=str(data["topic"]).strip(),
        summary=str(data.get("summary") or "").strip(),
        body_html=nh3.clean(str(data.get("body_html") or "")).strip(),
        produced_on=produced_on,
        source_url=str(data.get("source_url") or ""),
        urgent=bool(data.get("urgent", False)),
        office=str(data.get("office") or "办公室"),
        attribute=attribute_of(data),
        attribute_reason=str(data.get("attribute_reason") or ""),
        fields=dict(data.get("fields") or {}),
        files=tuple(data.get("files") or ()),
    )


def content_of(disclosure: Disclosure) -> Content:
    """The version of a disclosure that stands now, as content."""
    known = {name: getattr(disclosure, name) for name in Content.__slots__}
    return Content(**{**known, "files": tuple(disclosure.files)})


def attribute_of(data: Mapping[str, Any]) -> str:
    """The attribute's key, given by key or by its Chinese name; 主动公开 when left out."""
    given = str(data.get("attribute") or "proactive")
    by_label = {label: key for key, label in ATTRIBUTES.items()}
    return by_label.get(given, given)


def plain(html: str) -> str:
    """The text of HTML, a line break where a tag stood."""
    return re.sub(r"\n\s*\n+", "\n", unescape(TAGS.sub("\n", html))).strip()


def flat(value: Any) -> str:
    """A field's value as one text for the scan."""
    if isinstance(value, Mapping):
        return "\n".join(flat(item) for item in value.values())
    if isinstance(value, list | tuple):
        return "\n".join(flat(item) for item in value)
    return "" if value is None else str(value)
