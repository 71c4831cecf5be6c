"""Settings and other facts that stand alone: a name and a JSON value each."""

import msgspec

from desktop.protocol.settings import Settings
from desktop.store.session import Session

_PREFIX = "settings."


async def read(session: Session, name: str) -> str | None:
    """A fact of our own that is text, or ``None``."""
    row = await session.one("SELECT value FROM setting WHERE name = ?", name)
    return msgspec.json.decode(row["value"], type=str) if row else None


async def write(session: Session, name: str, value: str) -> None:
    await _put(session, name, value)


async def read_settings(session: Session) -> Settings:
    """What was set, each field for itself: one that is unknown or out of bounds is the default."""
    rows = await session.all(
        "SELECT name, value FROM setting WHERE name >= 'settings.' AND name < 'settings/'"
    )
    stored = {row["name"].removeprefix(_PREFIX): row["value"] for row in rows}
    settings = Settings()
    for field in msgspec.structs.fields(Settings):
        if field.name in stored:
            try:
                value = msgspec.json.decode(stored[field.name], type=field.type)
            except msgspec.ValidationError:
                continue
            settings = msgspec.structs.replace(settings, **{field.name: value})
    return settings


async def write_settings(session: Session, settings: Settings) -> None:
    for field in msgspec.structs.fields(Settings):
        await _put(session, _PREFIX + field.name, getattr(settings, field.name))


async def _put(session: Session, name: str, value: object) -> None:
    await session.run(
        """INSERT INTO setting (name, value) VALUES (?, ?)
           ON CONFLICT (name) DO UPDATE SET value = excluded.value WHERE value <> excluded.value""",
        name,
        msgspec.json.encode(value).decode(),
    )
