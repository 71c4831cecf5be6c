"""Several profiles on one machine: each by itself, and nothing to be seen of a locked one."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from keyring.backends import fail

from desktop.main.house import Outlet, build
from desktop.protocol.base import Frozen
from desktop.protocol.events import TurnEnded
from desktop.protocol.library import EntrySaveParams, RulesSaveParams, TextContents
from desktop.protocol.methods import (
    METHODS,
    RoomCreateParams,
    SendParams,
    SettingsParams,
)
from desktop.protocol.problems import Trouble
from desktop.protocol.profiles import (
    PasswordChangeParams,
    PasswordParams,
    ProfileCreateParams,
    ProfileDeleteParams,
    ProfileLabelParams,
    ProfileMade,
    ProfileOpenParams,
    ProfileParams,
    Profiles,
    ProtectParams,
    RememberParams,
)
from desktop.store import sealing
from tests.flows.residence import Window

PASSWORD = "등대의 불빛"
SECRET = "비밀이야기"


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password costs a tenth of a second by design; here only that it is asked matters."""
    monkeypatch.setattr(sealing, "OPS", 1)
    monkeypatch.setattr(sealing, "MEMORY", 8192)
    monkeypatch.setenv("PERSONA_STORYTELLER_PACE", "inf")


@pytest.fixture
async def window(tmp_path: Path) -> AsyncIterator[Window]:
    made = Window(tmp_path)
    await made.residence.start()
    yield made
    await made.residence.close()


async def write(window: Window, secret: str = SECRET) -> None:
    """A title, a message, a world, house rules and a search: every place a word can get to."""
    view = await window.ask("room.create", RoomCreateParams(title=secret))
    await window.ask("turn.send", SendParams(room_id=view.room.id, text=f"{secret} 들려줘"))
    await window.told(TurnEnded)
    await window.ask(
        "library.save",
        EntrySaveParams(kind="world", name=secret, contents=TextContents(text=f"{secret} 바다")),
    )
    await window.ask("rules.save", RulesSaveParams(text=f"{secret} 규칙", stamp=""))


def shows(folder: Path, secret: str = SECRET) -> list[str]:
    needle = secret.encode()
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if needle in os.fsencode(path.name) or (path.is_file() and needle in path.read_bytes())
    ]


async def refused(window: Window, name: str, params: Frozen | None = None) -> Trouble:
    with pytest.raises(Trouble) as caught:
        await window.ask(name, params)
    return caught.value


async def locked_one(window: Window) -> ProfileMade:
    made = await window.ask("profile.create", ProfileCreateParams(label="", password=PASSWORD))
    assert isinstance(made, ProfileMade)
    return made


async def test_the_data_that_was_there_is_the_first_profile(window: Window) -> None:
    opened = await window.open()
    assert opened.profiles is not None
    assert [one.id for one in opened.profiles.profiles] == ["first"]
    assert opened.profiles.open
    assert (window.folder / "data" / "persona-chat.db").is_file()
    assert not (window.folder / "data" / "profiles").exists()


async def test_nothing_of_one_profile_is_seen_in_another(window: Window) -> None:
    await window.open()
    await write(window)
    other = await window.ask("profile.create", ProfileCreateParams(label="윤호"))
    await window.ask("profile.open", ProfileOpenParams(profile_id=other.profile_id))
    opened = await window.open()
    assert opened.first_start
    assert SECRET not in repr(opened)
    assert SECRET not in repr(await window.ask("library.list"))
    assert SECRET not in repr(await window.ask("rules.read"))
    assert window.events == []
    assert shows(window.folder / "data" / "profiles") == []
    await window.ask("profile.open", ProfileOpenParams(profile_id="first"))
    assert SECRET in repr(await window.open())


async def test_a_turn_that_runs_is_stored_and_its_events_go_nowhere(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PERSONA_STORYTELLER_PACE", "40")
    other = await window.ask("profile.create", ProfileCreateParams(label="윤호"))
    await window.ask("profile.open", ProfileOpenParams(profile_id="first"))
    await window.open()
    view = await window.ask("room.create", RoomCreateParams(title="등대"))
    room_id = view.room.id
    sent = await window.ask("turn.send", SendParams(room_id=room_id, text="여기가 어디야?"))
    await window.ask("profile.open", ProfileOpenParams(profile_id=other.profile_id))
    await window.open()
    assert not any(isinstance(event, TurnEnded) for event in window.events)
    await window.ask("profile.open", ProfileOpenParams(profile_id="first"))
    opened = await window.open()
    assert opened.room is not None
    assert opened.room.running is None
    assert opened.room.last_turn is not None
    assert opened.room.last_turn.id == sent.turn.id
    assert opened.room.last_turn.outcome in {"stopped", "interrupted"}


async def test_locked_means_that_only_doors_answer(window: Window) -> None:
    made = await locked_one(window)
    await window.ask("profile.open", ProfileOpenParams(profile_id=made.profile_id))
    opened = await window.open()
    assert opened.profiles is not None
    assert not opened.profiles.open
    assert opened.rooms == ()
    assert opened.room is None
    for name in set(METHODS) - {"app.open"} - {each for each in METHODS if each[:7] == "profile"}:
        assert (await refused(window, name)).problem.code == "locked"


async def test_a_locked_profile_opens_with_its_password_or_its_sheet_only(window: Window) -> None:
    made = await locked_one(window)
    shown = ProfileOpenParams(profile_id=made.profile_id, password=PASSWORD)
    await window.ask("profile.open", shown)
    await window.open()
    await write(window)
    assert shows(window.folder) == []
    locked = await window.ask("profile.lock")
    assert isinstance(locked, Profiles)
    assert not locked.open
    assert window.events == []
    assert shows(window.folder) == []
    wrong = ProfileOpenParams(profile_id=made.profile_id, password="등대의 불꽃")
    assert (await refused(window, "profile.open", wrong)).problem.code == "wrong_password"
    assert not (await window.open()).rooms
    by_sheet = ProfileOpenParams(profile_id=made.profile_id, recovery=made.recovery.lower())
    await window.ask("profile.open", by_sheet)
    assert SECRET in repr(await window.open())
    assert SECRET in repr(await window.ask("library.list"))
    assert SECRET in (await window.ask("rules.read")).text
    assert (await window.ask("library.git_status")).state == "sealed"
    assert (await refused(window, "library.choose_folder")).problem.field == "sealed"


async def test_converting_there_and_back_keeps_everything(window: Window) -> None:
    await window.open()
    await write(window)
    assert shows(window.folder)
    made = await window.ask("profile.protect", ProtectParams(password=PASSWORD))
    assert set(window.steps) == {"packing", "checking"}
    opened = await window.open()
    assert SECRET in repr(opened)
    assert shows(window.folder) == []
    await window.ask("profile.lock")
    assert shows(window.folder) == []
    await refused(window, "profile.unprotect", PasswordParams(password="not it at all"))
    await window.ask("profile.unprotect", PasswordParams(password=made.recovery))
    assert SECRET in repr(await window.open())
    assert SECRET in repr(await window.ask("library.list"))
    assert (window.folder / "data" / "persona_data" / "worlds" / f"{SECRET}.md").is_file()


async def test_a_library_elsewhere_must_come_home_before_it_can_be_sealed(window: Window) -> None:
    opened = await window.open()
    assert window.residence.house is not None
    elsewhere = opened.settings.__class__(library_path=str(window.folder / "elsewhere"))
    await window.ask("settings.change", SettingsParams(settings=opened.settings))
    place = window.residence.house.library.place
    place._settings._current = elsewhere
    trouble = await refused(window, "profile.protect", ProtectParams(password=PASSWORD))
    assert trouble.problem.field == "library"
    assert (await window.open()).profiles is not None


async def test_a_password_is_changed_without_touching_the_data(window: Window) -> None:
    made = await locked_one(window)
    folder = window.residence.shelf.folder(made.profile_id)
    before = (folder / "persona-chat.db").read_bytes()
    await window.ask("profile.open", ProfileOpenParams(profile_id=made.profile_id))
    change = PasswordChangeParams(password=PASSWORD, fresh="새로운 암호")
    await window.ask("profile.password", change)
    assert (folder / "persona-chat.db").read_bytes() == before
    old = ProfileOpenParams(profile_id=made.profile_id, password=PASSWORD)
    assert (await refused(window, "profile.open", old)).problem.code == "wrong_password"
    fresh = ProfileOpenParams(profile_id=made.profile_id, password="새로운 암호")
    assert (await window.ask("profile.open", fresh)).open


async def test_a_new_sheet_makes_the_old_one_worthless(window: Window) -> None:
    made = await locked_one(window)
    await window.ask("profile.open", ProfileOpenParams(profile_id=made.profile_id))
    fresh = await window.ask("profile.recovery", PasswordParams(password=PASSWORD))
    old = ProfileOpenParams(profile_id=made.profile_id, recovery=made.recovery)
    assert (await refused(window, "profile.open", old)).problem.code == "wrong_password"
    by_new = ProfileOpenParams(profile_id=made.profile_id, recovery=fresh.recovery)
    assert (await window.ask("profile.open", by_new)).open


async def test_wrong_passwords_slow_down_also_after_a_new_start(tmp_path: Path) -> None:
    window = Window(tmp_path)
    await window.residence.start()
    made = await locked_one(window)
    await window.ask("profile.open", ProfileOpenParams(profile_id=made.profile_id))
    wrong = ProfileOpenParams(profile_id=made.profile_id, password="wrong wrong")
    left = [(await refused(window, "profile.open", wrong)).problem.detail for _ in range(3)]
    assert left == ["2", "1", "0"]
    await window.residence.close()
    again = Window(tmp_path)
    await again.residence.start()
    right = ProfileOpenParams(profile_id=made.profile_id, password=PASSWORD)
    trouble = await refused(again, "profile.open", right)
    assert trouble.problem.code == "wrong_password"
    assert trouble.problem.retry_at is not None
    await again.residence.close()


async def test_a_profile_that_does_not_exist_is_refused_like_a_wrong_password(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = await locked_one(window)
    stretched: list[tuple[int, int]] = []
    stretch = sealing._stretched

    def counted(words: str, salt: bytes, ops: int, memory: int) -> bytes:
        stretched.append((ops, memory))
        return stretch(words, salt, ops, memory)

    monkeypatch.setattr(sealing, "_stretched", counted)
    tried = [
        ProfileOpenParams(profile_id=one, password="x")
        for one in (made.profile_id, "abcdefabcdef", "first")
    ]
    answers = [(await refused(window, "profile.open", one)).problem for one in tried]
    # Neither the answer nor the work that was done tells which of them there is.
    assert answers[0] == answers[1] == answers[2]
    assert len(set(stretched)) == 1
    assert len(stretched) == len(answers)


async def test_the_keyring_opens_a_profile_until_it_is_locked_by_hand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: dict[tuple[str, str], str] = {}

    def ask(verb: str, *values: str) -> object:
        if verb == "get_password":
            return kept.get((values[0], values[1]))
        if verb == "set_password":
            kept[values[0], values[1]] = values[2]
        else:
            kept.pop((values[0], values[1]))
        return None

    monkeypatch.setattr("desktop.store.keychain._ask", ask)
    window = Window(tmp_path)
    await window.residence.start()
    made = await locked_one(window)
    by_hand = ProfileOpenParams(profile_id=made.profile_id, password=PASSWORD)
    await window.ask("profile.open", by_hand)
    assert (await window.ask("profile.remember", RememberParams(remember=True))).remembered
    assert [service for service, _ in kept] == [f"persona-chat-{made.profile_id}"]
    await window.residence.close()
    again = Window(tmp_path)
    await again.residence.start()
    assert (await again.ask("profile.list")).open
    await again.ask("profile.lock")
    shut = ProfileOpenParams(profile_id=made.profile_id)
    assert not (await again.ask("profile.open", shut)).open
    await again.ask("profile.open", by_hand)
    await again.ask("profile.remember", RememberParams(remember=False))
    assert kept == {}
    await again.residence.close()


async def test_without_a_keyring_nothing_is_remembered_and_the_door_stays_shut(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("keyring.core._keyring_backend", fail.Keyring())  # type: ignore[no-untyped-call]
    made = await locked_one(window)
    await window.ask("profile.open", ProfileOpenParams(profile_id=made.profile_id))
    wish = ProfileOpenParams(profile_id=made.profile_id, password=PASSWORD, remember=True)
    trouble = await refused(window, "profile.open", wish)
    assert trouble.problem.code == "no_keyring"
    assert not (await window.ask("profile.list")).open


async def test_a_house_without_the_key_is_never_built_over_a_locked_profile(
    window: Window,
) -> None:
    made = await locked_one(window)
    own = window.residence.paths_of(made.profile_id)
    before = sorted(own.data.rglob("*"))
    with pytest.raises(Trouble) as caught:
        await build(own, Outlet(lambda _: None, lambda: 0, lambda: 0))
    assert caught.value.problem.code == "locked"
    assert sorted(own.data.rglob("*")) == before


async def test_profiles_are_named_put_away_and_fetched_back(window: Window) -> None:
    other = (await window.ask("profile.create", ProfileCreateParams(label="윤호"))).profile_id
    named = await window.ask(
        "profile.rename", ProfileLabelParams(profile_id=other, label="윤\n호\u202e")
    )
    assert [one.label for one in named.profiles] == ["", "윤 호"]
    own = ProfileDeleteParams(profile_id="first")
    assert (await refused(window, "profile.delete", own)).problem.code == "busy"
    gone = await window.ask("profile.delete", ProfileDeleteParams(profile_id=other))
    assert gone.profiles[1].deleted_at is not None
    shown = ProfileOpenParams(profile_id=other)
    assert (await refused(window, "profile.open", shown)).problem.code == "not_found"
    await window.ask("profile.restore", ProfileParams(profile_id=other))
    await window.ask("profile.open", shown)
    await window.open()
    await write(window)
    await window.ask("profile.delete", ProfileDeleteParams(profile_id="first", forever=True))
    assert not (window.folder / "data" / "persona-chat.db").exists()
    assert SECRET in repr(await window.open())
    assert [one.id for one in (await window.ask("profile.list")).profiles] == [other]


async def test_a_lost_list_is_made_anew_from_the_folders(window: Window) -> None:
    other = (await window.ask("profile.create", ProfileCreateParams(label="윤호"))).profile_id
    (window.folder / "data" / "profiles.json").write_text("{", "utf-8")
    again = Window(window.folder)
    assert [row.id for row in again.residence.shelf.list.profiles] == ["first", other]


async def test_a_profile_that_cannot_be_opened_leaves_the_way_to_the_others(
    window: Window,
) -> None:
    made = await locked_one(window)
    folder = window.residence.shelf.folder(made.profile_id)
    (folder / "persona-chat.db").write_bytes(b"\0" * 8192)
    await window.ask(
        "profile.open", ProfileOpenParams(profile_id=made.profile_id, password=PASSWORD)
    )
    assert (await refused(window, "rules.read")).problem.code == "damaged"
    assert (await window.ask("profile.open", ProfileOpenParams(profile_id="first"))).open
    assert (await window.open()).profiles is not None
