"""Pushes, their deliveries, and the ledgers of WeChat's limits.

Revision ID: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_brakes",
        sa.Column("call", sa.String(length=20), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code", sa.Integer(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("rid", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("call", name=op.f("pk_api_brakes")),
    )
    op.create_table(
        "kefu_windows",
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("kefu_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kefu_left", sa.Integer(), nullable=False),
        sa.Column("trigger", sa.String(length=16), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("openid", name=op.f("pk_kefu_windows")),
    )
    op.create_table(
        "mass_ledger",
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("openid", "month", name=op.f("pk_mass_ledger")),
    )
    op.create_table(
        "notice_consents",
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("credits", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("openid", "template_id", name=op.f("pk_notice_consents")),
    )
    op.create_table(
        "notice_templates",
        sa.Column("template_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("template_id", name=op.f("pk_notice_templates")),
    )
    op.create_table(
        "push_receipts",
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("msg_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_push_receipts")),
    )
    with op.batch_alter_table("push_receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_receipts_msg_id"), ["msg_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_push_receipts_openid"), ["openid"], unique=False)
    op.create_table(
        "pushes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("notice_json", sa.JSON(), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=True),
        sa.Column("openid", sa.String(length=64), nullable=True),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("origin_key", sa.String(length=120), nullable=False),
        sa.Column(
            "corrects_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True
        ),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("audience", sa.Integer(), nullable=False),
        sa.Column("planned_to", sa.String(length=64), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gaps_filled", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["corrects_id"], ["pushes.id"], name=op.f("fk_pushes_corrects_id_pushes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pushes")),
        sa.UniqueConstraint("origin_key", name=op.f("uq_pushes_origin_key")),
    )
    with op.batch_alter_table("pushes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pushes_openid"), ["openid"], unique=False)
        batch_op.create_index(batch_op.f("ix_pushes_state"), ["state"], unique=False)
    op.create_table(
        "route_confirmations",
        sa.Column("route", sa.String(length=16), nullable=False),
        sa.Column("confirmed_by", sa.String(length=60), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("route", name=op.f("pk_route_confirmations")),
    )
    op.create_table(
        "push_mass_batches",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("push_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clientmsgid", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("msg_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("rid", sa.String(length=40), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["push_id"], ["pushes.id"], name=op.f("fk_push_mass_batches_push_id_pushes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_mass_batches")),
        sa.UniqueConstraint("clientmsgid", name=op.f("uq_push_mass_batches_clientmsgid")),
    )
    with op.batch_alter_table("push_mass_batches", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_mass_batches_msg_id"), ["msg_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_push_mass_batches_push_id"), ["push_id"], unique=False)
    op.create_table(
        "push_segments",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("push_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("holder", sa.String(length=32), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["push_id"], ["pushes.id"], name=op.f("fk_push_segments_push_id_pushes")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_segments")),
    )
    with op.batch_alter_table("push_segments", schema=None) as batch_op:
        batch_op.create_index("ix_push_segments_push_id_state", ["push_id", "state"], unique=False)
    op.create_table(
        "push_deliveries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("push_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "segment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False
        ),
        sa.Column("openid", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("route", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("claim", sa.String(length=32), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ask_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ask_again_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("msg_id", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("rid", sa.String(length=40), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["segment_id"],
            ["push_segments.id"],
            name=op.f("fk_push_deliveries_segment_id_push_segments"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_deliveries")),
        sa.UniqueConstraint("push_id", "openid", name=op.f("uq_push_deliveries_push_id_openid")),
    )
    with op.batch_alter_table("push_deliveries", schema=None) as batch_op:
        batch_op.create_index(
            "ix_push_deliveries_claimed_until",
            ["claimed_until"],
            unique=False,
            sqlite_where=sa.text("claimed_until IS NOT NULL"),
            postgresql_where=sa.text("claimed_until IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_push_deliveries_counts", ["segment_id", "state", "delivered_at"], unique=False
        )
        batch_op.create_index(
            "ix_push_deliveries_msg_id",
            ["msg_id"],
            unique=False,
            sqlite_where=sa.text("msg_id IS NOT NULL"),
            postgresql_where=sa.text("msg_id IS NOT NULL"),
        )
        batch_op.create_index("ix_push_deliveries_person", ["openid", "state"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("push_deliveries", schema=None) as batch_op:
        batch_op.drop_index("ix_push_deliveries_person")
        batch_op.drop_index(
            "ix_push_deliveries_msg_id",
            sqlite_where=sa.text("msg_id IS NOT NULL"),
            postgresql_where=sa.text("msg_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_push_deliveries_counts")
        batch_op.drop_index(
            "ix_push_deliveries_claimed_until",
            sqlite_where=sa.text("claimed_until IS NOT NULL"),
            postgresql_where=sa.text("claimed_until IS NOT NULL"),
        )
    op.drop_table("push_deliveries")
    with op.batch_alter_table("push_segments", schema=None) as batch_op:
        batch_op.drop_index("ix_push_segments_push_id_state")
    op.drop_table("push_segments")
    with op.batch_alter_table("push_mass_batches", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_push_mass_batches_push_id"))
        batch_op.drop_index(batch_op.f("ix_push_mass_batches_msg_id"))
    op.drop_table("push_mass_batches")
    op.drop_table("route_confirmations")
    with op.batch_alter_table("pushes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_pushes_state"))
        batch_op.drop_index(batch_op.f("ix_pushes_openid"))
    op.drop_table("pushes")
    with op.batch_alter_table("push_receipts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_push_receipts_openid"))
        batch_op.drop_index(batch_op.f("ix_push_receipts_msg_id"))
    op.drop_table("push_receipts")
    op.drop_table("notice_templates")
    op.drop_table("notice_consents")
    op.drop_table("mass_ledger")
    op.drop_table("kefu_windows")
    op.drop_table("api_brakes")
