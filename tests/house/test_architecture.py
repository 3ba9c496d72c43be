"""Who may know whom. The picture is in docs/architecture.md; change both together."""

import ast
from graphlib import CycleError, TopologicalSorter

import pytest

from tests.house.tree import (
    BESIDE,
    ROOMS,
    Import,
    all_imports,
    foreign_imports,
    imports_of,
    module_name,
    python_files,
    room_files,
    room_of,
    tree_of,
)

FLOORS = ("core", "bot knowledge", "bureau", "handlers web ops migrations", "bootstrap", "wsgi")
FLOOR = {room: number for number, row in enumerate(FLOORS) for room in row.split()}
SHARED_IN_BUREAU = {"staff", "workdays", "release", "notices", "facts", "office"}
STRANGERS = (
    ("bot.inbound", "bot.outbound"),
    ("web.console", "web.h5", "web.api"),
)
PURE = {"text", "tokenizer", "lexicon", "documents", "index", "matcher"} | {
    "confidence",
    "slots",
    "answer",
}
OUTSIDE = ("tests", "benchmarks")  # they may look at everything


def within(module: str, room: str) -> bool:
    return module == room or module.startswith(f"{room}.")


def inside_the_house() -> list[Import]:
    return [found for found in all_imports() if room_of(found.importer) in ROOMS]


def test_the_tests_see_the_house() -> None:
    seen = {room_of(module_name(path)) for path in room_files()}
    assert {"core", "bot", "bureau"} <= seen
    assert len(inside_the_house()) > 10


def test_imports_only_point_down() -> None:
    wrong = [
        found
        for found in all_imports()
        if (mine := room_of(found.importer)) in FLOOR
        and (theirs := room_of(found.target)) != mine
        and FLOOR.get(theirs, len(FLOORS)) >= FLOOR[mine]
    ]
    assert not wrong, "imports that do not point down:\n" + "\n".join(map(str, wrong))


@pytest.mark.parametrize("group", STRANGERS, ids=lambda group: " ".join(group))
def test_strangers_do_not_import_each_other(group: tuple[str, ...]) -> None:
    wrong = [
        found
        for found in inside_the_house()
        for mine in group
        for theirs in group
        if mine != theirs and within(found.importer, mine) and within(found.target, theirs)
    ]
    assert not wrong, "strangers that met:\n" + "\n".join(map(str, wrong))


def feature_of(module: str) -> str:
    """The part of `bureau` a module belongs to: bureau.feedback.tickets → feedback."""
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def may_use(mine: str, theirs: str) -> bool:
    """Whether one part of `bureau` may import another."""
    return theirs in {mine, ""} or theirs in SHARED_IN_BUREAU or mine == "reports"


def test_a_feature_of_the_bureau_uses_no_other_feature() -> None:
    """What crosses features is composed above them, or told through `bureau/facts`."""
    wrong = [
        found
        for found in all_imports()
        if within(found.importer, "bureau")
        and within(found.target, "bureau")
        and not may_use(_plain(feature_of(found.importer)), _plain(feature_of(found.target)))
    ]
    assert not wrong, "features that know each other:\n" + "\n".join(map(str, wrong))


def _plain(feature: str) -> str:
    """`workdays_models` belongs to `workdays`."""
    return feature.removesuffix("_models")


def test_the_sandbox_stands_alone() -> None:
    """It speaks HTTP only, so it could serve any WeChat project."""
    out = [
        found
        for found in all_imports()
        if within(found.importer, "sandbox") and not within(found.target, "sandbox")
    ]
    into = [
        found
        for found in all_imports()
        if within(found.target, "sandbox") and room_of(found.importer) not in ("sandbox", *OUTSIDE)
    ]
    assert not out + into, "the sandbox is not alone:\n" + "\n".join(map(str, out + into))


def test_nothing_in_the_house_imports_tests_or_benchmarks() -> None:
    wrong = [
        found
        for found in all_imports()
        if room_of(found.importer) in (*ROOMS, *BESIDE) and room_of(found.target) in OUTSIDE
    ]
    assert not wrong, "\n".join(map(str, wrong))


def test_no_circle_of_modules_anywhere() -> None:
    """Imports inside functions counted: a hidden import is an import."""
    graph: dict[str, set[str]] = {}
    for found in all_imports():
        if found.importer != found.target:
            graph.setdefault(found.importer, set()).add(found.target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail("a circle: " + " → ".join(error.args[1]))


def test_no_import_hides_inside_a_function() -> None:
    """Only `ops/commands/` loads a room when it runs, so that a light command starts light."""
    hidden = [
        str(found)
        for path in room_files()
        if not within(module_name(path), "ops.commands")
        for found in imports_of(path)
        if found.inside_function
    ]
    assert not hidden, "imports inside functions:\n" + "\n".join(hidden)


def test_modules_are_loaded_by_name_only_for_commands() -> None:
    loaders = {"import_module", "__import__"}
    wrong = [
        f"{path}:{node.lineno}"
        for path in room_files()
        if not within(module_name(path), "ops.commands")
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Name) and node.id in loaders)
        or (isinstance(node, ast.Attribute) and node.attr in loaders)
    ]
    assert not wrong, "modules loaded by name:\n" + "\n".join(wrong)


def test_no_module_is_called_what_says_nothing() -> None:
    empty_words = {"utils", "util", "helpers", "helper", "common", "manager", "base", "misc"}
    wrong = [
        str(path)
        for path in python_files()
        if empty_words & {word for part in path.with_suffix("").parts for word in part.split("_")}
    ]
    assert not wrong, wrong


def test_handlers_and_pages_hold_no_sql() -> None:
    """They may name a `Session` to hand it on; queries live in the rooms below."""
    allowed = {"sqlalchemy.orm.Session"}
    wrong = {
        str(path): names
        for path in room_files()
        if room_of(module_name(path)) in ("handlers", "web")
        and (names := {n for n in foreign_imports(path) if room_of(n) == "sqlalchemy"} - allowed)
    }
    assert not wrong, wrong


def test_the_engine_of_answers_is_pure() -> None:
    """These modules of `knowledge` work on values: no SQL, no Redis, no Flask, no settings."""
    mine = tuple(f"knowledge.{name}" for name in PURE)
    impure = {"sqlalchemy", "redis", "flask", "core.db", "core.settings", "core.redis_store"}
    wrong = {
        str(path): names
        for path in room_files()
        if any(within(module_name(path), name) for name in mine)
        and (
            names := {
                taken
                for taken in foreign_imports(path) | {found.target for found in imports_of(path)}
                if room_of(taken) in impure or taken in impure
            }
        )
    }
    assert not wrong, wrong


@pytest.mark.parametrize(
    ("package", "rooms"),
    [
        ("wechatpy", {"bot"}),
        ("jieba", {"knowledge"}),
        ("dramatiq", {"ops"}),
        ("flask", {"web", "bootstrap", "wsgi", "ops"}),
        ("aiohttp", set()),
    ],
)
def test_a_library_stays_in_its_room(package: str, rooms: set[str]) -> None:
    """A library's shape stops where it enters: replacing it then means one room."""
    wrong = [
        str(path)
        for path in room_files()
        if room_of(module_name(path)) not in (*rooms, "sandbox")
        and any(room_of(name) == package for name in foreign_imports(path))
    ]
    assert not wrong, f"{package} outside {sorted(rooms)}: {wrong}"
