"""A fresh account for every test."""

import pytest

from tests.sandbox.account import Account


@pytest.fixture
def account() -> Account:
    """Five followers, a token, noon."""
    return Account()
