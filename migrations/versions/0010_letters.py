"""Letters split in two, what a draft says beside its words, and an index over the words.

Revision ID: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# The pairs of characters of a text, each once: what letters are searched by. SQLite writes them
# by triggers into a full-text table that keeps no text, PostgreSQL into an index on a function; so
# whatever changes or empties a letter changes its pairs in the same transaction.
PAIRS = """(SELECT group_concat(pair, ' ') FROM (
    SELECT DISTINCT hex(substr(lower({text}), key + 1, 2)) AS pair FROM json_each(
        '[0' || replace(hex(zeroblob(max(length({text}) - 1, 0))), '00', ',0') || ']')))"""
ADD = "INSERT INTO ticket_words (rowid, pairs) VALUES (new.id, {pairs});".replace(
    "{pairs}", PAIRS.format(text="new.text")
)
TAKE = (
    "INSERT INTO ticket_words (ticket_words, rowid, pairs) VALUES ('delete', old.id, {pairs});"
).replace("{pairs}", PAIRS.format(text="old.text"))
FILL = "INSERT INTO ticket_words (rowid, pairs) SELECT id, {pairs} FROM tickets"
ON_SQLITE = (
    "CREATE VIRTUAL TABLE ticket_words USING fts5(pairs, content='', detail=none)",
    FILL.replace("{pairs}", PAIRS.format(text="text")),
    f"CREATE TRIGGER ticket_words_added AFTER INSERT ON tickets BEGIN {ADD} END",
    f"CREATE TRIGGER ticket_words_taken AFTER DELETE ON tickets BEGIN {TAKE} END",
    "CREATE TRIGGER ticket_words_changed AFTER UPDATE OF text ON tickets "
    f"WHEN old.text IS NOT new.text BEGIN {TAKE} {ADD} END",
)
# Dear to compute: the planner shall never do so for every letter. A character is its number, a
# pair the first one's, moved up, with the second's; the last character has no second.
ON_POSTGRESQL = (
    """CREATE FUNCTION ticket_pairs(words text) RETURNS bigint[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS $$
        SELECT array_agg(DISTINCT key) FROM (
            SELECT unnest(ARRAY[code, (code + 1) * 2097152 + lead(code, 1, 0) OVER ()]) AS key
            FROM (
                SELECT ascii(one)::bigint AS code
                FROM unnest(string_to_array(lower(words), NULL)) AS one
            ) AS codes
        ) AS keys
    $$""",
    "CREATE INDEX ix_ticket_words ON tickets USING gin (ticket_pairs(text))",
)

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    # No foreign key: SQLite would have to build anew a table that many others point at.
    op.add_column("tickets", sa.Column("split_from_id", ID, nullable=True))
    op.create_index("ix_tickets_split_from_id", "tickets", ["split_from_id"])
    op.create_index("ix_asks_undecided", "ticket_asks", ["kind", "granted"])
    for column in _of_drafts():
        op.add_column("ticket_drafts", column)
    for statement in ON_SQLITE if _is_sqlite() else ON_POSTGRESQL:
        op.get_bind().exec_driver_sql(statement)


def downgrade() -> None:
    if _is_sqlite():
        for moment in ("added", "taken", "changed"):
            op.execute(f"DROP TRIGGER ticket_words_{moment}")
        op.execute("DROP TABLE ticket_words")
    else:
        op.execute("DROP INDEX ix_ticket_words")
        op.execute("DROP FUNCTION ticket_pairs(text)")
    for column in reversed(_of_drafts()):
        op.drop_column("ticket_drafts", column.name)
    op.drop_index("ix_asks_undecided", "ticket_asks")
    op.drop_index("ix_tickets_split_from_id", "tickets")
    op.drop_column("tickets", "split_from_id")


def _is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def _of_drafts() -> list[sa.Column[object]]:
    """Columns for place, name, telephone and the two wishes; older drafts have none of them."""
    return [
        sa.Column("place", sa.String(length=120), nullable=False, server_default=""),
        sa.Column("name_sealed", sa.Text(), nullable=False, server_default=""),
        sa.Column("phone_sealed", sa.Text(), nullable=False, server_default=""),
        sa.Column("anonymous", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("may_publish", sa.Boolean(), nullable=False, server_default=sa.false()),
    ]
