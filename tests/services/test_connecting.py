"""Servers, programs, models and trials: what the settings make of them."""

import msgspec
import pytest

from desktop.protocol.events import ProviderChecked, ProvidersChanged
from desktop.protocol.methods import (
    CheckParams,
    ModelsParams,
    ProviderParams,
    SettingsParams,
    TrialParams,
)
from desktop.protocol.problems import Trouble
from desktop.protocol.settings import Server, Settings
from tests.providers.direct_server import DirectServer, sse, streaming
from tests.services.connected import Connected, mine


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
