"""Roles and what each may do: one table, read by every console page."""

from dataclasses import dataclass

from core.errors import Forbidden

PERMISSIONS: dict[str, str] = {
    "feedback.read": "查看来信",
    "feedback.read_all": "查看各科室来信",
    "feedback.identity": "查看来信人身份",
    "feedback.assign": "分办、改派、并案、分件",
    "feedback.reply": "拟写答复",
    "feedback.release": "发出答复",
    "feedback.decide": "批准延期、裁定退回",
    "feedback.escalate": "报请局领导",
    "feedback.instruct": "批示来信",
    "feedback.close": "登记采纳情况、办结",
    "feedback.publish": "公开来信与答复",
    "disclosures.read": "查看公开信息",
    "disclosures.draft": "拟写公开信息",
    "disclosures.first_review": "初审",
    "disclosures.secrecy": "保密审查",
    "disclosures.legal": "法制审查",
    "disclosures.approve": "批准",
    "disclosures.publish": "发布",
    "disclosures.override": "紧急发布",
    "push.read": "查看推送",
    "push.manage": "暂停、继续、取消推送",
    "inquiries.read": "查看咨询记录",
    "catalogues.read": "查看清单与指南",
    "catalogues.draft": "维护清单与指南",
    "catalogues.review": "审核清单与指南",
    "topics.manage": "维护订阅主题",
    "reports.read": "查看统计",
    "staff.read": "查看人员",
    "staff.manage": "管理人员与科室",
    "audit.read": "查看操作记录",
    "workdays.manage": "载入放假安排",
    "settings.manage": "维护系统设置",
}


@dataclass(frozen=True, slots=True)
class Role:
    """A role's Chinese name and the permissions that come with it."""

    label: str
    permissions: frozenset[str]


def _role(label: str, permissions: str) -> Role:
    return Role(label, frozenset(permissions.split()))


ONE_ROLE_ONLY = ("disclosures.override", "feedback.instruct")  # 局领导
READ = "feedback.read disclosures.read catalogues.read inquiries.read push.read reports.read "

ROLES: dict[str, Role] = {
    "admin": _role("管理员", " ".join(one for one in PERMISSIONS if one not in ONE_ROLE_ONLY)),
    "general_office": _role(
        "办公室",
        READ + "feedback.read_all feedback.identity feedback.assign feedback.reply feedback.release"
        " feedback.decide feedback.escalate feedback.close feedback.publish disclosures.draft"
        " disclosures.first_review catalogues.draft catalogues.review topics.manage"
        " push.manage staff.read workdays.manage",
    ),
    "drafter": _role("科室拟稿", READ + "feedback.reply disclosures.draft catalogues.draft"),
    "head": _role(
        "科室负责人",
        READ + "feedback.reply feedback.release feedback.escalate feedback.close disclosures.draft"
        " disclosures.first_review catalogues.draft catalogues.review",
    ),
    "secrecy": _role(
        "保密审查员", READ + "feedback.read_all disclosures.secrecy catalogues.review"
    ),
    "legal": _role("法制审查员", READ + "feedback.read_all disclosures.legal catalogues.review"),
    "publisher": _role("发布员", READ + "disclosures.publish feedback.publish push.manage"),
    "handler": _role("承办人", READ + "feedback.reply feedback.release"),
    "liaison": _role("联络员", READ + "disclosures.draft topics.manage"),
    "leader": _role(
        "局领导",
        READ + "feedback.read_all feedback.decide feedback.instruct disclosures.approve"
        " disclosures.publish disclosures.override"
        " audit.read staff.read",
    ),
    "auditor": _role("审计", READ + "feedback.read_all audit.read staff.read"),
}


def may(role: str, permission: str) -> bool:
    """True when the role comes with the permission; an unknown role may nothing."""
    found = ROLES.get(role)
    return found is not None and permission in found.permissions


def require(role: str, permission: str) -> None:
    """Raise Forbidden, naming what is missing, unless the role may."""
    if not may(role, permission):
        raise Forbidden(f"您的角色没有“{PERMISSIONS.get(permission, permission)}”的权限。")
