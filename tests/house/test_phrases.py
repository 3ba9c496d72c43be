"""Every sentence the bot says: within WeChat's limit, and written as Chinese is written."""

import ast
import importlib
import inspect
import re
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from tests.house.samples import said_by, texts_in
from tests.house.tree import module_name, room_files, room_of, text_of, tracked_files, tree_of

# The promised default name of the bureau; headings of bureaus' lists; patterns of what is said.
AS_OTHERS_WRITE = {"core.settings", "knowledge.kinds", "handlers"}
MOST_BYTES = 2048  # a text reply over it shows the citizen WeChat's fault text instead
CHINESE = "\u3400-\u9fff"
TAG = re.compile(r"<[^>]*>")
HALF_WIDTH = re.compile(rf"[{CHINESE}]\s*[,;:!?()]|[,;:!?()]\s*[{CHINESE}]|[{CHINESE}]\.(?!\w)")
STRAIGHT_QUOTES = re.compile(rf"[\"'][{CHINESE}]|[{CHINESE}][\"']")
TEMPLATE_CODE = re.compile(
    r"{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->|<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL
)


def phrase_modules() -> list[ModuleType]:
    names = [module_name(path) for path in room_files()]
    return [importlib.import_module(n) for n in names if n.startswith("handlers.phrases")]


def sentences() -> list[tuple[str, str]]:
    """(where it is said, the words) of every function and constant of phrases."""
    said = []
    for module in phrase_modules():
        for name, value in sorted(vars(module).items()):
            if inspect.isfunction(value) and value.__module__ == module.__name__:
                said += [(name, text) for text in said_by(value)]
            elif name.isupper():
                said += [(name, text) for text in texts_in(value)]
    return said


def test_phrases_are_found() -> None:
    assert len(sentences()) > 10


def test_every_phrase_fits_a_text_reply() -> None:
    long = {
        name: len(text.encode()) for name, text in sentences() if len(text.encode()) > MOST_BYTES
    }
    assert not long, long


def test_phrases_use_full_width_punctuation() -> None:
    wrong = [
        f"{name}: {found.group()!r} in {text!r}"
        for name, text in sentences()
        for rule in (HALF_WIDTH, STRAIGHT_QUOTES)
        if (found := rule.search(TAG.sub("", text)))
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(
    "text", ["已收到,谢谢", "编号:JY26", "提交(建议)", "办好了.", "点'订阅'", "多少钱?"]
)
def test_the_rules_find_half_width_punctuation(text: str) -> None:
    assert HALF_WIDTH.search(text) or STRAIGHT_QUOTES.search(text)


@pytest.mark.parametrize("text", ["已收到，谢谢", "08:30 开门", "见 czj.linyi.gov.cn。", "A(b)"])
def test_the_rules_leave_good_text_alone(text: str) -> None:
    assert not HALF_WIDTH.search(text)
    assert not STRAIGHT_QUOTES.search(text)


def test_handlers_say_nothing_of_their_own() -> None:
    """A sentence of the chat lives in phrases; what citizens type (patterns, words) may not."""
    sentence = re.compile(rf"[{CHINESE}].*[，。；？！]")
    wrong = [
        f"{path}:{node.lineno} {node.value!r}"
        for path in room_files()
        if room_of(module_name(path)) == "handlers" and "phrases" not in module_name(path)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and sentence.search(node.value)
        and node.value not in docstrings(path)
        and not looks_like_a_pattern(node.value)
    ]
    assert not wrong, "\n".join(wrong)


@cache
def docstrings(path: Path) -> set[str]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    nodes = [node for node in ast.walk(tree_of(path)) if isinstance(node, kinds)]
    return {text for node in nodes if (text := ast.get_docstring(node, clean=False))}


def test_what_verbs_and_pages_say_uses_full_width_punctuation() -> None:
    """Refusals, notices and labels are read by citizens and clerks too."""
    rooms = ("core", "bot", "bureau", "knowledge", "handlers", "web")
    wrong = [
        f"{path}:{node.lineno} {found.group()!r} in {node.value!r}"
        for path in room_files()
        if room_of(module_name(path)) in rooms and module_name(path) not in AS_OTHERS_WRITE
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and node.value not in docstrings(path)
        and not looks_like_a_pattern(node.value)
        and "--" not in node.value  # a command to be typed
        and (found := HALF_WIDTH.search(TAG.sub("", node.value)))
    ]
    assert not wrong, "\n".join(wrong)


def looks_like_a_pattern(text: str) -> bool:
    return any(mark in text for mark in ("[", "|", "^", "\\", "(?"))


def pages() -> list[Path]:
    return [path for path in tracked_files() if path.suffix == ".html" and path.parts[0] == "web"]


def test_pages_use_full_width_punctuation() -> None:
    """The words of web templates, without code, tags and scripts."""
    wrong = [
        f"{page}: {found.group()!r} in {line.strip()!r}"
        for page in pages()
        for line in TEMPLATE_CODE.sub("\u241f", text_of(page)).splitlines()
        if (found := HALF_WIDTH.search(line))
    ]
    assert not wrong, "\n".join(wrong)
