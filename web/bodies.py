"""Bodies of forms: what is typed stays small; files go to disk as they come, cut where too large.

So a file of any size costs little memory, and the form it came with can be shown again whole.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from flask import Request, request
from werkzeug.exceptions import RequestEntityTooLarge

TYPED_BYTES = 2 * 1024 * 1024  # of everything in a form but its files
BODY_BYTES = 128 * 1024 * 1024  # of a form with files: what is larger is not read to its end
IN_MEMORY_BYTES = 64 * 1024
UNREAD = 4 * IN_MEMORY_BYTES  # read, but not yet told apart


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a form. `size` is what was sent; `file` holds no more than what is taken."""

    name: str
    size: int
    file: IO[bytes]
    whole: bool


class Cut(SpooledTemporaryFile[bytes]):
    """A temporary file that keeps the first `largest` bytes and counts the others."""

    def __init__(self, largest: int, folder: Path | None, count: Callable[[int], None]) -> None:
        super().__init__(max_size=IN_MEMORY_BYTES, mode="w+b", dir=str(folder) if folder else None)
        self._largest = largest
        self._count = count
        self.size = 0

    def write(self, piece: Any) -> int:
        """As a file's; what does not fit is dropped."""
        room = max(self._largest - self.size, 0)
        self.size += len(piece)
        self._count(len(piece))
        if room:
            super().write(bytes(piece[:room]))
        return len(piece)

    @property
    def whole(self) -> bool:
        return self.size <= self._largest


class FormRequest(Request):
    """A request whose page says how large a file it takes: `largest_file` bytes, else none."""

    largest_file = 0
    folder: Path | None = None

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._of_files = 0
        self._cuts: list[Cut] = []

    def close(self) -> None:
        """As a request's; the files of a form that was not read to its end are closed too."""
        super().close()
        for one in self._cuts:
            one.close()

    def _get_file_stream(self, *_lengths: Any, **_of_part: Any) -> IO[bytes]:
        self._cuts.append(Cut(self.largest_file, self.folder, self._count))
        return self._cuts[-1]

    def _get_stream_for_parsing(self) -> IO[bytes]:
        return Typed(super()._get_stream_for_parsing(), lambda: self._of_files)  # type: ignore[return-value]

    def _count(self, size: int) -> None:
        self._of_files += size


class Typed:
    """A body that ends when what is typed in it gets too large. Raises RequestEntityTooLarge."""

    def __init__(self, source: IO[bytes], of_files: Callable[[], int]) -> None:
        self._source = source
        self._of_files = of_files
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        """As a file's."""
        piece = self._source.read(size)
        self._read += len(piece)
        if self._read - self._of_files() > TYPED_BYTES + UNREAD:
            raise RequestEntityTooLarge
        return piece


def make_room(sent: Request, largest_file: int, folder: Path) -> None:
    """Before a form is read: how much of each file is kept, and where while it is looked at."""
    if isinstance(sent, FormRequest) and sent.mimetype == "multipart/form-data":
        sent.max_content_length = BODY_BYTES
        sent.largest_file, sent.folder = largest_file, folder


def uploads(name: str) -> list[Upload]:
    """The files that were chosen in this field; an empty field sends one without a name."""
    return [
        Upload(one.filename, one.stream.size, one.stream, one.stream.whole)
        for one in request.files.getlist(name)
        if one.filename and isinstance(one.stream, Cut)
    ]


def fields_with_files() -> set[str]:
    """The names under which any file came."""
    return {name for name, one in request.files.items(multi=True) if one.filename}
