"""Tells whether the part of a story that an AI has seen is still what it was."""

import hashlib

from desktop.protocol.models import Message
from desktop.store.branches import UP
from desktop.store.session import Session


def digest(message: Message, *, deleted: bool) -> int:
    """What an AI is shown of a message, as a number of 40 bits; 0 if it is shown nothing."""
    if deleted or message.hidden or message.author.kind == "note" or message.status == "failed":
        return 0
    shown = f"{message.id}\n{message.author.kind}\n{message.author.name}\n{message.text}"
    return int.from_bytes(hashlib.sha256(shown.encode()).digest()[:5])


TIMELINE = f"""{UP}
  SELECT (SELECT id FROM up WHERE fork < ?2 OR parent IS NULL ORDER BY depth LIMIT 1),
         (SELECT coalesce(sum(message.drift), 0)
          FROM up CROSS JOIN message INDEXED BY message_drifted
            ON message.branch_id = up.id AND message.position > up.fork
              AND message.position <= up.upper
          WHERE message.drift <> 0)"""


async def timeline_fingerprint(session: Session, branch_id: str, upto: int) -> str:
    """Names a path up to a position and everything an AI is shown of it.

    Two are equal exactly if the same messages read the same, on whatever branch they are asked
    for. The work grows with the ancestors and the messages changed afterwards, not with the path.
    Raises ``LookupError`` if there is no such branch.
    """
    row = await session.one(TIMELINE, branch_id, upto)
    if row is None or row[0] is None:
        raise LookupError(branch_id)
    return f"{row[0]}.{upto}.{row[1]:x}"
