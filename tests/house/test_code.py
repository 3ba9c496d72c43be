"""How the code must look, beyond what ruff and mypy already check."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from tests.house.tree import (
    module_name,
    python_files,
    room_files,
    room_of,
    text_of,
    tree_of,
)

MOST_LINES = 300
MOST_FUNCTION_LINES = 50
MEDIAN_LINES = 90
GENERATED = Path("migrations/versions")  # alembic writes them; nobody reads them top to bottom

Function = ast.FunctionDef | ast.AsyncFunctionDef


def written_by_us() -> list[Path]:
    return [path for path in python_files() if GENERATED not in path.parents]


def length(path: Path) -> int:
    return len(text_of(path).splitlines())


def test_no_file_is_longer_than_300_lines() -> None:
    long = {str(path): length(path) for path in written_by_us() if length(path) > MOST_LINES}
    assert not long, long


def test_half_of_the_files_fit_on_two_screens() -> None:
    lengths = [length(path) for path in room_files() if text_of(path).strip()]
    assert median(lengths) <= MEDIAN_LINES, median(lengths)


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def lines_without_docstring(function: Function) -> int:
    """From `def` to the last line; the docstring is free."""
    first = function.body[0]
    words = first.end_lineno - first.lineno + 1 if ast.get_docstring(function, clean=False) else 0
    return (function.end_lineno or function.lineno) - function.lineno + 1 - words


def test_no_function_is_longer_than_50_lines() -> None:
    long = [
        f"{path}:{function.lineno} {function.name} {lines_without_docstring(function)}"
        for path in written_by_us()
        for function in functions(path)
        if lines_without_docstring(function) > MOST_FUNCTION_LINES
    ]
    assert not long, "\n".join(long)


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        str(path)
        for path in room_files()
        if GENERATED not in path.parents
        and text_of(path).strip()
        and not ast.get_docstring(tree_of(path))
    ]
    assert not silent, silent


def calls(path: Path) -> Iterator[tuple[str, int]]:
    """Every call of a file as written (`datetime.now`), with its line."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


# The launcher's log, the stamp of a backup, and the doctor, who looks at the machine's clock.
MACHINE_TIME = {"core.clock", "ops.embedded", "ops.database_copy", "ops.doctor"}


def test_the_time_comes_from_the_clock() -> None:
    """`now` is handed in; only the clock asks the machine. The sandbox has a clock of its own."""
    asking = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.time)$")
    wrong = [
        f"{path}:{line} {name}()"
        for path in room_files()
        if module_name(path) not in MACHINE_TIME and room_of(module_name(path)) != "sandbox"
        for name, line in calls(path)
        if asking.search(name)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_verb_commits() -> None:
    """`Database.write()` ends a transaction; a message's own is opened and ended by its context."""
    rooms = ("bot", "knowledge", "bureau", "handlers", "web")
    wrong = [
        f"{path}:{line} {name}()"
        for path in room_files()
        if room_of(module_name(path)) in rooms and module_name(path) != "handlers.context"
        for name, line in calls(path)
        if name.endswith((".commit", ".rollback"))
    ]
    assert not wrong, "\n".join(wrong)


def test_the_environment_is_read_in_one_place() -> None:
    """`core/settings.py` reads it; wsgi.py asks Flask's own mark; the sandbox has its own."""
    readers = {"core.settings", "wsgi"}
    wrong = [
        f"{path}:{node.lineno} {ast.unparse(node)}"
        for path in room_files()
        if module_name(path) not in readers and room_of(module_name(path)) != "sandbox"
        for node in ast.walk(tree_of(path))
        if reads_environment(node)
    ]
    assert not wrong, "\n".join(wrong)


def reads_environment(node: ast.AST) -> bool:
    """`os.getenv(…)`, `os.environ.get(…)`, `os.environ[…]`; handing all of it on is no reading."""
    if isinstance(node, ast.ImportFrom):
        return node.module == "os" and bool({a.name for a in node.names} & {"environ", "getenv"})
    if isinstance(node, ast.Call):
        return ast.unparse(node.func) in ("os.getenv", "os.environ.get")
    return isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ"


def test_no_test_is_left_out() -> None:
    ways_out = re.compile(
        r"pytest\.(skip|xfail|importorskip)\b|\bmark\.(skip|skipif|xfail)\b|\bunittest\.skip"
    )
    here = Path("tests/house/test_code.py")
    wrong = [
        f"{path}:{number} {line.strip()}"
        for path in python_files()
        if path.parts[0] == "tests" and path != here
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if ways_out.search(line)
    ]
    assert not wrong, "\n".join(wrong)


def test_no_test_patches_our_own_modules() -> None:
    """If it hurts, pass it in."""
    wrong = [
        f"{path}:{line} {name}"
        for path in python_files()
        if path.parts[0] == "tests"
        for name, line in calls(path)
        if name in ("monkeypatch.setattr", "mock.patch", "patch", "mock.patch.object")
    ]
    assert not wrong, "\n".join(wrong)
