"""Tickets, their chain of events, replies and ratings.

Revision ID: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "canned_sentences",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_sentences")),
    )
    op.create_table(
        "ticket_chain_seals",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_ticket_chain_seals")),
    )
    op.create_table(
        "ticket_code_tries",
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("source", name=op.f("pk_ticket_code_tries")),
    )
    op.create_table(
        "ticket_drafts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("step", sa.String(length=12), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_drafts")),
    )
    with op.batch_alter_table("ticket_drafts", schema=None) as batch_op:
        batch_op.create_index(
            "ix_one_open_draft",
            ["openid"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(batch_op.f("ix_ticket_drafts_openid"), ["openid"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_ticket_drafts_updated_at"), ["updated_at"], unique=False
        )
    op.create_table(
        "ticket_serials",
        sa.Column("prefix", sa.String(length=2), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("prefix", "year", name=op.f("pk_ticket_serials")),
    )
    op.create_table(
        "ticket_draft_parts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("message_key", sa.String(length=160), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["ticket_drafts.id"],
            name=op.f("fk_ticket_draft_parts_draft_id_ticket_drafts"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_draft_parts")),
        sa.UniqueConstraint("message_key", name=op.f("uq_ticket_draft_parts_message_key")),
    )
    with op.batch_alter_table("ticket_draft_parts", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ticket_draft_parts_draft_id"), ["draft_id"], unique=False
        )
    op.create_table(
        "tickets",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("origin", sa.String(length=10), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=120), nullable=False),
        sa.Column("name_sealed", sa.Text(), nullable=False),
        sa.Column("phone_sealed", sa.Text(), nullable=False),
        sa.Column("anonymous", sa.Boolean(), nullable=False),
        sa.Column("may_publish", sa.Boolean(), nullable=False),
        sa.Column("message_key", sa.String(length=160), nullable=False),
        sa.Column("code_salt", sa.String(length=32), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False),
        sa.Column("office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("card", sa.String(length=6), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column(
            "merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("outcome", sa.String(length=24), nullable=False),
        sa.Column("outcome_reason", sa.Text(), nullable=False),
        sa.Column("answer_type", sa.String(length=20), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_days", sa.Integer(), nullable=True),
        sa.Column("on_time", sa.Boolean(), nullable=True),
        sa.Column("grade", sa.Integer(), nullable=True),
        sa.Column("last_wrote_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["merged_into_id"], ["tickets.id"], name=op.f("fk_tickets_merged_into_id_tickets")
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_tickets_office_id_offices")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
        sa.UniqueConstraint("kind", "year", "serial", name=op.f("uq_tickets_kind_year_serial")),
        sa.UniqueConstraint("message_key", name=op.f("uq_tickets_message_key")),
        sa.UniqueConstraint("number", name=op.f("uq_tickets_number")),
    )
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.create_index(
            "ix_tickets_figures",
            ["received_at", "office_id", "state", "answer_days", "on_time", "grade"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_tickets_merged_into_id"), ["merged_into_id"], unique=False
        )
        batch_op.create_index("ix_tickets_office_state", ["office_id", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_tickets_openid"), ["openid"], unique=False)
        batch_op.create_index("ix_tickets_state_due", ["state", "due_on"], unique=False)
    op.create_table(
        "ticket_asks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "asked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.Column(
            "decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["clerks.id"], name=op.f("fk_ticket_asks_asked_by_id_clerks")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["clerks.id"], name=op.f("fk_ticket_asks_decided_by_id_clerks")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_asks_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_asks")),
    )
    with op.batch_alter_table("ticket_asks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ticket_asks_ticket_id"), ["ticket_id"], unique=False)
    op.create_table(
        "ticket_assists",
        sa.Column(
            "ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column(
            "office_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["office_id"], ["offices.id"], name=op.f("fk_ticket_assists_office_id_offices")
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_assists_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("ticket_id", "office_id", name=op.f("pk_ticket_assists")),
    )
    op.create_table(
        "ticket_attachments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ticket_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("message_key", sa.String(length=160), nullable=False),
        sa.Column("media_id", sa.String(length=160), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("content_type", sa.String(length=80), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"],
            ["ticket_drafts.id"],
            name=op.f("fk_ticket_attachments_draft_id_ticket_drafts"),
        ),
        sa.ForeignKeyConstraint(
            ["ticket_id"], ["tickets.id"], name=op.f("fk_ticket_attachments_ticket_id_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_attachments")),
        sa.UniqueConstraint("message_key", name=op.f("uq_ticket_attachments_message_key")),
    )
    with op.batch_alter_table("ticket_attachments", schema=None) as batch_op:
        batch_op.create_index("ix_attachments_waiting", ["state", "next_try_at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_ticket_attachments_draft_id"), ["draft_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_ticket_attachments_ticket_id"), ["ticket_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("ticket_attachments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_attachments_ticket_id"))
        batch_op.drop_index(batch_op.f("ix_ticket_attachments_draft_id"))
        batch_op.drop_index("ix_attachments_waiting")
    op.drop_table("ticket_attachments")
    op.drop_table("ticket_assists")
    with op.batch_alter_table("ticket_asks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_asks_ticket_id"))
    op.drop_table("ticket_asks")
    with op.batch_alter_table("tickets", schema=None) as batch_op:
        batch_op.drop_index("ix_tickets_state_due")
        batch_op.drop_index(batch_op.f("ix_tickets_openid"))
        batch_op.drop_index("ix_tickets_office_state")
        batch_op.drop_index(batch_op.f("ix_tickets_merged_into_id"))
        batch_op.drop_index("ix_tickets_figures")
    op.drop_table("tickets")
    with op.batch_alter_table("ticket_draft_parts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_draft_parts_draft_id"))
    op.drop_table("ticket_draft_parts")
    op.drop_table("ticket_serials")
    with op.batch_alter_table("ticket_drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ticket_drafts_updated_at"))
        batch_op.drop_index(batch_op.f("ix_ticket_drafts_openid"))
        batch_op.drop_index(
            "ix_one_open_draft",
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
    op.drop_table("ticket_drafts")
    op.drop_table("ticket_code_tries")
    op.drop_table("ticket_chain_seals")
    op.drop_table("canned_sentences")
