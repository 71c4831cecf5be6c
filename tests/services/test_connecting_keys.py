"""Keys: where they lie, whom they are sent to, and that nothing else ever holds one."""

import logging
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import keyring.backend
import keyring.errors
import msgspec
import pytest

from desktop.protocol import events as told
from desktop.protocol.methods import (
    METHODS,
    KeyParams,
    ModelsParams,
    ProviderParams,
    TrialParams,
)
from desktop.protocol.problems import Trouble
from desktop.protocol.settings import Server
from desktop.services.keys import Keys
from desktop.store.keychain import Keychain
from tests.providers.direct_server import DirectServer, answering, serving
from tests.services.connected import KEY, Connected, Ring, mine


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
    # The word by which an entry of a lorebook is found; the number of a chosen file or picture.
    assert suspicious == {"LoreReason.key", "IncomingFile.token", "PictureSource.token"}
    assert "key" not in {each.name for each in msgspec.structs.fields(Server)}
