"""Pages of a list: which one is asked for, and the links to its neighbours."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

PAGE_SIZE = 20
LAST_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class Pages:
    """One page of `total` rows; numbers start at 1."""

    number: int
    total: int
    size: int = PAGE_SIZE

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def offset(self) -> int:
        return (self.number - 1) * self.size

    def address(self, number: int) -> str:
        """This page's address with another page number, filters kept."""
        kept = {k: v for k, v in request.args.items() if k != "page" and v}
        return f"{request.path}?{urlencode(kept | {'page': str(number)})}"


def asked_page() -> int:
    """The page number in the address; 1 for anything that is not one."""
    text = request.args.get("page", "1")
    is_number = text.isascii() and text.isdigit() and len(text) < 9
    return min(max(int(text), 1), LAST_PAGE) if is_number else 1
