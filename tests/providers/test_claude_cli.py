"""The real Claude Code, started by us, against an emulated API on loopback."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import psutil
import pytest

from desktop.providers import claude
from desktop.providers.base import (
    Limits,
    RetryAnnounced,
    Started,
    TextCame,
    TextDiscarded,
    ThinkingCame,
    UsageTold,
)
from desktop.providers.catalog import CLAUDE
from desktop.providers.cli import CliProvider
from desktop.providers.process import Processes
from desktop.providers.sign_in import SignIn
from tests.emulator.scenarios import KO, THOUGHT
from tests.emulator.server import Emulator
from tests.providers.asking import Answered, a_provider, a_request, ask
from tests.providers.conftest import CliHome, Clis

pytestmark = pytest.mark.cli
KEY = "sk-ant-dummy-000"


class Table:
    """A Claude at one emulated scenario."""

    def __init__(self, clis: Clis, home: CliHome, emulator: Emulator, processes: Processes) -> None:
        self.home = home
        self.emulator = emulator
        self._clis = clis
        self._processes = processes

    def claude(self, scenario: str, run: str, key: str = KEY) -> CliProvider:
        environ = {
            "PATH": "/usr/bin:/bin",
            "ANTHROPIC_BASE_URL": self.emulator.url(scenario, run),
            **({"ANTHROPIC_API_KEY": key} if key else {}),
        }
        place = self.home.place(self._clis.claude, "2.1.330")
        return a_provider(CLAUDE, claude.DIALECT, place, self._processes, environ)

    async def ask(self, scenario: str, run: str, **fields: object) -> Answered:
        provider = self.claude(scenario, run)
        answered = await ask(provider, a_request(**fields))  # type: ignore[arg-type]
        await provider.close()
        return answered


@pytest.fixture
def table(clis: Clis, cli_home: CliHome, emulator: Emulator, processes: Processes) -> Table:
    return Table(clis, cli_home, emulator, processes)


def living_below(home: CliHome) -> list[psutil.Process]:
    """Every process that works in a folder of this test."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.status() != psutil.STATUS_ZOMBIE and str(home.root) in process.cwd():
                found.append(process)
        except psutil.Error:
            continue
    return found


async def test_several_speakers_arrive_in_several_pieces_as_they_were_written(
    table: Table,
) -> None:
    answered = await table.ask("ko", "r")
    assert answered.text == KO
    assert len(answered.pieces) > 10
    assert answered.stop == "end"
    (started,) = answered.of(Started)
    assert isinstance(started, Started)
    assert started.session
    assert started.model.startswith("claude-")


async def test_usage_leaves_the_caches_out_of_the_input(table: Table) -> None:
    answered = await table.ask("ko", "r")
    told = answered.of(UsageTold)[-1]
    assert isinstance(told, UsageTold)
    usage = told.usage
    assert (usage.input, usage.cache_write, usage.cache_read, usage.output) == (12, 345, 6789, 42)
    assert usage.source == "reported"
    assert usage.cost_usd
    assert usage.context_window


async def test_thinking_is_told_and_kept_out_of_the_text(table: Table) -> None:
    answered = await table.ask("think", "r")
    assert answered.text == KO
    assert answered.of(ThinkingCame)
    assert THOUGHT[:10] not in answered.text


async def test_the_system_prompt_and_the_prompt_reach_the_model_and_the_chosen_model_is_asked(
    table: Table,
) -> None:
    await table.ask("inst", "r", system="작가의 규칙", prompt="이어서 써줘", model="haiku")
    (seen,) = table.emulator.generations("r")
    assert "haiku" in seen.body["model"]
    assert seen.body["system"][-1]["text"] == "작가의 규칙"
    assert seen.body["messages"][0] == {"role": "user", "content": "이어서 써줘"}


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ("401", "key_refused"),
        ("403", "key_refused"),
        ("404", "bad_model"),
        ("429", "quota"),
        ("529", "overloaded"),
        ("500", "network"),
        ("400", "quota"),  # the credit balance is too low
        ("400-toolong", "too_long"),
        ("refusal", "refused"),
    ],
)
async def test_every_error_of_the_api_becomes_its_own_problem(
    table: Table, scenario: str, code: str
) -> None:
    problem = (await table.ask(scenario, "r")).problem
    assert problem.code == code
    assert problem.provider == "claude"
    assert problem.detail
    assert problem.ways_on


async def test_a_retry_is_announced(table: Table) -> None:
    answered = await table.ask("429", "r")
    retries = answered.of(RetryAnnounced)
    assert len(retries) == 1
    assert len(table.emulator.generations("r")) == 2


async def test_an_address_nobody_listens_at_is_a_problem_of_the_network(table: Table) -> None:
    provider = table.claude("ko", "r")
    environ = {"PATH": "/usr/bin:/bin", "ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}
    provider._environ = {**environ, "ANTHROPIC_API_KEY": KEY}
    assert (await ask(provider, a_request())).problem.code == "network"


async def test_without_any_key_the_person_is_told_to_sign_in(table: Table) -> None:
    provider = table.claude("ko", "r", key="")
    problem = (await ask(provider, a_request())).problem
    assert problem.code == "signed_out"
    assert problem.ways_on[0] == "sign_in"
    assert table.emulator.generations("r") == []


async def test_a_connection_cut_in_the_middle_is_tried_again_and_no_text_is_doubled(
    table: Table,
) -> None:
    answered = await table.ask("cut", "r")
    assert answered.of(RetryAnnounced) or answered.of(TextDiscarded)
    assert len(table.emulator.generations("r")) >= 2
    assert answered.text == KO  # the last try comes whole, which this scenario does not cut


async def test_an_error_in_the_middle_is_mended_by_a_whole_message(table: Table) -> None:
    answered = await table.ask("errmid", "r")
    assert answered.text == KO
    assert answered.of(TextDiscarded)
    assert answered.stop == "end"


async def test_a_server_that_says_nothing_runs_into_our_first_limit(table: Table) -> None:
    limits = Limits(first_text_ms=2500, idle_ms=500, total_ms=60_000)  # type: ignore[arg-type]
    problem = (await table.ask("hang", "r", limits=limits)).problem
    assert problem.code == "timed_out"
    assert problem.waited_ms
    assert problem.waited_ms >= 2500
    assert len(table.emulator.generations("r")) == 1


async def test_a_server_that_falls_silent_runs_into_our_second_limit_and_the_text_stays(
    table: Table,
) -> None:
    limits = Limits(first_text_ms=20_000, idle_ms=700, total_ms=60_000)  # type: ignore[arg-type]
    answered = await table.ask("hangmid", "r", limits=limits)
    assert answered.problem.code == "timed_out"
    assert answered.text
    assert KO.startswith(answered.text)


async def test_an_answer_at_its_longest_ends_there_and_is_not_asked_to_go_on(table: Table) -> None:
    answered = await table.ask("maxtok", "r")
    assert answered.stop == "max_tokens"
    assert answered.text == KO[:40]
    _, *further = table.emulator.generations("r")
    assert len(further) <= 1  # it may have left before our word to stop
    assert all(seen.client_gone.is_set() for seen in further)


async def test_an_empty_answer_ends_without_text(table: Table) -> None:
    answered = await table.ask("empty", "r")
    assert answered.text == ""
    assert answered.stop == "end"


async def test_what_a_terminal_would_obey_is_taken_out(table: Table) -> None:
    answered = await table.ask("ansi", "r")
    assert answered.text == "[민수]: 빨강  <b>html</b> \u200b zero-width\n"


async def test_a_process_killed_in_the_middle_is_a_cut_and_its_text_stays(table: Table) -> None:
    provider = table.claude("slow", "r")
    answered = Answered()
    async for event in provider.answer(a_request()):
        answered.events.append(event)
        if isinstance(event, TextCame) and len(answered.pieces) == 3:
            (lane,) = provider._lanes
            os.kill(lane.pid, signal.SIGKILL)
    assert answered.problem.code == "cut_off"
    assert answered.problem.exit_code == -signal.SIGKILL
    assert len(answered.pieces) >= 3


async def test_stopping_closes_the_request_and_leaves_no_process(table: Table) -> None:
    provider = table.claude("vslow", "r")
    answer = provider.answer(a_request())
    async for event in answer:
        if isinstance(event, TextCame):
            break
    assert living_below(table.home)
    seen = await table.emulator.generation("r")
    assert not seen.client_gone.is_set()
    loop = asyncio.get_running_loop()
    before = loop.time()
    await answer.aclose()
    assert loop.time() - before < 1  # it does not wait for the process
    async with asyncio.timeout(10):
        await seen.client_gone.wait()
        await provider.close()
    assert living_below(table.home) == []


async def test_closing_the_provider_ends_an_answer_that_is_running(table: Table) -> None:
    provider = table.claude("vslow", "r")
    answering = asyncio.create_task(ask(provider, a_request()))
    await table.emulator.generation("r")
    await provider.close()
    assert living_below(table.home) == []
    await answering


async def test_a_missing_program_is_not_installed(cli_home: CliHome, processes: Processes) -> None:
    place = cli_home.place((str(cli_home.root / "no-claude"),))
    provider = a_provider(CLAUDE, claude.DIALECT, place, processes, {})
    problem = (await ask(provider, a_request())).problem
    assert (problem.code, problem.ways_on[0]) == ("not_installed", "install")


async def test_nothing_of_the_story_is_in_the_arguments_or_the_environment(table: Table) -> None:
    provider = table.claude("vslow", "r")
    answer = provider.answer(a_request(prompt="우리만의비밀", system="작가의비밀"))
    async for event in answer:
        if isinstance(event, TextCame):
            break
    (lane,) = provider._lanes
    proc = Path(f"/proc/{lane.pid}")
    if not proc.is_dir():
        pytest.skip("only Linux shows a process's environment in a file")
    shown = (proc / "cmdline").read_text() + (proc / "environ").read_text()
    assert "claude" in shown
    assert "비밀" not in shown
    await answer.aclose()


async def test_each_turn_leaves_its_temporary_folder_empty(table: Table) -> None:
    await table.ask("ko", "r")
    assert list(table.home.temp.iterdir()) == []
    assert list(table.home.work.iterdir()) == []


async def test_one_process_can_be_asked_again_and_counts_each_turn_by_itself(
    table: Table,
) -> None:
    provider = table.claude("ko", "r")
    lane = await provider.start(a_request())
    first = [event async for event in lane.ask(a_request())]
    assert lane.reusable
    second = [event async for event in lane.ask(a_request("또"))]
    told = [e.usage for e in (*first, *second) if isinstance(e, UsageTold) and e.final]
    assert len(told) == 2
    assert told[0].input == told[1].input == 12
    assert told[0].cost_usd == pytest.approx(told[1].cost_usd)
    assert "".join(e.text for e in second if isinstance(e, TextCame)) == KO
    await provider.close()


@pytest.mark.parametrize(("key", "expected"), [(KEY, True), ("", False)])
async def test_being_signed_in_is_learnt_without_asking_the_model(
    table: Table, clis: Clis, processes: Processes, key: str, expected: bool
) -> None:
    place = table.home.place(clis.claude)
    env = {"PATH": "/usr/bin:/bin", "HOME": str(table.home.user_home)}
    env |= {"ANTHROPIC_API_KEY": key} if key else {}
    env["ANTHROPIC_BASE_URL"] = table.emulator.url("ko", "r")
    told = await claude.signed_in(place, env, processes)
    assert told == SignIn(signed_in=expected, account="api key" if key else "")
    assert table.emulator.generations("r") == []


async def test_the_program_killed_outright_takes_its_claude_along(table: Table, clis: Clis) -> None:
    if sys.platform == "win32":
        pytest.skip("Windows ends jobs by itself")
    url = table.emulator.url("vslow", "r")
    maker = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.providers.orphan_maker"),
        *(*clis.claude, str(table.home.root), url),
        cwd=Path(__file__).parents[2],
    )
    await table.emulator.generation("r")
    seen = table.emulator.generations("r")[0]
    assert len(living_below(table.home)) == 1
    maker.kill()
    await maker.wait()
    async with asyncio.timeout(10):
        await seen.client_gone.wait()
        while living_below(table.home):
            await asyncio.sleep(0.05)
