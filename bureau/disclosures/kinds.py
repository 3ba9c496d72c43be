"""Kinds of disclosure and what each must say: the one place to add a kind.

Named fields: the work plan for open government items 一-1, 4 to 8, 10, 11; budget dates:
预算法 §14; drafts for comment: 重大行政决策程序暂行条例 §15.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a kind. shape: text or day."""

    key: str
    label: str
    required: bool = True
    shape: str = "text"


@dataclass(frozen=True, slots=True)
class Kind:
    """interpretation: its plan, or a recorded exemption, is approved together with it."""

    key: str
    label: str
    fields: tuple[Field, ...] = ()
    interpretation: bool = False


def _day(key: str, label: str) -> Field:
    return Field(key, label, shape="day")


def _more(**fields: str) -> tuple[Field, ...]:
    """Fields that the work plan names beside the required ones: shown where they are filled."""
    return tuple(Field(key, label, required=False) for key, label in fields.items())


_ALL = (
    Kind(
        "budget",
        "预决算",
        (
            Field("year", "年度"),
            Field("unit", "编制单位"),
            _day("approved_on", "批准或批复日期"),
        ),
    ),
    Kind(
        "catalogue_change",
        "收费基金目录调整",
        (
            Field("change", "变动类型"),
            Field("basis", "变动依据"),
            _day("effective_on", "执行日期"),
            *_more(items="涉及的项目", relief="减免情形"),
        ),
    ),
    Kind(
        "normative_document",
        "规范性文件",
        (
            Field("document_number", "文号"),
            Field("registered_number", "统一登记号"),
            _day("effective_on", "施行日期"),
            _day("valid_until", "有效期至"),
            Field("issued_on", "公布日期", required=False, shape="day"),
            *_more(unified_number="统一编号", basis="制定依据", drafting_office="起草科室"),
            *_more(rights="涉及的权利义务", cleanup="清理结论", cleanup_batch="清理批次"),
            Field("interpretation_plan", "解读方案", required=False),
            Field("interpretation_exemption", "免于解读的理由", required=False),
        ),
        interpretation=True,
    ),
    Kind(
        "interpretation",
        "政策解读",
        (
            Field("document", "解读的文件"),
            Field("background", "背景依据"),
            Field("main_content", "主要内容"),
            Field("scope", "涉及范围"),
            Field("notes", "注意事项"),
            Field("differences", "新旧政策差异"),
            Field("interpreter", "解读主体"),
            *_more(method="解读方式", plan="解读方案"),
        ),
    ),
    Kind(
        "decision_draft",
        "重大决策草案",
        (
            Field("basis", "决策依据"),
            Field("drafting_unit", "拟定部门"),
            _day("opens_on", "征求意见开始日期"),
            _day("closes_on", "征求意见截止日期"),
            Field("methods", "听取意见方式"),
            *_more(channels="公开渠道", secrecy_exception="保密除外理由"),
            Field("short_period_reason", "不足30日的说明", required=False),
            Field("interpretation_plan", "解读方案", required=False),
            Field("interpretation_exemption", "免于解读的理由", required=False),
        ),
        interpretation=True,
    ),
    Kind(
        "execution",
        "执行公开",
        (
            Field("target", "目标任务"),
            Field("measures", "主要措施"),
            Field("steps", "实施步骤"),
            Field("division", "责任分工"),
            Field("supervision", "监督方式"),
            Field("progress", "工作进展"),
            Field("problems", "存在问题"),
            Field("next_steps", "后续举措"),
            *_more(percent="完成比例", milestones="节点（计划和实际日期）"),
            *_more(responsible="责任人", update_cycle="更新周期"),
        ),
    ),
    Kind(
        "enforcement",
        "行政执法公示",
        (
            Field("authority", "职责权限"),
            Field("basis", "执法依据"),
            Field("discretion", "裁量基准"),
            Field("process", "执法流程"),
            Field("result", "执法结果"),
            Field("remedies", "救济途径"),
            *_more(decision_number="决定书文号", party="被处罚主体", facts="违法事实"),
            *_more(penalty="处罚内容", decided_by="作出决定的机关", posted_for="公示期"),
            Field("decided_on", "决定日期", required=False, shape="day"),
        ),
    ),
    Kind(
        "key_area",
        "重点领域",
        (
            Field("area", "领域"),
            Field("period", "时段"),
            *_more(scope="范围", content="内容", time_limit="时限", carrier="载体"),
            *_more(form="展现形式"),
        ),
    ),
    Kind(
        "poverty_fund",
        "扶贫（衔接）资金",
        (
            Field("document_number", "资金文号"),
            Field("amount", "金额"),
            Field("project", "项目名称"),
            _day("posted_from", "公示开始日期"),
            _day("posted_until", "公示结束日期"),
            Field("supervision_phone", "监督电话"),
            *_more(policy="政策", level="资金级次", recipients="分配的县区、乡镇"),
            *_more(place="项目地点", content="项目内容", unit="实施单位", investment="投资额"),
            *_more(duration="工期", benefit="带贫减贫机制", goals="绩效目标"),
            *_more(posting_form="公示形式", progress="落实情况"),
        ),
    ),
    Kind("work_rule", "办事公开制度", (_day("effective_on", "施行日期"),)),
    Kind("notice", "通知公告"),
)
KINDS: Mapping[str, Kind] = {kind.key: kind for kind in _ALL}
KEY_AREAS = (
    *("政府工作报告", "民生实事", "PPP项目", "政府投资基金", "直达资金"),
    *("公共资源配置", "预决算"),
)
ATTRIBUTES: Mapping[str, str] = {
    "proactive": "主动公开",
    "on_request": "依申请公开",
    "not_disclosed": "不予公开",
}
POSTED_DAYS = 10  # 扶贫资金公告公示: at least ten days
COMMENT_DAYS = 30  # 重大行政决策程序暂行条例 §15


def problems_of(kind: Kind, fields: Mapping[str, Any]) -> list[str]:
    """Everything wrong with a kind's own fields, one sentence each, with the field's key."""
    wrong = []
    for field in kind.fields:
        value = fields.get(field.key)
        if value in (None, "", [], {}):
            if field.required:
                wrong.append(f"fields.{field.key}：缺少“{field.label}”")
        elif field.shape == "day" and day_of(value) is None:
            wrong.append(f"fields.{field.key}：“{field.label}”应为日期，如 2026-11-23")
    planned = fields.get("interpretation_plan") or fields.get("interpretation_exemption")
    if kind.interpretation and not planned:
        wrong.append("fields.interpretation_plan：须附解读方案，或写明免于解读的理由（一并报批）")
    return wrong + _period_problems(kind, fields)


def _period_problems(kind: Kind, fields: Mapping[str, Any]) -> list[str]:
    ends = {
        "decision_draft": ("opens_on", "closes_on", COMMENT_DAYS),
        "poverty_fund": ("posted_from", "posted_until", POSTED_DAYS),
    }.get(kind.key)
    if ends is None:
        return []
    start, end = day_of(fields.get(ends[0])), day_of(fields.get(ends[1]))
    if start is None or end is None:
        return []
    if end < start:
        return [f"fields.{ends[1]}：不能早于开始日期"]
    if (end - start).days + 1 < ends[2] and not fields.get("short_period_reason"):
        return [f"fields.{ends[1]}：期限不足 {ends[2]} 日，须在 short_period_reason 说明"]
    return []


def day_of(value: Any) -> date | None:
    """A day written 2026-11-23; None for anything else."""
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
