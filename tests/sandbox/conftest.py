"""A fresh account for every test."""

from collections.abc import Iterator

import pytest

from tests.sandbox.account import Account


@pytest.fixture
def account() -> Iterator[Account]:
    """Five followers, a token, noon."""
    account = Account()
    yield account
    account.close()
