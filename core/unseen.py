"""Characters nobody types on purpose: they hide text, turn it round, or break a file."""

import re

# Controls but tab and line ends, bidirectional overrides and isolates (they make a line read
# differently from what it says: Unicode TR 36 §2.5), and what XML 1.0 §2.2 does not allow.
UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def without_unseen(text: str) -> str:
    """The text without such characters; everything that can be seen stays."""
    return UNSEEN.sub("", text)
