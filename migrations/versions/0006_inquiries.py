"""What was asked, and what of the journal is already written.

Revision ID: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "inquiries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("origin", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=12), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("wording", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("hits", sa.JSON(), nullable=False),
        sa.Column("slot", sa.String(length=20), nullable=False),
        sa.Column("picked", sa.String(length=120), nullable=True),
        sa.Column("useful", sa.Boolean(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inquiries")),
        sa.UniqueConstraint("origin", name=op.f("uq_inquiries_origin")),
    )
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inquiries_asked_at"), ["asked_at"], unique=False)
        batch_op.create_index(
            "ix_inquiries_open", ["outcome", "settled_at", "wording"], unique=False
        )
        batch_op.create_index("ix_inquiries_person", ["openid", "asked_at"], unique=False)
    op.create_table(
        "journal_marks",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_journal_marks")),
    )
    with op.batch_alter_table("journal_marks", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_journal_marks_applied_at"), ["applied_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("journal_marks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_marks_applied_at"))
    op.drop_table("journal_marks")
    with op.batch_alter_table("inquiries", schema=None) as batch_op:
        batch_op.drop_index("ix_inquiries_person")
        batch_op.drop_index("ix_inquiries_open")
        batch_op.drop_index(batch_op.f("ix_inquiries_asked_at"))
    op.drop_table("inquiries")
