"""A clock that is set back: stories keep their order, a backup stays, nothing is thrown away."""

from datetime import timedelta
from pathlib import Path

from desktop.protocol.base import UtcMs
from desktop.protocol.methods import RoomParams
from desktop.services.backups import told
from desktop.store.attempts import FREE, Attempts
from tests.doubles.scripted_provider import texts
from tests.services.conftest import Lay
from tests.services.table import STAGE
from tests.services.test_backups import Kept, at

__all__ = ["at"]

HOUR = 3_600_000


class Backwards:
    """Every look is an hour earlier."""

    def __init__(self) -> None:
        self.now = 1_767_225_600_000

    def now_ms(self) -> UtcMs:
        self.now -= HOUR
        return UtcMs(self.now)

    def monotonic_ms(self) -> int:
        return 0


async def test_messages_stay_in_the_order_in_which_they_were_said(lay: Lay) -> None:
    table = await lay(*[texts("[하루]: 켰어.")] * 4)
    room = await table.room(STAGE)
    back = Backwards()
    table.clock.now_ms = back.now_ms  # type: ignore[method-assign]
    for number in range(4):
        turn = await table.say(room, f"{number}째")
        assert turn.outcome == "complete"
        assert turn.total_ms is None or turn.total_ms >= 0
    view = await table.view(room)
    mine = [one.text for one in view.messages if one.author.kind == "user"]
    assert mine == ["0째", "1째", "2째", "3째"]
    assert [one.position for one in view.messages] == list(range(1, len(view.messages) + 1))
    times = [one.created_at for one in view.messages if one.author.kind == "user"]
    assert times == sorted(times, reverse=True), "the clock did go back"
    await table.rooms.trash(RoomParams(room_id=room.id))
    await table.shelf.purge()
    assert await table.rooms.restore(RoomParams(room_id=room.id))


async def test_a_backup_of_an_earlier_day_stays_beside_those_of_the_future(at: Kept) -> None:
    for _ in range(12):
        at.clock.now += timedelta(days=1)
        assert await at.keeper.daily()
    at.clock.now -= timedelta(days=40)
    assert await at.keeper.daily()
    today = at.clock.now_ms()
    made = [told(path, None).made_at for path in at.files()]
    assert today in made
    assert not await at.keeper.daily(), "once a day, also then"


def test_a_wrong_password_is_waited_for_no_longer_than_it_says(tmp_path: Path) -> None:
    attempts = Attempts(tmp_path / "attempts.json")
    for _ in range(FREE + 2):
        attempts.begin("one", UtcMs(10 * HOUR))
    until = attempts.wait_until("one", UtcMs(HOUR))
    assert until is not None
    assert until - HOUR < HOUR
