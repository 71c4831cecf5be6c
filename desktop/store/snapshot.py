"""Reads whole stories at one moment, on a connection of its own, while the table goes on.

Everything here waits for the disk: use it from one thread, never on the loop.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from desktop.protocol.base import Frozen, UtcMs
from desktop.store.driver import Connection, Row, connect
from desktop.store.fingerprint import TIMELINE
from desktop.store.session import machine_trouble


class Window(Frozen, kw_only=True):
    """Messages said from ``since`` and before ``until``; ``None`` is no bound."""

    since: UtcMs | None = None
    until: UtcMs | None = None

    def sql(self, column: str) -> str:
        """Times are numbers of our own: they may stand in the statement."""
        bounds = ((">=", self.since), ("<", self.until))
        return "".join(f" AND {column} {sign} {int(at)}" for sign, at in bounds if at is not None)


ALWAYS = Window()

_ALIVE = """WITH RECURSIVE alive (id, cut, depth) AS (
  SELECT id, cut_position, 0 FROM branch
  WHERE room_id = ?1 AND parent_id IS NULL AND trashed_at IS NULL
  UNION ALL
  SELECT branch.id, branch.cut_position, alive.depth + 1
  FROM alive JOIN branch ON branch.parent_id = alive.id
  WHERE branch.trashed_at IS NULL AND (alive.cut IS NULL OR branch.fork_position <= alive.cut))"""

_BRANCHES = f"""{_ALIVE}
SELECT branch.*, min(branch.tip_position, coalesce(branch.cut_position, branch.tip_position)) AS tip
FROM alive JOIN branch ON branch.id = alive.id
WHERE branch.tip_position > branch.fork_position OR branch.name <> '' OR branch.parent_id IS NULL
  OR EXISTS (SELECT 1 FROM branch AS child
             WHERE child.parent_id = branch.id AND child.trashed_at IS NULL)
  OR EXISTS (SELECT 1 FROM room WHERE room.id = ?1 AND room.branch_id = branch.id)
  OR EXISTS (SELECT 1 FROM slot WHERE slot.branch_id = branch.id AND slot.deleted_at IS NULL)
ORDER BY alive.depth, branch.created_at, branch.rowid"""

MESSAGES = """SELECT message.position, message.id, message.turn_id, author_kind, author_id,
  author_name, author_dye, status, hidden, created_at, edited_at, text,
  (SELECT sealed FROM roll WHERE author_kind = 'note' AND roll.message_id = message.id) AS roll,
  edited_at IS NOT NULL AND EXISTS
    (SELECT 1 FROM message_text WHERE message_id = message.id) AS has_earlier
FROM message WHERE branch_id = ? AND position > ? AND position <= ? AND deleted_at IS NULL"""


class Snapshot:
    """One moment of the file. Make it with ``snapshot``."""

    def __init__(self, connection: Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    def rows(self, sql: str, *values: object) -> Iterator[Row]:
        """The rows of a query as they are asked for; nothing is held."""
        with machine_trouble(self._path):
            yield from self._connection.execute(sql, values)

    def one(self, sql: str, *values: object) -> Row | None:
        return next(self.rows(sql, *values), None)

    def count(self, sql: str, *values: object) -> int:
        row = self.one(sql, *values)
        return int(row[0] or 0) if row else 0

    def kept(self, ids: Iterable[str]) -> Iterator[tuple[str, str, bytes]]:
        """Id, media type and content of what there is of these."""
        for one in ids:
            for row in self.rows("SELECT media_type, content FROM kept WHERE id = ?", one):
                yield one, row["media_type"], row["content"]

    def rooms(self, ids: Sequence[str] | None) -> list[Row]:
        """Those named, in that order, or all that are not in the trash, the first used first."""
        select = """SELECT room.*, stage.content AS stage FROM room
                    JOIN stage ON stage.room_id = room.id"""
        if ids is None:
            # The one used last was stored last when these are read again.
            order = "ORDER BY room.updated_at, room.rowid"
            return list(self.rows(f"{select} WHERE room.trashed_at IS NULL {order}"))
        found = (self.one(f"{select} WHERE room.id = ?", one) for one in dict.fromkeys(ids))
        return [row for row in found if row is not None]

    def branches(self, room_id: str) -> list[Row]:
        """Those that can be gone to, parents first; ``tip`` is where each ends for the person."""
        return list(self.rows(_BRANCHES, room_id))

    def own_before(self, branch_id: str, fork: int, upto: int, window: Window) -> int:
        """How many of a branch's own messages up to a position are told."""
        if window == ALWAYS:
            deleted = self.count(
                """SELECT count(*) FROM message INDEXED BY message_deleted
                   WHERE branch_id = ? AND position > ? AND position <= ?
                     AND deleted_at IS NOT NULL""",
                branch_id,
                fork,
                upto,
            )
            return max(0, upto - fork) - deleted
        return self.count(
            f"""SELECT count(*) FROM message WHERE branch_id = ? AND position > ?
                AND position <= ? AND deleted_at IS NULL{window.sql("created_at")}""",
            branch_id,
            fork,
            upto,
        )

    def messages(self, branch_id: str, after: int, upto: int, window: Window) -> Iterator[Row]:
        sql = f"{MESSAGES}{window.sql('created_at')} ORDER BY position"
        return self.rows(sql, branch_id, after, upto)

    def earlier_texts(self, message_id: str) -> tuple[str, ...]:
        sql = "SELECT text FROM message_text WHERE message_id = ? ORDER BY version"
        return tuple(row[0] for row in self.rows(sql, message_id))

    def turns(self, branch_id: str, window: Window) -> Iterator[Row]:
        return self.rows(
            f"""SELECT * FROM turn WHERE branch_id = ? AND outcome <> 'running'
                {window.sql("started_at")} ORDER BY number""",
            branch_id,
        )

    def rolls(self, room_id: str, until: UtcMs | None) -> Iterator[Row]:
        """The room's chain from its beginning, up to a time."""
        bound = "" if until is None else f" AND sealed ->> 'time' < {int(until)}"
        sql = f"SELECT message_id, sealed FROM roll WHERE room_id = ?{bound} ORDER BY number"
        return self.rows(sql, room_id)

    def slots(self, room_id: str) -> Iterator[Row]:
        return self.rows(
            "SELECT * FROM slot WHERE room_id = ? AND deleted_at IS NULL ORDER BY number", room_id
        )

    def summaries(self, room_id: str) -> Iterator[Row]:
        """The newest of each place, if the story up to there still reads as it did then."""
        for row in self.rows(
            """SELECT * FROM summary WHERE number IN (
                 SELECT max(number) FROM summary WHERE room_id = ? AND deleted_at IS NULL
                 GROUP BY branch_id, position) ORDER BY number""",
            room_id,
        ):
            now = self.one(TIMELINE, row["branch_id"], row["position"])
            if now and f"{now[0]}.{row['position']}.{now[1]:x}" == row["fingerprint"]:
                yield row

    def totals(self, room_ids: Sequence[str]) -> tuple[int, int]:
        """Messages and turns that these rooms hold, seen or not; for the progress only."""
        sums = [0, 0]
        for room_id in room_ids:
            for at, table in enumerate(("message", "turn")):
                # By the index of the room, which is read without the texts.
                sql = f"SELECT count(*) FROM {table} WHERE room_id = ?"
                sums[at] += self.count(sql, room_id)
        return sums[0], sums[1]


@contextmanager
def snapshot(path: Path, key: bytes | None) -> Iterator[Snapshot]:
    """Raises ``Trouble`` for what the disk does."""
    with machine_trouble(path):
        connection = connect(path, key)
    try:
        with machine_trouble(path):
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            # The moment is fixed by the first look, not by the beginning.
            connection.execute("SELECT 1 FROM room LIMIT 1").fetchall()
        yield Snapshot(connection, path)
    finally:
        connection.close()
