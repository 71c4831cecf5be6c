"""Claude Code's stream, read from recordings of the real program."""

import json
from collections.abc import Iterable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.providers.base import (
    AnswerEvent,
    Failed,
    RetryAnnounced,
    TextCame,
    TextDiscarded,
    ThinkingCame,
    ToolBlocked,
    UsageTold,
)
from desktop.providers.claude import MOST_TOOL_CALLS, ClaudeTalk, command
from desktop.providers.talk import Place
from tests.emulator.scenarios import KO
from tests.providers.asking import Answered, a_request

RECORDED = Path(__file__).parents[1] / "transcripts" / "claude"


def a_place(version: str = "2.1.330") -> Place:
    here = Path("/home/user")
    return Place(
        executable=("/usr/bin/claude",),
        version=version,
        work=here / "work",
        temp=here / "t",
        home=here / "vendor",
        user_home=here,
    )


def asked(version: str = "2.1.330") -> ClaudeTalk:
    talk = ClaudeTalk(a_place(version))
    talk.begin(a_request())
    assert talk.ready
    assert talk.ask(a_request())
    return talk


def replay(talk: ClaudeTalk, lines: Iterable[bytes]) -> Answered:
    answered = Answered()
    for line in lines:
        answered.events += talk.read(line).events
    return answered


def recording(name: str) -> list[bytes]:
    return (RECORDED / f"{name}.stdout").read_bytes().splitlines()


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode()


def delta(text: str, index: int = 0) -> bytes:
    inner = {"type": "text_delta", "text": text}
    return line(
        type="stream_event", event={"type": "content_block_delta", "index": index, "delta": inner}
    )


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("err_429_noretry", "quota"),
        ("err_529_noretry", "overloaded"),
        ("err_badmodel_404", "bad_model"),
        ("err_netdown_noretry", "network"),
        ("err_nologin_sj", "signed_out"),
        ("err_refusal", "refused"),
    ],
)
def test_a_recorded_error_becomes_its_problem_once_and_last(name: str, code: str) -> None:
    talk = asked()
    answered = replay(talk, recording(name))
    assert answered.problem.code == code
    assert answered.text == ""  # what the program says about the error is no story
    assert len(answered.of(Failed)) == 1
    assert talk.ended(1, "") == ()


def test_thinking_stays_out_of_the_text() -> None:
    answered = replay(asked(), recording("think"))
    assert answered.text == KO
    assert answered.of(ThinkingCame)
    assert answered.stop == "end"


def test_text_of_a_cut_message_is_taken_back_before_the_whole_one_comes() -> None:
    answered = replay(asked(), recording("err_errmid"))
    kinds = [type(event) for event in answered.events]
    assert kinds.index(TextDiscarded) > kinds.index(TextCame)
    assert answered.text == KO


def test_retries_are_announced_with_their_wait_and_a_kill_is_a_crash() -> None:
    talk = asked()
    answered = replay(talk, recording("err_cut"))
    retries = answered.of(RetryAnnounced)
    assert [r.attempt for r in retries if isinstance(r, RetryAnnounced)] == list(range(1, 8))
    assert all(r.wait_ms for r in retries if isinstance(r, RetryAnnounced))
    assert answered.text == ""
    (end,) = talk.ended(-9, "killed")
    assert isinstance(end, Failed)
    assert (end.problem.code, end.problem.exit_code) == ("crashed", -9)


def test_an_end_in_the_middle_of_text_is_a_cut() -> None:
    talk = asked()
    assert replay(talk, recording("err_hangmid")).text
    (end,) = talk.ended(None, "")
    assert isinstance(end, Failed)
    assert end.problem.code == "cut_off"


def test_the_longest_answer_ends_at_its_first_message() -> None:
    talk = asked()
    answered = replay(talk, recording("err_maxtok"))
    assert answered.stop == "max_tokens"
    assert answered.text == KO[:40]
    assert answered.of(UsageTold)
    assert not talk.reusable
    assert b"interrupt" in talk.interrupt()[0]  # over there it goes on


def test_a_tool_call_is_told_as_blocked_and_the_story_goes_on() -> None:
    answered = replay(asked(), recording("sec_locked_sj"))
    assert answered.of(ToolBlocked) == [ToolBlocked(name="Bash")]
    assert answered.text.startswith("[민수]: 잠깐만...\n[도구결과]")
    assert answered.stop == "end"


def test_a_model_that_goes_on_calling_tools_is_stopped() -> None:
    talk = asked()
    calls = [
        line(
            type="stream_event",
            event={
                "type": "content_block_start",
                "index": n,
                "content_block": {"type": "tool_use", "id": f"t{n}", "name": "Bash"},
            },
        )
        for n in range(MOST_TOOL_CALLS + 3)
    ]
    answered = replay(talk, calls)
    assert len(answered.of(ToolBlocked)) == MOST_TOOL_CALLS + 1
    assert answered.stop == "unknown"


def test_turns_of_one_process_are_counted_each_for_itself() -> None:
    talk = ClaudeTalk(a_place())
    usages = []
    texts = []
    for told in (RECORDED / "warm_basic.dialog.jsonl").read_bytes().splitlines():
        entry = msgspec.json.decode(told)
        if entry["dir"] == "in":
            if entry["msg"]["type"] == "user":
                talk.ask(a_request(entry["msg"]["message"]["content"]))
            continue
        for event in talk.read(msgspec.json.encode(entry["msg"])).events:
            if isinstance(event, UsageTold) and event.final:
                usages.append(event.usage)
            if isinstance(event, TextCame):
                texts.append(event.text)
    first_six = usages[:6]
    assert {(u.input, u.output, u.cache_read, u.cache_write) for u in first_six} == {
        (12, 53, 6789, 345)
    }
    assert {round(u.cost_usd or 0, 6) for u in first_six} == {0.004191}
    assert usages[-1].cost_usd == pytest.approx(0.000158, abs=1e-6)  # a cheaper model by then
    assert "user_turns=6" in "".join(texts)


def test_a_version_that_only_tells_totals_is_subtracted() -> None:
    talk = asked()

    def result(total: float) -> bytes:
        usage = {"input_tokens": 5, "output_tokens": 7, "cache_read_input_tokens": 0}
        return line(type="result", subtype="success", usage=usage, total_cost_usd=total)

    costs = []
    for total in (0.25, 0.75):
        talk.ask(a_request())
        (told, *_) = talk.read(result(total)).events
        assert isinstance(told, UsageTold)
        costs.append(told.usage.cost_usd)
    assert costs == [0.25, 0.5]


def test_an_interrupted_turn_is_cancelled_keeps_its_text_and_the_process_serves_on() -> None:
    talk = ClaudeTalk(a_place())
    turns: list[Answered] = []
    for told in (RECORDED / "warm_interrupt_control.dialog.jsonl").read_bytes().splitlines():
        entry = msgspec.json.decode(told)
        if entry["dir"] == "in" and entry["msg"]["type"] == "user":
            turns.append(Answered())
            talk.ask(a_request())
        elif entry["dir"] == "out":
            turns[-1].events += talk.read(msgspec.json.encode(entry["msg"])).events
    assert turns[0].stop == "cancelled"
    assert turns[0].text == "[민수]: 안녕! 오늘은 비가 오"
    assert turns[0].of(TextDiscarded) == []
    assert turns[1].of(TextCame)


def test_only_part_of_a_message_taken_back_leaves_the_rest() -> None:
    talk = asked()
    start = line(type="stream_event", event={"type": "message_start", "message": {"id": "m"}})
    gone = {"api_message_id": "m", "from_block_index": 1}
    stop = line(type="stream_event", event={"type": "message_stop"}, abandoned_blocks=gone)
    answered = replay(talk, [start, delta("가", 0), delta("나", 1), stop, delta("다", 1)])
    assert answered.text == "가다"


def test_a_question_of_the_program_is_always_answered_with_no() -> None:
    talk = asked()
    step = talk.read(
        line(
            type="control_request",
            request_id="q1",
            request={"subtype": "can_use_tool", "tool_name": "Bash", "input": {}},
        )
    )
    assert step.events == (ToolBlocked(name="Bash"),)
    (told,) = map(json.loads, step.write)
    assert told["response"]["request_id"] == "q1"
    assert told["response"]["response"]["behavior"] == "deny"
    other = talk.read(line(type="control_request", request_id="q2", request={"subtype": "hook"}))
    assert json.loads(other.write[0])["response"]["subtype"] == "error"


def test_a_process_that_has_tools_after_all_is_not_trusted() -> None:
    answered = replay(asked(), [line(type="system", subtype="init", tools=["Bash"])])
    assert answered.problem.code == "unsafe_setup"


def test_a_version_without_one_of_the_locks_is_not_used_without_it() -> None:
    (end,) = asked().ended(1, "error: unknown option '--tools'")
    assert isinstance(end, Failed)
    assert end.problem.code == "unsafe_setup"


def test_a_limit_says_when_it_is_lifted() -> None:
    talk = asked()
    info = {"status": "rejected", "resetsAt": 1_800_000_000}
    end = line(type="result", is_error=True, api_error_status=429, result="limit")
    answered = replay(talk, [line(type="rate_limit_event", rate_limit_info=info), end])
    assert (answered.problem.code, answered.problem.retry_at) == ("quota", 1_800_000_000_000)


@pytest.mark.parametrize("version", ["2.1.197", "2.1.330", "9.0.0", "", "beta"])
def test_every_version_gets_every_lock_and_no_word_of_the_story(version: str) -> None:
    made = command(a_place(version), a_request("우리의비밀", system="작가의비밀", model="opus"))
    flags = list(made.argv)
    assert flags[flags.index("--tools") + 1] == ""
    assert flags[flags.index("--setting-sources") + 1] == ""
    assert {"--strict-mcp-config", "--disable-slash-commands", "--model=opus"} <= set(flags)
    assert made.env["CLAUDE_CODE_DISABLE_ATTACHMENTS"] == "1"
    assert "비밀" not in str(made)


def test_what_looks_like_a_command_is_disarmed_for_versions_that_would_obey() -> None:
    for version, expected in (("2.1.197", " /help"), ("2.1.330", "/help"), ("", "/help")):
        (told,) = map(json.loads, ClaudeTalk(a_place(version)).ask(a_request("/help")))
        assert told["message"]["content"] == expected
        assert told["client_composed"] is True


def test_half_an_emoji_in_a_line_is_joined_with_the_other() -> None:
    answered = replay(asked(), [delta("a\ud83d"), delta("\ude00")])
    assert answered.text == "a😀"


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
KNOWN = [json.loads(told) for name in ("err_errmid", "err_429_noretry") for told in recording(name)]


@given(st.sampled_from(KNOWN), st.data())
def test_no_line_however_odd_raises(known: dict[str, object], data: st.DataObject) -> None:
    spoilt = dict(known)
    for name in data.draw(st.sets(st.sampled_from(sorted(known)), min_size=1)):
        spoilt[name] = data.draw(ANYTHING)
    spoilt["type"] = known["type"]
    events = asked().read(json.dumps(spoilt).encode()).events
    assert all(isinstance(event, AnswerEvent) for event in events)


@given(st.binary(max_size=60))
def test_no_bytes_raise(noise: bytes) -> None:
    asked().read(noise)
    asked().read(b"[" * 20_000)
    asked().read(b'{"type":"result"}')


def test_a_talk_that_was_asked_nothing_says_nothing() -> None:
    talk = ClaudeTalk(a_place())
    assert replay(talk, recording("think")).events == []
    assert talk.interrupt() == ()
    assert talk.ended(0, "") == ()
