"""Servers, keys, models and trials: what the settings make, and what never leaves."""

import logging
import types
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import keyring.backend
import keyring.errors
import msgspec
import pytest

from desktop.protocol import events as told
from desktop.protocol.base import UtcMs
from desktop.protocol.capabilities import ProviderState, ProviderStatus
from desktop.protocol.events import AnyEvent, ProviderChecked, ProvidersChanged
from desktop.protocol.methods import (
    METHODS,
    CheckParams,
    KeyParams,
    ModelsParams,
    ProviderParams,
    SettingsParams,
    TrialParams,
)
from desktop.protocol.problems import Trouble
from desktop.protocol.settings import Server, Settings
from desktop.providers.catalog import CLAUDE, STORYTELLER
from desktop.providers.storyteller import Storyteller
from desktop.services.keys import Keys
from desktop.services.model_lists import ModelLists
from desktop.services.outside import SystemClock, fresh_id
from desktop.services.program_paths import ProgramPaths
from desktop.services.providers import Providers
from desktop.services.server_settings import ServerSettings
from desktop.services.settings import SettingsService
from desktop.services.trial import Trials
from desktop.services.ways import Way, Ways
from desktop.store.database import Database
from desktop.store.keychain import Keychain
from tests.doubles.scripted_provider import ScriptedProvider
from tests.providers.direct_server import DirectServer, answering, serving, sse, streaming

KEY = "geheim/0123456789+xyz"
MODELS = {"data": [{"id": "small", "max_model_len": 8_192}, {"id": "an-embedding"}]}
LINE = [
    *sse(
        {"id": "c", "model": "small", "choices": [{"index": 0, "delta": {"content": "안녕!"}}]},
        {"id": "c", "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]},
    ),
    b"data: [DONE]\n\n",
]


class Ring(keyring.backend.KeyringBackend):
    priority = 1

    def __init__(self, error: Exception | None = None) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}
        self.error = error

    def _work(self) -> None:
        if self.error:
            raise self.error

    def get_password(self, service: str, username: str) -> str | None:
        self._work()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._work()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._work()
        del self.kept[service, username]


Ring.__module__ = "keyring.backends.a_test"


class Program(ScriptedProvider):
    """A CLI that stands as the test says."""

    state: ProviderState = "ready"

    async def status(self) -> ProviderStatus:
        return ProviderStatus(id=self.id, state=self.state, checked_at=UtcMs(0))


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Ring:
    made = Ring()
    monkeypatch.setattr("keyring.core._keyring_backend", made)
    return made


@pytest.fixture
async def server() -> AsyncIterator[DirectServer]:
    async with serving() as running:
        running.routes = {
            "/v1/models": answering(MODELS),
            "/v1/chat/completions": streaming(*LINE),
        }
        yield running


@dataclass
class Connected:
    """The services of connecting over a real database, with a page that listens."""

    database: Database
    picked: str = ""
    said: list[AnyEvent] = field(default_factory=list)

    def __post_init__(self) -> None:
        clock = SystemClock()
        self.settings = SettingsService(self.database, self.said.append)
        self.keys = Keys(Keychain())
        practice = Way(STORYTELLER.info(), Storyteller(float("inf")))
        self.cli = Program([], id="claude")
        program = Way(CLAUDE.info(), self.cli)
        self.ways = Ways((program, practice), self.keys.get, clock.now_ms)

        async def key_place(each: str) -> Any:
            name = self.ways.way(each).key_name
            return await self.keys.place(name) if name else "none"

        self.providers = Providers(
            self.ways, self.ways.infos, self.said.append, clock, self.bug, key_place
        )
        self.servers = ServerSettings(self.ways, self.keys, self.providers)
        self.servers.start(self.settings.current())
        self.settings.may, self.settings.follow = self.servers.may, self.servers.follow
        self.models = ModelLists(self.ways, clock)
        self.trials = Trials(self.ways, clock, fresh_id)
        self.programs = ProgramPaths(self.ways, self.settings, self.providers, self.pick)

    async def pick(self) -> str:
        return self.picked

    def bug(self, error: BaseException, doing: str) -> str:
        raise AssertionError(doing) from error

    async def serve(self, *servers: Server) -> Settings:
        wanted = msgspec.structs.replace(self.settings.current(), servers=servers)
        return await self.settings.change(SettingsParams(settings=wanted))

    def last(self, provider_id: str) -> Any:
        return [
            event.status
            for event in self.said
            if isinstance(event, ProviderChecked) and event.status.id == provider_id
        ][-1]


@pytest.fixture
async def one(tmp_path: Path, ring: Ring) -> AsyncIterator[Connected]:
    database = await Database.open(tmp_path / "one.db")
    connected = Connected(database)
    yield connected
    await connected.providers.close()
    await connected.ways.close()
    await database.close()


def mine(server: DirectServer, **more: Any) -> Server:
    return Server(**{"id": "mine", "name": "거실", "base_url": f"{server.url}/v1", **more})


async def test_a_server_can_be_asked_as_soon_as_it_is_set(
    one: Connected, server: DirectServer
) -> None:
    assert "mine" not in one.ways
    await one.serve(mine(server))
    status = await one.providers.check_one("mine")
    assert status.state == "ready"
    changed = [event for event in one.said if isinstance(event, ProvidersChanged)][-1]
    row = next(info for info in changed.providers if info.id == "mine")
    assert (row.label, row.is_own, row.base_url) == ("거실", True, f"{server.url}/v1")
    assert row.capabilities.cost == "own_machine"


async def test_only_what_has_changed_is_made_anew(one: Connected, server: DirectServer) -> None:
    await one.serve(mine(server))
    before, ollama = one.ways["mine"], one.ways["ollama"]
    await one.settings.change(
        SettingsParams(settings=msgspec.structs.replace(one.settings.current(), theme="dark"))
    )
    assert one.ways["mine"] is before
    await one.serve(mine(server, model="small"))
    assert one.ways["mine"] is not before
    assert one.ways["ollama"] is ollama
    await one.serve()
    assert "mine" not in one.ways


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (Server(id="mine", base_url="ftp://here"), "invalid_request"),
        (Server(id="mine", base_url=""), "invalid_request"),
        (Server(id="mine", base_url="http://8.8.4.4/v1"), "unsafe_setup"),
        (Server(id="ollama", base_url="http://example.com/v1"), "unsafe_setup"),
        (Server(id="claude", base_url="http://127.0.0.1:1/v1"), "invalid_request"),
        (Server(id="storyteller", base_url="http://127.0.0.1:1/v1"), "invalid_request"),
    ],
)
async def test_a_server_that_may_not_be_asked_is_refused_and_not_stored(
    one: Connected, bad: Server, code: str
) -> None:
    with pytest.raises(Trouble) as caught:
        await one.serve(bad)
    assert caught.value.problem.code == code
    assert one.settings.current().servers == ()
    assert (await one.settings.load()).servers == ()


async def test_the_same_id_twice_is_refused(one: Connected, server: DirectServer) -> None:
    with pytest.raises(Trouble):
        await one.serve(mine(server), mine(server))


async def test_a_key_lies_in_the_keyring_and_goes_to_its_server_only(
    one: Connected, server: DirectServer, ring: Ring
) -> None:
    await one.serve(mine(server, needs_key=True))
    assert (await one.providers.check_one("mine")).state == "signed_out"
    await one.servers.set_key(KeyParams(provider_id="mine", key=f" {KEY}\n"))
    assert list(ring.kept.values()) == [KEY]
    status = one.last("mine")
    assert (status.state, status.key) == ("ready", "keyring")
    assert server.asked[-1].headers["authorization"] == f"Bearer {KEY}"
    await one.servers.delete_key(ProviderParams(provider_id="mine"))
    assert ring.kept == {}
    assert one.last("mine").key == "none"


async def test_a_changed_address_is_never_sent_the_key_of_the_old_one(
    one: Connected, server: DirectServer, ring: Ring
) -> None:
    await one.serve(mine(server, needs_key=True))
    await one.servers.set_key(KeyParams(provider_id="mine", key=KEY))
    async with serving() as other:
        other.routes = server.routes
        await one.serve(mine(other, needs_key=True))
        assert (await one.providers.check_one("mine")).state == "signed_out"
        assert other.asked == []
    assert ring.kept == {}, "the key of an address that was given up is forgotten"


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (keyring.errors.NoKeyringError("none"), "keychain_missing"),
        (keyring.errors.KeyringLocked("locked"), "keychain_locked"),
    ],
)
async def test_without_a_keyring_a_key_is_kept_in_memory_after_the_person_agrees(
    one: Connected, server: DirectServer, ring: Ring, error: Exception, detail: str
) -> None:
    ring.error = error
    await one.serve(mine(server, needs_key=True))
    with pytest.raises(Trouble) as caught:
        await one.servers.set_key(KeyParams(provider_id="mine", key=KEY))
    assert (caught.value.problem.code, caught.value.problem.detail) == ("no_keyring", detail)
    assert (await one.providers.check_one("mine")).state == "signed_out"
    agreed = KeyParams(provider_id="mine", key=KEY, session_only=True)
    await one.servers.set_key(agreed)
    status = one.last("mine")
    assert (status.state, status.key) == ("ready", "session")
    assert (await Keys(Keychain()).place("mine")) == "none", "another start knows nothing of it"


@pytest.mark.parametrize("key", ["비밀", "with space", " ", "a\nb"])
async def test_what_can_be_no_key_is_refused(one: Connected, key: str, ring: Ring) -> None:
    with pytest.raises(Trouble) as caught:
        await one.servers.set_key(KeyParams(provider_id="openai_api", key=key))
    assert caught.value.problem.field == "key"
    assert ring.kept == {}


async def test_what_takes_no_key_gets_none(one: Connected, ring: Ring) -> None:
    with pytest.raises(Trouble):
        await one.servers.set_key(KeyParams(provider_id="claude", key=KEY))
    assert ring.kept == {}


async def test_no_key_is_in_anything_told_logged_or_stored(
    one: Connected, server: DirectServer, ring: Ring, tmp_path: Path, caplog: Any
) -> None:
    caplog.set_level(logging.DEBUG)
    # A server that repeats the key in its refusals is the worst case.
    refused = answering({"error": {"message": f"bad key {KEY}"}}, status=401)
    results: list[Any] = [await one.serve(mine(server, needs_key=True))]
    params = KeyParams(provider_id="mine", key=KEY)
    results.append(await one.servers.set_key(params))
    results.append(await one.models.models(ModelsParams(provider_id="mine")))
    results.append(await one.trials.test(TrialParams(provider_id="mine"), "ko"))
    server.routes = {"/v1/models": refused, "/v1/chat/completions": refused}
    results.append(await one.providers.check_one("mine"))
    for asking in (
        one.models.models(ModelsParams(provider_id="mine", fresh=True)),
        one.trials.test(TrialParams(provider_id="mine"), "ko"),
    ):
        with pytest.raises(Trouble) as caught:
            await asking
        results.append(caught.value.problem)
    ring.error = RuntimeError(KEY)
    with pytest.raises(Trouble) as caught:
        await one.servers.set_key(params)
    results.append(caught.value.problem)
    assert any(KEY in (asked.headers.get("authorization") or "") for asked in server.asked)
    assert KEY not in msgspec.json.encode([results, one.said]).decode()
    assert KEY not in repr(params)
    assert KEY not in caplog.text
    for file in tmp_path.rglob("*"):
        assert KEY.encode() not in file.read_bytes()


def _fields(of: Any, seen: set[Any]) -> Iterator[tuple[str, Any]]:
    """Every field a type can carry, with its type, through all that it is made of."""
    origin = get_origin(of)
    if origin is Annotated:
        yield from _fields(get_args(of)[0], seen)
    elif (origin is not None and not isinstance(of, type)) or isinstance(of, types.UnionType):
        for part in get_args(of):
            yield from _fields(part, seen)
    elif isinstance(of, type) and issubclass(of, msgspec.Struct) and of not in seen:
        seen.add(of)
        for each in msgspec.structs.fields(of):
            yield f"{of.__name__}.{each.name}", each.type
            yield from _fields(each.type, seen)


def test_no_type_that_goes_out_has_room_for_a_key() -> None:
    seen: set[Any] = set()
    outgoing = [method.result for method in METHODS.values()] + list(get_args(told.AnyEvent))
    names = [found for each in outgoing for found in _fields(each, seen)]
    assert KeyParams not in seen
    assert len(seen) > 20
    suspicious = {
        name
        for name, kind in names
        if any(word in name.split(".")[1].lower() for word in ("key", "token", "password"))
        and kind is str
    }
    assert suspicious == set()
    assert "key" not in {each.name for each in msgspec.structs.fields(Server)}


async def test_a_page_cannot_say_which_program_is_started(one: Connected) -> None:
    wanted = Settings(provider_paths={"claude": "/bin/evil"})
    kept = await one.settings.change(SettingsParams(settings=wanted))
    assert kept.provider_paths == {}


async def test_a_program_is_chosen_in_a_dialog_and_kept_only_if_it_starts(
    one: Connected,
) -> None:
    one.picked = "/opt/claude/claude"
    one.cli.state = "ready"
    status = await one.programs.choose(ProviderParams(provider_id="claude"))
    assert status.state == "ready"
    assert one.settings.current().provider_paths == {"claude": "/opt/claude/claude"}
    one.picked, one.cli.state = "/etc/passwd", "not_installed"
    with pytest.raises(Trouble) as caught:
        await one.programs.choose(ProviderParams(provider_id="claude"))
    assert caught.value.problem.code == "not_installed"
    assert one.settings.current().provider_paths == {"claude": "/opt/claude/claude"}
    one.picked = ""
    await one.programs.choose(ProviderParams(provider_id="claude"))
    assert one.settings.current().provider_paths == {"claude": "/opt/claude/claude"}
    await one.programs.forget(ProviderParams(provider_id="claude"))
    assert one.settings.current().provider_paths == {}
    with pytest.raises(Trouble):
        await one.programs.choose(ProviderParams(provider_id="ollama"))


async def test_models_are_asked_once_and_the_window_is_told(
    one: Connected, server: DirectServer
) -> None:
    await one.serve(mine(server))
    await one.providers.check_one("mine")
    before = len(server.asked)
    for _ in range(3):
        found = await one.models.models(ModelsParams(provider_id="mine"))
    assert [(model.id, model.context_window) for model in found.models] == [("small", 8_192)]
    assert len(server.asked) == before + 1
    await one.models.models(ModelsParams(provider_id="mine", fresh=True))
    assert len(server.asked) == before + 2


async def test_a_server_that_is_off_is_a_typed_problem(one: Connected) -> None:
    await one.serve(Server(id="mine", base_url="http://127.0.0.1:9/v1"))
    assert (await one.providers.check_one("mine")).state == "not_installed"
    with pytest.raises(Trouble) as caught:
        await one.models.models(ModelsParams(provider_id="mine"))
    assert caught.value.problem.code == "network"
    with pytest.raises(Trouble) as caught:
        await one.trials.test(TrialParams(provider_id="mine", model="small"), "ko")
    assert caught.value.problem.code == "network"


async def test_a_trial_tells_one_line_and_when_it_began(
    one: Connected, server: DirectServer
) -> None:
    await one.serve(mine(server))
    trial = await one.trials.test(TrialParams(provider_id="mine", model="small"), "ko")
    assert (trial.text, trial.model) == ("안녕!", "small")
    assert 0 <= trial.first_text_ms <= trial.total_ms
    body = server.bodies("/v1/chat/completions")[-1]
    assert len(str(body)) < 600, "a trial must cost next to nothing"


async def test_a_trial_stops_a_model_that_does_not(one: Connected, server: DirectServer) -> None:
    endless = sse(*({"choices": [{"delta": {"content": "a\n"}}]} for _ in range(3)))
    server.routes["/v1/chat/completions"] = streaming(*endless, ending="hang")
    await one.serve(mine(server))
    trial = await one.trials.test(TrialParams(provider_id="mine", model="small"), "en")
    assert trial.text == "a"
    await server.gone.wait()


async def test_a_check_of_what_was_taken_away_tells_nothing(
    one: Connected, server: DirectServer
) -> None:
    await one.serve(mine(server))
    await one.providers.check(CheckParams(provider_id="mine"))
    await one.serve()
    one.said.clear()
    await one.providers.checked()
    assert "mine" not in {e.status.id for e in one.said if isinstance(e, ProviderChecked)}
