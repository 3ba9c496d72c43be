"""The lists of open data: disclosures, fees, funds, guides, FAQ, topics."""

from typing import Any

from sqlalchemy.orm import Session

from bot.followers import topics
from bureau.catalogues import find as catalogues
from bureau.disclosures import find as disclosures
from bureau.disclosures.kinds import KINDS
from bureau.disclosures.models import Disclosure
from core.errors import NotFound
from knowledge.bases import bases_of
from knowledge.models import Kind
from web.api.shapes import Asked, Filter, Prop, Resource, Rows, attribute
from web.counter import office


def _address(path: str) -> str:
    return f"{office().settings.base_url}{path}"


def _files(row: Disclosure) -> list[str]:
    return [_address(f"/disclosures/{row.id}/files/{digest}") for digest in row.files]


DISCLOSURE = (
    Prop("id", "integer", "编号", attribute("id")),
    Prop("index_number", "string", "索引号", attribute("index_number")),
    Prop("title", "string", "标题", attribute("title")),
    Prop("kind", "string", "类别的标识", attribute("kind")),
    Prop("kind_name", "string", "类别", lambda row: KINDS[row.kind].label),
    Prop("topic", "string", "主题的标识", attribute("topic")),
    Prop("office", "string", "发布科室", attribute("office")),
    Prop("summary", "string", "摘要", attribute("summary")),
    Prop("produced_on", "string", "形成日期", attribute("produced_on"), "date"),
    Prop(
        "published_at", "string", "发布时间，由系统记录，不可更改",
        attribute("published_at"), "date-time",
    ),
    Prop("state", "string", "published 已发布，withdrawn 已撤回", attribute("state")),
    Prop("source_url", "string", "来源网址，可能为空", attribute("source_url"), "uri-reference"),
    Prop("url", "string", "网页", lambda row: _address(f"/disclosures/{row.id}"), "uri"),
    Prop("attachments", "array", "附件的网址，末段是文件的 SHA-256", _files),
)  # fmt: skip
BODY = (
    Prop("body_html", "string", "正文", attribute("body_html")),
    Prop("fields", "object", "该类别的专有字段", attribute("fields")),
)
ENTRY = (
    Prop("id", "string", "编号", attribute("key")),
    Prop("title", "string", "名称", attribute("title")),
    Prop("version", "integer", "版本", attribute("version")),
    Prop("scope", "string", "适用地区，空为本市", attribute("scope")),
    Prop("status", "string", "有效性", attribute("status")),
    Prop(
        "stopped_by",
        "string",
        "已失效的依据文号；不为空时正在复核，内容暂不作准",
        attribute("stopped_by"),
    ),
    Prop("bases", "array", "依据的文号", lambda row: bases_of(row.kind, row.source, row.fields)),
    Prop("valid_from", "string", "执行日期", attribute("valid_from"), "date", nullable=True),
    Prop("valid_to", "string", "终止日期", attribute("valid_to"), "date", nullable=True),
    Prop("source", "string", "来源", attribute("source")),
    Prop("confidence", "string", "可信度", attribute("confidence")),
    Prop("fields", "object", "该类别的字段，与导入表头对应", attribute("fields")),
)
TOPIC = (
    Prop("slug", "string", "标识", attribute("slug")),
    Prop("name", "string", "主题", attribute("name")),
    Prop("about", "string", "说明", attribute("about")),
)
WORDS = Filter("q", "名称里的字")
CATALOGUES = {
    "fees": (Kind.FEE, "行政事业性收费", "现行收费项目、标准和依据"),
    "funds": (Kind.FUND, "政府性基金", "现行基金项目、标准和依据"),
    "guides": (Kind.GUIDE, "办事指南", "条件、材料、流程、时限、收费"),
    "faq": (Kind.FAQ, "常见问题", "经审核的问题和答案"),
}


def _disclosures(db: Session, asked: Asked) -> Rows:
    topic = asked.filters.get("topic")
    rows = disclosures.latest(db, topic, asked.size, asked.offset)
    return list(rows), disclosures.count(db, topic)


def _disclosure(db: Session, number: str) -> Any:
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise NotFound("没有这条公开信息")
    return disclosures.one(db, int(number))


def _topics(db: Session, asked: Asked) -> Rows:
    rows = topics.all(db)
    return rows[asked.offset : asked.offset + asked.size], len(rows)


def _catalogue(name: str) -> Resource:
    kind, title, about = CATALOGUES[name]

    def rows(db: Session, asked: Asked) -> Rows:
        words = asked.filters.get("q", "")
        return catalogues.page(db, kind, words, offset=asked.offset, size=asked.size)

    def one(db: Session, key: str) -> Any:
        return catalogues.one(db, kind, key)

    return Resource(name, title, about, ENTRY, rows, one, (WORDS,))


RESOURCES = (
    Resource(
        "disclosures",
        "公开信息",
        "已发布的公开信息，新的在前",
        DISCLOSURE + BODY,
        _disclosures,
        _disclosure,
        (Filter("topic", "主题的标识"),),
    ),
    *(_catalogue(name) for name in CATALOGUES),
    Resource("topics", "主题", "可订阅的主题", TOPIC, _topics),
)
