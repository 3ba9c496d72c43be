"""What no file of the repository may carry, and what each must."""

import re
from pathlib import Path

import pytest

from tests.house.tree import ROOT, texts, tracked_files

HERE = Path("tests/house/test_files.py")
PACKAGE_INDEX = re.compile(
    r"pypi\.(org|python\.org)|pythonhosted\.org|registry\.(npmjs|npmmirror|yarnpkg)\.|"
    r"(mirrors?|pypi)\.[a-z0-9.-]*(aliyun|tuna|tencent|ustc|163|douban)[a-z0-9.-]*/",
    re.IGNORECASE,
)
MACHINE_PATH = re.compile(r"(?<![\w.])/(work|root|home/[a-z]+|Users/[A-Za-z]+|tmp/house)(/|\b)")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
PAGE = re.compile(r"(?<![\w/.-])((?:[A-Za-z0-9_.-]+/)*[A-Za-z0-9_-]+\.md)\b")
GENERATED_LISTS = {"requirements.txt", "requirements-dev.txt", "package-lock.json"}


@pytest.mark.parametrize(
    "forbidden", [PACKAGE_INDEX, MACHINE_PATH, UNFINISHED], ids=["index", "path", "unfinished"]
)
def test_no_file_carries(forbidden: re.Pattern[str]) -> None:
    wrong = [
        f"{path}:{number} {found.group()}"
        for path, text in texts()
        if path != HERE
        for number, line in enumerate(text.splitlines(), 1)
        if (found := forbidden.search(line))
    ]
    assert not wrong, "\n".join(wrong)


def test_every_page_a_file_names_is_there() -> None:
    """A docstring or a document that cites `docs/x.md` cites a page the reader can open."""
    there = {str(path) for path in tracked_files()} | {path.name for path in tracked_files()}
    wrong = [
        f"{path}: {name}"
        for path, text in texts()
        if path != HERE and path.suffix in {".py", ".md", ".toml", ".html", ""}
        for name in PAGE.findall(text)
        if name.removeprefix("./") not in there and not (ROOT / path.parent / name).exists()
    ]
    assert not wrong, "\n".join(sorted(set(wrong)))


def test_lines_end_as_git_likes_them() -> None:
    wrong = [
        str(path)
        for path, text in texts()
        if path.name not in GENERATED_LISTS
        and path.parts[0] != "seeds"
        and text
        and ("\r\n" in text or not text.endswith("\n"))
    ]
    assert not wrong, wrong


@pytest.mark.parametrize(
    "name",
    [
        "README.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "GLOSSARY.md",
        "LICENSE",
        "Makefile",
        "requirements.in",
        "requirements.txt",
        "requirements-dev.txt",
        ".env.example",
        ".pre-commit-config.yaml",
        "docs/architecture.md",
    ],
)
def test_a_visitor_finds(name: str) -> None:
    assert (ROOT / name).is_file()


def test_locks_are_hashed_and_name_no_host() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text("utf8")
        pins = [line for line in text.splitlines() if re.match(r"[a-z0-9]", line, re.IGNORECASE)]
        assert pins, name
        assert "://" not in text, name
        assert text.count("--hash=sha256:") >= len(pins), name
        loose = [line for line in pins if "==" not in line]
        assert not loose, loose


def test_every_decision_has_the_three_parts() -> None:
    pages = [path for path in tracked_files() if path.parent == Path("docs/adr")]
    assert len(pages) >= 10
    for page in pages:
        text = (ROOT / page).read_text("utf8")
        assert re.match(r"\d{4}-[a-z0-9-]+\.md", page.name), page
        for part in ("## Situation", "## Choice", "## Price"):
            assert part in text, f"{page} lacks {part}"
