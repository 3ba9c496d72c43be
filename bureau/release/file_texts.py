"""The texts inside a file for the scan: hidden rows and columns, comments and metadata too."""

import re
import zlib
from collections.abc import Iterator
from datetime import datetime
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from bureau.release.files import LARGEST_INSIDE, ending_of
from bureau.release.image_texts import IMAGES, image_text
from core.errors import Refusal

LONGEST = 2_000_000  # characters of all texts of one file
TAG = re.compile(r"<[^>]*>")
PARAGRAPH = re.compile(r"</(?:w:p|a:p|comment|row|si)>")
STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
SHOWN = re.compile(rb"\[(?:[^\[\]\\]|\\.)*\]\s*TJ|\((?:[^()\\]|\\.)*\)\s*(?:Tj|'|\")", re.DOTALL)
PIECE = re.compile(rb"\(((?:[^()\\]|\\.)*)\)", re.DOTALL)
SIDE_PARTS = ("xl/comments", "xl/threadedComments", "xl/drawings", "xl/persons", "docProps/")
HIDDEN = "隐藏的行、列或工作表"
METADATA = "文件属性和批注"


def texts_of(name: str, data: bytes) -> dict[str, str]:
    """place in the file → text. Raises Refusal for a file that cannot be read through."""
    ending = ending_of(name)
    try:
        found = READERS[ending](data)
    except (BadZipFile, KeyError, ValueError, OSError, zlib.error, AttributeError, TypeError):
        raise Refusal("文件打不开，请检查文件是否损坏或设了密码。") from None
    texts = {place: text for place, text in found.items() if text.strip()}
    if sum(map(len, texts.values())) > LONGEST:
        raise Refusal("文件里的文字太多，系统检查不完，请拆分后再上传。")
    return texts


def _sheets(data: bytes) -> dict[str, str]:
    """Cells as people see them, and apart those that nobody sees."""
    texts: dict[str, str] = {}
    book = load_workbook(BytesIO(data), data_only=True)
    for sheet in book.worksheets:
        shown, hidden = _cells(sheet)
        texts[f"工作表“{sheet.title}”"] = shown
        texts[f"工作表“{sheet.title}”{HIDDEN}"] = hidden
    book.close()
    with ZipFile(BytesIO(data)) as packed:
        return texts | _side_texts(packed, SIDE_PARTS)


def _cells(sheet: Worksheet) -> tuple[str, str]:
    columns = {
        number
        for one in sheet.column_dimensions.values()
        if one.hidden
        for number in range(one.min or 0, (one.max or 0) + 1)
    }
    away = sheet.sheet_state != "visible"
    shown: list[str] = []
    hidden: list[str] = []
    for row in sheet.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            unseen = away or cell.column in columns or sheet.row_dimensions[cell.row].hidden
            (hidden if unseen else shown).append(f"{cell.coordinate}：{_said(cell.value)}")
    return "\n".join(shown), "\n".join(hidden)


def _said(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return f"{value:%Y-%m-%d}" if isinstance(value, datetime) else str(value)


def _document(data: bytes) -> dict[str, str]:
    """All parts of the document: body, headers, notes, comments, what was struck out."""
    with ZipFile(BytesIO(data)) as packed:
        body = [name for name in packed.namelist() if re.fullmatch(r"word/\w+\.xml", name)]
        apart = ("word/styles", "word/settings", "word/fontTable", "word/webSettings")
        texts = [_words(packed.read(name)) for name in body if not name.startswith(apart)]
        return {"正文和批注": "\n".join(texts)} | _side_texts(packed, ("docProps/",))


def _side_texts(packed: ZipFile, parts: tuple[str, ...]) -> dict[str, str]:
    names = packed.namelist()
    words = [_words(packed.read(one)) for one in names if one.startswith(parts)]
    texts = {METADATA: "\n".join(words)}
    for one in names:
        if ending_of(one) in IMAGES:
            texts[f"图片 {one.rpartition('/')[2]} 的附加信息"] = image_text(packed.read(one))
    return texts


def _words(xml: bytes) -> str:
    text = PARAGRAPH.sub("\n", xml.decode("utf-8", "replace"))
    return unescape(TAG.sub("", text))


def _pdf(data: bytes) -> dict[str, str]:
    """What a PDF writes in plain letters and digits; text in embedded fonts stays unread."""
    lines = [b" ".join(PIECE.findall(TAG_FREE.sub(b"", data)))]
    lines += [line for stream in _streams(data) for line in _shown(stream)]
    return {"可读出的文字": b"\n".join(lines).decode("utf-8", "replace")}


TAG_FREE = re.compile(rb"stream\r?\n.*?endstream", re.DOTALL)


def _streams(data: bytes) -> Iterator[bytes]:
    room = LARGEST_INSIDE
    for match in STREAM.finditer(data):
        try:
            plain = zlib.decompressobj().decompress(match[1], max(1, room))
        except zlib.error:
            plain = match[1]
        room -= len(plain)
        if room <= 0:
            raise Refusal("文件展开后太大，请拆分后再上传。")
        yield plain


def _shown(stream: bytes) -> Iterator[bytes]:
    for match in SHOWN.finditer(stream):
        yield b"".join(PIECE.findall(match[0]))


def _image(data: bytes) -> dict[str, str]:
    return {"图片附加信息": image_text(data)}


READERS = {"xlsx": _sheets, "docx": _document, "pdf": _pdf, **dict.fromkeys(IMAGES, _image)}
