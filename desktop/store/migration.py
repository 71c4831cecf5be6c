"""Brings a database file up to the newest schema, one numbered SQL file after the other."""

from pathlib import Path

from desktop.protocol.problems import Trouble, problem
from desktop.store.driver import connect
from desktop.store.session import Session, machine_trouble

FOLDER = Path(__file__).with_name("migrations")


def steps(folder: Path) -> dict[int, Path]:
    """The files by number. Raises ``ValueError`` if a number is missing or stands twice."""
    files = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    numbers = [int(file.name[:4]) for file in files]
    if numbers != list(range(1, len(files) + 1)):
        raise ValueError(f"migrations must be numbered 1, 2, 3 …, not {numbers}")
    return dict(zip(numbers, files, strict=True))


def pending(path: Path, key: bytes | None) -> bool:
    """Whether opening the file will change its schema; waits for the disk. Raises ``Trouble``."""
    with machine_trouble(path):
        connection = connect(path, key)
        try:
            version = int(connection.execute("PRAGMA user_version").fetchone()[0])
        finally:
            connection.close()
    return 0 < version < len(steps(FOLDER))


async def refuse_newer(session: Session) -> int:
    """The file's schema version. Raises ``Trouble(newer_data)`` if this program is too old."""
    row = await session.one("PRAGMA user_version")
    version = int(row[0]) if row else 0
    if version > len(steps(FOLDER)):
        raise Trouble(problem("newer_data", detail=f"schema {version}"))
    return version


async def migrate(session: Session, path: Path, version: int) -> None:
    """Apply what is missing, each file wholly or not at all; a copy of old data is made first."""
    pending = {number: file for number, file in steps(FOLDER).items() if number > version}
    if pending and version > 0:
        await _copy(session, path, version)
    for number, file in pending.items():
        await _apply(session, number, file.read_text(encoding="utf-8"))


async def _apply(session: Session, number: int, sql: str) -> None:
    try:
        await session.script(f"BEGIN IMMEDIATE; {sql}\nPRAGMA user_version = {number}; COMMIT;")
    except BaseException:
        await session.roll_back()
        raise


async def _copy(session: Session, path: Path, version: int) -> None:
    """A whole, compact copy beside the file: ``name.schema-1.bak``; an older one is replaced."""
    copy = path.with_name(f"{path.name}.schema-{version}.bak")
    unfinished = copy.with_name(copy.name + ".part")
    unfinished.unlink(missing_ok=True)
    await session.run("VACUUM INTO ?", str(unfinished))
    unfinished.chmod(0o600)
    unfinished.replace(copy)
