"""Lists and single entries for pages and open data, on both databases."""

import pytest

from bureau.catalogues import find, reference
from core.db import Database
from core.errors import NotFound
from knowledge.models import Kind
from tests.clocks import FixedClock


def test_entries_are_listed_found_and_counted(each_database: Database, clock: FixedClock) -> None:
    with each_database.write() as db:
        reference.load_samples(db, clock.now())
    with each_database.read() as db:
        rows, total = find.page(db, Kind.FEE, offset=100, size=20)
        assert (len(rows), total) == (3, 103)
        assert all("普通护照" in row.title for row in find.page(db, Kind.FEE, "普通护照")[0])
        assert [row.key for row in find.page(db, Kind.FEE, "fee-001")[0]] == ["fee-001"]
        assert find.page(db, Kind.FEE, "100%_") == ([], 0)
        assert find.one(db, Kind.FEE, "fee-001").title == "普通护照"
        assert find.counts(db)[Kind.FEE] == 103
        for wrong in ("fee-999", "fee-001~9", "fee-001~x"):
            with pytest.raises(NotFound):
                find.one(db, Kind.FEE, wrong)
