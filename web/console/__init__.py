"""The staff console: every page names its permission, every change goes through bureau's verbs."""

from flask import Blueprint

from bureau.staff.roles import ROLES
from web.console import (
    account,
    audit_log,
    bank,
    bases,
    catalogues,
    desk,
    disclosure_care,
    disclosure_edit,
    disclosures,
    doors,
    guides,
    inquiries,
    learning,
    push_events,
    pushes,
    rules,
    sign_in,
    staff,
    statistics,
    ticket_handling,
    ticket_moves,
    ticket_publication,
    tickets,
    topics,
    workdays,
)
from web.console.menu import menu

console = Blueprint("console", __name__, url_prefix="/console")
MORE_ROUTES = (
    ticket_moves,
    ticket_handling,
    ticket_publication,
    disclosure_edit,
    disclosure_care,
    learning,
    bank,
    guides,
    push_events,
)  # of the same blueprints
PARTS = (
    sign_in,
    account,
    desk,
    tickets,
    disclosures,
    pushes,
    inquiries,
    catalogues,
    bases,
    doors,
    topics,
    statistics,
    staff,
    rules,
    audit_log,
    workdays,
)
for part in PARTS:
    console.register_blueprint(part.pages)


@console.app_template_global()
def role_label(role: str) -> str:
    """The role's Chinese name; the key itself for a role no longer in the table."""
    return ROLES[role].label if role in ROLES else role


console.add_app_template_global(menu)
