"""``lock``: resolves the dependencies anew, for every system at once and without any address."""

import shutil

from devkit.places import DEV_LOCK, ROOT, RUN_LOCK
from devkit.programs import SetUpFailed, must

UNIVERSAL = ("--universal", "--python-version", "3.11", "--generate-hashes")
NO_ADDRESSES = ("--no-annotate", "--no-header", "--no-emit-index-url", "--no-emit-find-links")


def lock(arguments: list[str]) -> int:
    """Write both lock files; ``arguments`` go to uv, for example ``--upgrade``."""
    uv = shutil.which("uv")
    if uv is None:
        raise SetUpFailed("uv makes the locks, and it is not on PATH. `pip install uv` brings it.")
    compile_ = [uv, "pip", "compile", "--quiet", *UNIVERSAL, *NO_ADDRESSES, *arguments]
    project = str(ROOT / "pyproject.toml")
    must("locking what the app needs", [*compile_, project, "-o", str(RUN_LOCK)])
    with_group = [*compile_, "--group", "dev", project, "-o", str(DEV_LOCK)]
    must("locking what development needs", with_group)
    return 0
