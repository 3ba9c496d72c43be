"""The console's menu: each clerk sees the doors that open to the role."""

from dataclasses import dataclass

from flask import current_app, request, url_for

from web.access import can

ENTRIES = (
    ("办理", "工作台", "console.desk.page"),
    ("办理", "来信办理", "console.tickets.inbox"),
    ("办理", "公开信息", "console.disclosures.shelf"),
    ("办理", "推送", "console.pushes.shelf"),
    ("知识", "咨询记录", "console.inquiries.shelf"),
    ("知识", "清单与指南", "console.catalogues.shelf"),
    ("知识", "依据", "console.bases.page"),
    ("知识", "其他部门", "console.doors.page"),
    ("管理", "统计", "console.statistics.page"),
    ("管理", "订阅主题", "console.topics.shelf"),
    ("管理", "分办词和常用语", "console.rules.page"),
    ("管理", "放假安排", "console.workdays.page"),
    ("管理", "操作记录", "console.audit_log.page"),
    ("管理", "人员", "console.staff.shelf"),
)


@dataclass(frozen=True, slots=True)
class Link:
    """One entry of the menu; `here` when the page shown belongs to it."""

    label: str
    address: str
    here: bool


def menu() -> list[tuple[str, list[Link]]]:
    """The groups of the menu, without what this clerk may not open."""
    groups: dict[str, list[Link]] = {}
    here = (request.endpoint or "").rpartition(".")[0]
    for group, label, endpoint in ENTRIES:
        view = current_app.view_functions.get(endpoint)
        permission = getattr(view, "permission", None)
        if permission and (permission == "signed_in" or can(permission)):
            link = Link(label, url_for(endpoint), endpoint.rpartition(".")[0] == here)
            groups.setdefault(group, []).append(link)
    return list(groups.items())
