"""What each kind of entry consists of, and how bureaus head the columns of their sheets."""

from dataclasses import dataclass
from enum import StrEnum

from knowledge.models import Kind


class Cell(StrEnum):
    """How a cell is read."""

    TEXT = "text"
    LIST = "list"
    DAY = "day"
    NUMBER = "number"
    YES_NO = "yes_no"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Column:
    """One field: its key in JSON, the headings real sheets give it (the first is ours)."""

    key: str
    headings: tuple[str, ...]
    cell: Cell = Cell.TEXT
    required: bool = False


STATUSES = {
    "current": "current", "有效": "current", "现行": "current", "执行中": "current",
    "在用": "current",
    "superseded": "superseded", "修改": "superseded", "已调整": "superseded",
    "exempt": "exempt", "免征": "exempt", "减免": "exempt",
    "abolished": "abolished", "取消": "abolished", "停征": "abolished", "废止": "abolished",
    "失效": "abolished",
    "historical": "historical", "历史": "historical",
    "prohibited": "prohibited", "禁止收费": "prohibited",
}  # fmt: skip

COMMON = (
    Column("scope", ("适用地区", "适用范围", "地区")),
    Column("status", ("有效性", "状态", "事项状态")),
    Column("valid_from", ("执行日期", "生效日期", "开始日期", "执行时间", "实施日期"), Cell.DAY),
    Column("valid_to", ("终止日期", "截止日期", "失效日期", "有效期至", "到期日期"), Cell.DAY),
    Column("confidence", ("可信度",)),
    Column("source", ("来源", "信息来源", "出处")),
    Column("note", ("备注", "说明")),
)
KEY = Column("id", ("编号", "标识", "ID"), Cell.CODE)

FEE = (
    KEY,
    Column("name", ("项目名称", "收费项目", "收费项目名称", "一级项目", "名称"), required=True),
    Column("dept", ("部门", "主管部门", "部门名称")),
    Column("rate_text", ("征收标准", "收费标准", "标准")),
    Column("amount", ("金额",), Cell.NUMBER),
    Column("unit", ("计算单位", "计费单位", "计量单位", "单位")),
    Column("payer", ("征收对象", "缴费对象", "收费对象", "缴纳对象")),
    Column("collecting_unit", ("执收部门(单位)", "执收单位", "执收部门", "收费单位")),
    Column("fund_management", ("资金管理方式", "预算管理形式", "资金管理")),
    Column("legal_basis", ("政策依据", "收费依据", "设立依据", "文件依据", "批准文号")),
    Column("enterprise_related", ("是否涉企", "涉企"), Cell.YES_NO),
    Column("level", ("立项级次", "级别", "类别", "收费类别")),
    Column("reductions", ("减免规定", "减免政策", "优惠政策"), Cell.LIST),
    Column("supervision_phone", ("监督电话", "投诉电话", "举报电话"), Cell.CODE),
    Column("basis_confidence", ("依据可信度",)),
)
FUND = (
    KEY,
    Column("name", ("项目名称", "基金名称", "基金项目", "名称"), required=True),
    Column("rate_text", ("征收标准", "标准")),
    Column("formula", ("计算公式", "计征方式")),
    Column("legal_basis", ("政策依据", "设立依据", "征收依据", "文件依据")),
    Column("area", ("征收地区", "征收范围")),
    Column("collection_method", ("征收方式",)),
    Column("collector", ("征收单位", "执收单位", "征收部门", "执收部门(单位)")),
    Column("payer", ("征收对象", "缴纳对象")),
    Column("fund_management", ("资金管理方式", "预算管理形式")),
    Column("dept", ("部门", "主管部门")),
)
GUIDE = (
    KEY,
    Column("name", ("事项名称", "办理事项", "服务事项", "名称"), required=True),
    Column("item_code", ("实施编码", "事项编码"), Cell.CODE),
    Column("basic_code", ("基本编码",), Cell.CODE),
    Column("item_type", ("事项类型", "办件类型")),
    Column("responsible_office", ("实施主体", "受理单位", "责任科室", "办理机构", "受理机构")),
    Column("level", ("行使层级",)),
    Column("jurisdiction", ("权属",)),
    Column("target", ("服务对象", "办理对象"), Cell.LIST),
    Column("themes", ("主题分类",), Cell.LIST),
    Column("legal_basis", ("设定依据", "办理依据", "依据", "政策依据", "法律依据")),
    Column("conditions", ("受理条件", "办理条件", "申请条件"), Cell.LIST),
    Column("materials", ("申请材料", "办理材料", "材料", "所需材料"), Cell.LIST),
    Column("process", ("办理流程", "流程", "办事流程"), Cell.LIST),
    Column("visits", ("到现场次数",)),
    Column("statutory_limit", ("法定办结时限", "法定时限")),
    Column("promised_limit", ("承诺办结时限", "承诺时限", "办理时限", "时限")),
    Column("fee", ("收费", "是否收费", "收费情况", "收费标准")),
    Column("fee_item", ("收费项目编号",), Cell.CODE),  # a fee of the catalogue, by its id
    Column("place", ("办理地点", "办理时间/地点", "办公地址", "地点")),
    Column("hours", ("办理时间", "办公时间")),
    Column("channel", ("网上办理地址", "办理渠道", "网办地址", "办理形式")),
    Column("consult_phone", ("咨询电话", "电话", "联系电话"), Cell.CODE),
    Column("complaint_phone", ("监督投诉电话", "监督电话", "投诉电话"), Cell.CODE),
    Column("result", ("结果名称", "办理结果", "结果")),
    Column("faq", ("常见问题",), Cell.LIST),
    Column("field_note", ("字段说明",)),
)
FAQ = (
    KEY,
    Column("name", ("问题", "标准问题", "question"), required=True),
    Column("similar", ("相似问题", "相似问法", "其他问法"), Cell.LIST),
    Column("answer", ("答案", "回答", "答复"), required=True),
    Column("responsible_office", ("责任科室", "承办科室")),
)
DISCLOSURE = (
    Column("name", ("标题", "title"), required=True),
    Column("kind", ("类别", "信息类别")),
    Column("topic", ("主题", "所属主题")),
    Column("summary", ("摘要", "内容概述")),
    Column("body_html", ("正文", "内容")),
    Column("produced_on", ("形成日期", "生成日期", "成文日期"), Cell.DAY),
    Column("source_url", ("来源链接", "原文链接")),
    Column("urgent", ("是否紧急",), Cell.YES_NO),
    Column("office", ("责任科室", "承办科室", "发布机构")),
    Column("attribute", ("公开属性", "公开方式")),
    Column("fields", ("其他要素",)),
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    Kind.FEE: FEE + COMMON,
    Kind.FUND: FUND + COMMON,
    Kind.GUIDE: GUIDE + COMMON,
    Kind.FAQ: FAQ + COMMON,
    "disclosure": DISCLOSURE,
}
PLURALS = {"fees": Kind.FEE, "funds": Kind.FUND, "guides": Kind.GUIDE, "faq": Kind.FAQ}
PLURAL_OF: dict[str, str] = {kind: plural for plural, kind in PLURALS.items()}
LABELS: dict[str, str] = {
    Kind.FEE: "收费清单",
    Kind.FUND: "政府性基金",
    Kind.GUIDE: "办事指南",
    Kind.FAQ: "常见问题",
}
IGNORED_HEADINGS = ("序号", "部门序号", "项目序号", "编号序", "no", "no.")
TOP_LEVEL = ("id", "name", "scope", "status", "valid_from", "valid_to", "confidence", "source")


def plural_of(kind: str) -> str:
    """fee → fees: the name of a kind in addresses, commands and the open data."""
    return PLURAL_OF[kind]


def label_of(name: str) -> str:
    """What people read for a kind, from its name or its plural."""
    return LABELS[PLURALS.get(name, name)]


def path_of(kind: str, key: str) -> str:
    """The citizens' page of an entry, below PUBLIC_URL."""
    return f"/{PLURAL_OF[kind]}/{key}"


def outward_name(kind: str, key: str) -> str:
    """The key a file carries for a field: a FAQ's title is its `question`."""
    return "question" if kind == Kind.FAQ and key == "name" else key
