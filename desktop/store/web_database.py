"""Reads the web version's chatbot.db, versions 4 to 6; the file that is given is only read."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop.store.driver import Connection, Errors, Row, connect

MAGIC = b"SQLite format 3\0"


class NotTheirs(Exception):
    """It is a database, but not one of the web version's, or it is damaged."""


class WebDatabase:
    """Rows as they stand, in the order in which they were written."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rooms(self) -> list[Row]:
        return list(
            self._rows(
                """SELECT user_id, room_id, title, context, created_at, updated_at FROM rooms
                   ORDER BY updated_at, room_id"""
            )
        )

    def messages(self, user_id: int, room_id: str) -> Iterator[Row]:
        return self._rows(
            """SELECT role, content, timestamp FROM messages WHERE user_id = ? AND room_id = ?
               ORDER BY message_id""",
            user_id,
            room_id,
        )

    def usages(self, user_id: int, room_id: str) -> Iterator[Row]:
        return self._rows(
            """SELECT user_id, provider, token_info, timestamp FROM token_usage
               WHERE user_id = ? AND room_id = ? ORDER BY usage_id""",
            user_id,
            room_id,
        )

    def _rows(self, sql: str, *values: object) -> Iterator[Row]:
        try:
            yield from self._connection.execute(sql, values)
        except Errors as error:
            raise NotTheirs(str(error)) from error


@contextmanager
def opened(copy: Path | bytes) -> Iterator[WebDatabase]:
    """Over a copy of ours: opening may write beside a database. Raises ``NotTheirs``."""
    try:
        connection = _in_memory(copy) if isinstance(copy, bytes) else connect(copy, None)
    except Errors as error:
        raise NotTheirs(str(error)) from error
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA query_only = ON")
        connection.execute("SELECT 1 FROM rooms JOIN messages USING (room_id) LIMIT 1").fetchall()
        yield WebDatabase(connection)
    except Errors as error:
        raise NotTheirs(str(error)) from error
    finally:
        connection.close()


def _in_memory(raw: bytes) -> Connection:
    connection = connect(Path(":memory:"), None)
    # In memory there is no journal to be written ahead, whatever the file says of itself.
    connection.deserialize(raw[:18] + b"\x01\x01" + raw[20:])
    return connection
