"""The house as its tests see it: which files are ours, and who imports whom, functions included."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("core", "bot", "knowledge", "bureau", "handlers", "web", "ops", "bootstrap", "wsgi")
BESIDE = ("sandbox", "migrations")  # ours, but on no floor of the house
BINARY = {".xlsx", ".png", ".jpg", ".ico", ".gz", ".db", ".woff2"}


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement's target, as a dotted module name of ours."""

    importer: str
    target: str
    line: int
    inside_function: bool

    def __str__(self) -> str:
        return f"{self.importer}:{self.line} → {self.target}"


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that git keeps or is about to keep, as paths below ROOT."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    names = listed.stdout.decode().split("\0")
    return tuple(sorted(Path(name) for name in names if name and (ROOT / name).is_file()))


@cache
def python_files() -> tuple[Path, ...]:
    return tuple(path for path in tracked_files() if path.suffix == ".py")


def room_files() -> tuple[Path, ...]:
    """The program itself: no tests, no benchmarks, no generated migration."""
    return tuple(path for path in python_files() if room_of(module_name(path)) in (*ROOMS, *BESIDE))


@cache
def text_of(path: Path) -> str:
    return (ROOT / path).read_text("utf8")


def texts() -> Iterator[tuple[Path, str]]:
    """Every file of ours that people read, with its text."""
    for path in tracked_files():
        if path.suffix not in BINARY:
            yield path, text_of(path)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path), str(path))


def module_name(path: Path) -> str:
    """`bot/outbound/__init__.py` → `bot.outbound`."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def room_of(module: str) -> str:
    return module.split(".")[0]


@cache
def modules() -> frozenset[str]:
    """Every module of ours, tests and benchmarks included."""
    return frozenset(module_name(path) for path in python_files())


@cache
def imports_of(path: Path) -> tuple[Import, ...]:
    """What one file imports of ours, wherever in the file it does so."""
    importer = module_name(path)
    return tuple(
        Import(importer, target, node.lineno, inside)
        for node, inside in walk_imports(tree_of(path))
        for target in targets(node)
    )


def all_imports() -> tuple[Import, ...]:
    return tuple(found for path in python_files() for found in imports_of(path))


def walk_imports(tree: ast.AST, inside: bool = False) -> Iterator[tuple[ast.stmt, bool]]:
    """Each import statement, and whether a function holds it."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node, inside
        deeper = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        yield from walk_imports(node, inside or deeper)


def targets(node: ast.stmt) -> Iterator[str]:
    """The modules of ours that an import statement names."""
    if isinstance(node, ast.Import):
        yield from (ours for alias in node.names if (ours := known(alias.name)))
    elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
        for alias in node.names:
            if ours := known(f"{node.module}.{alias.name}"):
                yield ours


def known(dotted: str) -> str | None:
    """The longest beginning of a dotted name that is a module of ours."""
    parts = dotted.split(".")
    for end in range(len(parts), 0, -1):
        name = ".".join(parts[:end])
        if name in modules():
            return name
    return parts[0] if any(name.startswith(f"{parts[0]}.") for name in modules()) else None


def foreign_imports(path: Path) -> set[str]:
    """The names a file takes from packages that are not ours, as `package.module.name`."""
    found: set[str] = set()
    for node, _ in walk_imports(tree_of(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if known(name) is None}
