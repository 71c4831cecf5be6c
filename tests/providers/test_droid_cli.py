"""The real Droid against an emulated API: what it streams, what it can do, what it heeds."""

import asyncio
import base64
import json
import os
import secrets
import signal
from typing import Any

import msgspec
import pytest

from desktop.providers.base import (
    Finished,
    Limits,
    RetryAnnounced,
    TextCame,
    ToolBlocked,
    UsageTold,
)
from desktop.providers.catalog import DROID
from desktop.providers.cli import CliProvider, Dialect
from desktop.providers.droid import DroidTalk, command, custom_models, signed_in
from desktop.providers.process import Processes
from tests.emulator.scenarios import KO
from tests.emulator.server import Emulator, Seen
from tests.providers.asking import Answered, a_provider, a_request, ask
from tests.providers.conftest import CliHome, Clis

DIALECT = Dialect(command, DroidTalk)
MODEL = "custom:emul-claude"
TOOLS = ("Execute-touch", "Execute-py", "Execute-curl", "Execute-echo", "Create", "Read")


class Droid:
    """The CLI as the app starts it, with the emulator for the person's own model."""

    def __init__(
        self, clis: Clis, home: CliHome, emulator: Emulator, processes: Processes, run: str
    ) -> None:
        self.place, self.home, self.emulator, self.run = home.place(clis.droid), home, emulator, run
        self.processes = processes

    def provider(self, scenario: str, **env: str) -> CliProvider:
        self.set_up(scenario)
        given = {"PATH": os.environ["PATH"]} | env
        return a_provider(DROID, DIALECT, self.place, self.processes, given)

    async def ask(self, scenario: str, prompt: str = "안녕", **fields: object) -> Answered:
        provider = self.provider(scenario)
        return await ask(provider, a_request(prompt, **({"model": MODEL} | fields)))

    @property
    def sent(self) -> list[Seen]:
        return self.emulator.generations(self.run)

    def set_up(self, scenario: str, **more: Any) -> None:
        folder = self.home.user_home / ".factory"
        folder.mkdir(exist_ok=True)
        own = {
            "model": "emul-claude",
            "displayName": "Emulated",
            "baseUrl": self.emulator.url(scenario, self.run),
            "apiKey": "dummy",
            "provider": "anthropic",
            "maxOutputTokens": 4096,
        }
        path = folder / "settings.json"
        old = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps({**old, **more, "customModels": [own]}))


@pytest.fixture
def droid(
    clis: Clis,
    cli_home: CliHome,
    emulator: Emulator,
    processes: Processes,
) -> Droid:
    return Droid(clis, cli_home, emulator, processes, secrets.token_hex(4))


def beside_the_story(seen: Seen, *ours: str) -> int:
    """Bytes of a request that are neither the prompt nor the system prompt."""
    size = len(seen.raw.encode())
    return size - sum(len(json.dumps(text, ensure_ascii=False).encode()) - 2 for text in ours)


async def test_several_speakers_stream_in_pieces_from_one_request(droid: Droid) -> None:
    request = a_request("비가 온다", model=MODEL)
    answered = await ask(droid.provider("ko"), request)
    assert answered.text == KO
    assert len(answered.pieces) > 10
    [told] = answered.of(UsageTold)
    assert isinstance(told, UsageTold)
    usage = told.usage
    assert (usage.input, usage.cache_write, usage.cache_read) == (12, 345, 6789)
    assert answered.stop == "end"
    [seen] = droid.sent
    assert request.system in [part["text"] for part in seen.body["system"]]
    assert seen.body["tools"] == []
    assert beside_the_story(seen, request.prompt, request.system) < 2_000


async def test_thinking_is_told_and_is_no_text(droid: Droid) -> None:
    answered = await droid.ask("think")
    assert answered.text == KO
    assert any(type(event).__name__ == "ThinkingCame" for event in answered.events)


async def test_without_a_model_the_persons_own_one_is_taken(droid: Droid) -> None:
    provider = droid.provider("ko")
    assert [model.id for model in custom_models(droid.place)] == [MODEL]
    assert signed_in(droid.place, {}) == ("ready", "own models")
    answered = await ask(provider, a_request(model=""))
    assert answered.text == KO


@pytest.mark.parametrize("start", ["/help", "!ls"])
async def test_what_looks_like_a_command_or_a_file_reaches_the_model_as_it_is(
    droid: Droid, start: str
) -> None:
    (droid.home.work / "notes.txt").write_text("SECRET-NOTES")
    text = f"{start} @notes.txt @./notes.txt @{droid.emulator.secret} 봤어?"
    answered = await droid.ask("echo", text)
    assert answered.stop == "end"
    [seen] = droid.sent
    assert seen.body["messages"][-1]["content"][-1]["text"] == text
    assert "SECRET-NOTES" not in seen.raw
    assert "the-secret" not in seen.raw


async def test_a_process_stands_ready_for_one_turn_and_no_other(droid: Droid) -> None:
    lane = await droid.provider("inst").start(a_request(model=MODEL))
    turn = lane.ask(a_request("하나", model=MODEL))
    assert Answered([event async for event in turn]).stop == "end"
    assert not lane.reusable
    lane.interrupt()


@pytest.mark.parametrize("tool", TOOLS)
async def test_a_model_that_calls_a_tool_gets_nothing_done(droid: Droid, tool: str) -> None:
    answered = await droid.ask(f"tool-{tool}")
    assert isinstance(answered.events[-1], Finished)
    names = [event.name for event in answered.events if isinstance(event, ToolBlocked)]
    assert names == [tool.split("-", maxsplit=1)[0]]
    assert not droid.emulator.marker(droid.run).exists()
    assert not any(seen.path.startswith("/leak") for seen in droid.emulator.requests(droid.run))
    for seen in droid.sent:
        assert seen.body["tools"] == []
        assert "the-secret" not in seen.raw


def plant(droid: Droid) -> None:
    """All that could run or reach the model: in the working folder, in HOME and above both."""
    # The root of a repository: as far up as Droid looks for a project's files.
    (droid.home.root / ".git" / "objects").mkdir(parents=True)
    (droid.home.root / ".git" / "refs").mkdir()
    (droid.home.root / ".git" / "HEAD").write_text("ref: refs/heads/hostile-branch\n")
    run = f"touch {droid.emulator.marker(droid.run)}"
    hook = [{"matcher": "", "hooks": [{"type": "command", "command": run}]}]
    hooks = dict.fromkeys(("SessionStart", "UserPromptSubmit", "Stop"), hook)
    servers = {"mcpServers": {"evil": {"type": "stdio", "command": "sh", "args": ["-c", run]}}}
    for folder in (droid.home.work, droid.home.user_home, droid.home.root):
        own = folder / ".factory"
        own.mkdir(exist_ok=True)
        (own / "settings.json").write_text(json.dumps({"hooks": hooks, "enableHooks": True}))
        (own / "hooks.json").write_text(json.dumps(hooks))
        (own / "mcp.json").write_text(json.dumps(servers))
        for memory in ("AGENTS.md", "CLAUDE.md"):
            (folder / memory).write_text("HOSTILE-MEMORY")
            (own / memory).write_text("HOSTILE-MEMORY")
        (own / "droids").mkdir(exist_ok=True)
        (own / "droids" / "evil.md").write_text(
            "---\nname: evil\ndescription: HOSTILE-DROID\n---\n"
        )
        (own / "commands").mkdir(exist_ok=True)
        (own / "commands" / "hi.md").write_text("HOSTILE-COMMAND")


async def test_hostile_files_in_the_working_folder_and_at_home_have_no_effect(
    droid: Droid,
) -> None:
    plant(droid)
    answered = await droid.ask("ko", "/hi")
    assert answered.text == KO
    assert not droid.emulator.marker(droid.run).exists()
    assert droid.sent
    assert all("HOSTILE" not in seen.raw for seen in droid.sent)
    assert all("hostile-branch" not in seen.raw for seen in droid.sent)


async def original(droid: Droid, scenario: str) -> None:
    droid.set_up(scenario)
    argv = (*droid.place.executable, "exec", "--output-format", "stream-json", "--auto", "low")
    env = {
        "PATH": os.environ["PATH"],
        "HOME": str(droid.home.user_home),
        "FACTORY_AIRGAP_ENABLED": "true",
    }
    child = await droid.processes.start(
        (*argv, "--model", MODEL, "안녕"), env=env, cwd=droid.home.work
    )
    child.close_stdin()
    async with asyncio.timeout(40):
        [_ async for _ in child.lines()]


async def test_the_way_the_original_started_it_lets_the_model_run_a_command(droid: Droid) -> None:
    await original(droid, "tool-Execute-touch")
    assert droid.emulator.marker(droid.run).exists()
    assert any(seen.body["tools"] for seen in droid.sent)


async def test_the_way_the_original_started_it_heeds_hostile_files(droid: Droid) -> None:
    plant(droid)
    await original(droid, "ko")
    assert droid.emulator.marker(droid.run).exists()
    assert any("HOSTILE" in seen.raw for seen in droid.sent)


async def test_a_refused_key_is_told_by_its_code(droid: Droid) -> None:
    answered = await droid.ask("401")
    assert answered.problem.code == "key_refused"
    assert answered.problem.provider == "droid"


@pytest.mark.parametrize(
    ("scenario", "reason"), [("429", "rate_limited"), ("529", "overloaded"), ("cut", "timeout")]
)
async def test_a_retry_is_announced_while_the_cli_waits(
    droid: Droid, scenario: str, reason: str
) -> None:
    turn = droid.provider(scenario).answer(a_request(model=MODEL))
    async for event in turn:
        if isinstance(event, RetryAnnounced):
            assert (event.attempt, event.reason) == (1, reason)
            break
    else:
        pytest.fail("no retry was announced")
    await turn.aclose()


async def test_the_token_limit_ends_the_turn_instead_of_going_round_for_ever(droid: Droid) -> None:
    answered = await droid.ask("maxtok")
    assert answered.stop == "max_tokens"
    assert len(droid.sent) <= 4


async def test_without_a_sign_in_the_turn_says_so(droid: Droid) -> None:
    (droid.home.user_home / ".factory").mkdir()
    given = {"PATH": os.environ["PATH"], "HTTPS_PROXY": "http://127.0.0.1:9"}
    provider = a_provider(DROID, DIALECT, droid.place, droid.processes, given)
    assert signed_in(droid.place, {}) == ("signed_out", "")
    answered = await ask(provider, a_request())
    assert answered.problem.code == "signed_out"


_SEAL = """
const crypto = require("crypto"), fs = require("fs");
const [folder, text] = process.argv.slice(1);
const key = crypto.randomBytes(32), iv = crypto.randomBytes(16);
const cipher = crypto.createCipheriv("aes-256-gcm", key, iv);
const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
const parts = [iv, cipher.getAuthTag(), sealed].map((part) => part.toString("base64"));
fs.writeFileSync(folder + "/auth.v2.file", parts.join(":"));
fs.writeFileSync(folder + "/auth.v2.key", key.toString("base64"));
"""


async def test_the_persons_factory_sign_in_goes_on_working_in_our_home(
    droid: Droid, clis: Clis
) -> None:
    folder = droid.home.user_home / ".factory"
    folder.mkdir()
    claims = {"sub": "user_x", "exp": 9_999_999_999, "org_id": "org_1"}
    token = ".".join(
        [
            *(
                base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=")
                for p in ({}, claims)
            ),
            "x",
        ]
    )
    credentials = json.dumps({"access_token": token, "refresh_token": "r"})
    sealed = await droid.processes.run(
        (clis.gemini[0], "-e", _SEAL, str(folder), credentials), env={}, cwd=folder, timeout_s=20
    )
    assert sealed.exit_code == 0, sealed
    plant(droid)
    assert signed_in(droid.place, {}) == ("installed", "factory")
    row = msgspec.structs.replace(DROID, env_names=frozenset({"FACTORY_API_BASE_URL"}))
    given = {
        "PATH": os.environ["PATH"],
        "FACTORY_API_BASE_URL": droid.emulator.url("ko", droid.run),
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "NO_PROXY": "127.0.0.1",
    }
    provider = a_provider(row, DIALECT, droid.place, droid.processes, given)
    # Factory's own models speak an API that is not emulated: that they are asked is enough.
    await ask(provider, a_request("비밀 이야기", model="claude-sonnet-4-5"))
    asked = droid.emulator.requests(droid.run)
    assert any(seen.path.startswith("/api/llm/") for seen in asked)
    assert all(seen.headers.get("Authorization") == f"Bearer {token}" for seen in asked)
    assert all("HOSTILE" not in seen.raw for seen in asked)
    uploads = [seen for seen in asked if not seen.path.startswith("/api/llm/")]
    assert all("비밀" not in seen.raw for seen in uploads), "the story may go to the model only"
    assert not droid.emulator.marker(droid.run).exists()


async def test_a_hang_in_the_middle_is_ended_by_our_clock_and_leaves_no_process(
    droid: Droid,
) -> None:
    limits = Limits(first_text_ms=20_000, idle_ms=500, total_ms=60_000)  # type: ignore[arg-type]
    provider = droid.provider("hangmid")
    answered = await ask(provider, a_request(limits=limits, model=MODEL))
    assert answered.problem.code == "timed_out"
    async with asyncio.timeout(10):
        await droid.sent[0].client_gone.wait()
        await provider.close()


async def test_stopping_closes_the_request_and_ends_the_process(droid: Droid) -> None:
    provider = droid.provider("vslow")
    turn = provider.answer(a_request(model=MODEL))
    async for event in turn:
        if isinstance(event, TextCame):
            break
    [lane] = provider._lanes
    await turn.aclose()
    async with asyncio.timeout(10):
        await droid.sent[0].client_gone.wait()
        await provider.close()
    with pytest.raises(ProcessLookupError):
        os.kill(lane.pid, 0)
    assert not list(droid.home.temp.iterdir()), "the recorded conversation must be gone"


async def test_a_killed_cli_is_a_crash_that_keeps_the_text(droid: Droid) -> None:
    provider = droid.provider("vslow")
    events = []
    async for event in provider.answer(a_request(model=MODEL)):
        events.append(event)
        if isinstance(event, TextCame) and len(events) < 5:
            [lane] = provider._lanes
            os.kill(lane.pid, signal.SIGKILL)
    answered = Answered(events)
    assert answered.problem.code == "crashed"
    assert answered.text
