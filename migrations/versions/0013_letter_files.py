"""Files of letters that come by a page: the form they lie with, and what their sender calls them.

Revision ID: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, length in (("form", 120), ("name", 160)):
        column = sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        op.add_column("ticket_attachments", column)
    op.create_index("ix_ticket_attachments_form", "ticket_attachments", ["form"])


def downgrade() -> None:
    op.drop_index("ix_ticket_attachments_form", "ticket_attachments")
    op.drop_column("ticket_attachments", "name")
    op.drop_column("ticket_attachments", "form")
