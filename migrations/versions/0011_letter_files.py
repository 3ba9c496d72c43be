"""Files of letters that come by a page, and changes of other departments that wait for a second.

Revision ID: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    for name, length in (("form", 120), ("name", 160)):
        column = sa.Column(name, sa.String(length=length), nullable=False, server_default="")
        op.add_column("ticket_attachments", column)
    op.create_index("ix_ticket_attachments_form", "ticket_attachments", ["form"])
    op.create_table(
        "door_changes",
        sa.Column("id", ID, nullable=False),
        sa.Column("door_id", ID, nullable=True),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("phone", sa.String(length=64), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("proposed_by_id", ID, nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("decided_by_id", ID, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["clerks.id"]),
        sa.ForeignKeyConstraint(["decided_by_id"], ["clerks.id"]),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade() -> None:
    op.drop_table("door_changes")
    op.drop_index("ix_ticket_attachments_form", "ticket_attachments")
    op.drop_column("ticket_attachments", "name")
    op.drop_column("ticket_attachments", "form")
