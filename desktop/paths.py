"""Where everything lies: the person's folders, and what is shipped with the program."""

import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from platformdirs import PlatformDirs

APP = "PersonaChat"
PRIVATE = 0o700


class Paths(NamedTuple):
    """The person's folders; all of them exist and nobody else may look into them."""

    data: Path
    config: Path
    cache: Path
    state: Path
    logs: Path
    runtime: Path

    @property
    def database(self) -> Path:
        return self.data / "persona-chat.db"

    @property
    def workspace(self) -> Path:
        """The person's own copy of ``chatbot_workspace``."""
        return self.data / "chatbot_workspace"

    @property
    def providers(self) -> Path:
        """Where each CLI's isolated folders lie, the empty one it is started in among them."""
        return self.data / "providers"

    @property
    def lock(self) -> Path:
        """Held by the one program that may write the data beside it."""
        return self.data / ".lock"

    @property
    def instance(self) -> Path:
        """How to reach the program that holds the lock."""
        return self.runtime / "instance.json"


def of_profile(paths: Paths, folder: Path) -> Paths:
    """The same with another profile's data. Its folders are made. Raises ``OSError``."""
    own = paths._replace(data=folder)
    for each in (own.data, own.providers):
        each.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    return own


def persons_folders(data_dir: str | None = None) -> Paths:
    """The folders, made where they are missing. Raises ``OSError``.

    ``data_dir`` puts everything below itself, so that a test or a second profile touches nothing
    of the usual places.
    """
    paths = _below(Path(data_dir).expanduser().absolute()) if data_dir else _usual()
    for folder in (*paths, paths.providers):
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    for folder in paths:
        if os.name == "posix" and folder.stat().st_mode & 0o077:
            folder.chmod(PRIVATE)
    return paths


def _below(root: Path) -> Paths:
    return Paths(*(root / name for name in Paths._fields))


def _usual() -> Paths:
    dirs = PlatformDirs(APP, appauthor=False)
    # Without XDG_RUNTIME_DIR platformdirs names a folder of /tmp that anybody could have made.
    runtime = dirs.user_cache_path / "run"
    if os.environ.get("XDG_RUNTIME_DIR") or sys.platform != "linux":
        runtime = dirs.user_runtime_path
    return Paths(
        data=dirs.user_data_path,
        config=dirs.user_config_path,
        cache=dirs.user_cache_path,
        state=dirs.user_state_path,
        logs=dirs.user_log_path,
        runtime=runtime,
    )


def shipped() -> Path:
    """The folder that holds ``ui/dist``, ``persona_data`` and ``chatbot_workspace``.

    The repository in a source tree, ``desktop/_shipped`` in a wheel, PyInstaller's own folder in
    a frozen program.
    """
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen:
        return Path(frozen)
    package = Path(__file__).resolve().parent
    in_wheel = package / "_shipped"
    return in_wheel if in_wheel.is_dir() else package.parent


def page_file() -> Path:
    """The built page. It may be missing in a source tree that was not built."""
    return shipped() / "ui" / "dist" / "index.html"


def prepare_workspace(paths: Paths) -> None:
    """Give the person a copy of the sample house rules, once; what is there is never touched."""
    source = shipped() / "chatbot_workspace"
    if paths.workspace.exists() or not source.is_dir():
        return
    fresh = paths.workspace.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(source, fresh)
    fresh.chmod(PRIVATE)
    fresh.rename(paths.workspace)
