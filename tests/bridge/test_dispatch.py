"""The gate: nothing unchecked gets in, every call is answered, no traceback gets out."""

import asyncio
import json
import threading
from typing import Any, Never, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.bridge import dispatch
from desktop.bridge.dispatch import Dispatcher, decode
from desktop.bridge.event_loop import EventLoop
from desktop.bridge.page_api import PageApi
from desktop.protocol.methods import METHODS, Nothing, SendParams, StageParams
from desktop.protocol.problems import Trouble, problem


@pytest.fixture(scope="module")
def loop() -> Any:
    made = EventLoop()
    made.start()
    yield made
    assert made.stop()


class Bugs:
    def __init__(self) -> None:
        self.seen: list[Any] = []

    def __call__(self, error: Any, doing: Any) -> Any:
        self.seen.append((error, doing))
        return "abc123"


@pytest.fixture
def bugs() -> Any:
    return Bugs()


def dispatcher(loop: Any, bugs: Any, handler: Any, name: Any = "room.draft") -> Any:
    return Dispatcher({name: handler}, loop, bugs)


DRAFT = {"room_id": "r1", "text": "안녕"}


def test_a_call_reaches_its_handler_as_a_struct_and_comes_back_as_a_result(
    loop: Any, bugs: Any
) -> None:
    got = []

    async def handler(params: Any) -> Any:
        got.append(params)
        return Nothing()

    answer = dispatcher(loop, bugs, handler).answer("room.draft", DRAFT)
    assert answer.result == {}
    assert answer.problem is None
    assert (got[0].room_id, got[0].text) == ("r1", "안녕")


@pytest.mark.parametrize(
    ("params", "field"),
    [
        ({"room_id": "r1"}, "text"),
        ({"room_id": "r1", "text": 5}, "text"),
        ({"room_id": "r1", "text": "a", "extra": 1}, "extra"),
        ({"room_id": "../../etc", "text": "a"}, "room_id"),
        ({"room_id": "r1", "text": "a" * 200_001}, "text"),
        ("not an object", "params"),
        ([1, 2], "params"),
        ({"room_id": "r1", "text": object()}, "params"),
        ({1: 2}, "1"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_name_of_the_field(
    loop: Any, bugs: Any, params: Any, field: Any
) -> None:
    async def handler(params: Any) -> Never:
        raise AssertionError("it must not get here")

    refused = dispatcher(loop, bugs, handler).answer("room.draft", params).problem
    assert (refused.code, refused.field) == ("invalid_request", field)
    assert not bugs.seen


def test_the_path_of_a_nested_field_is_told() -> None:
    stage = {"characters": [{"id": "a", "name": "하루"}, {"id": "b", "name": ""}]}
    with pytest.raises(Trouble) as refused:
        decode({"room_id": "r", "stage": stage}, StageParams)
    assert refused.value.problem.field == "stage.characters[1].name"
    with pytest.raises(Trouble) as refused:
        decode({"room_id": "r", "stage": {"me": {"age": 5}}}, StageParams)
    assert refused.value.problem.field == "stage.me.age"


@pytest.mark.parametrize("name", ["nothing.here", "", None, 5, "__class__", ["room.draft"]])
def test_an_unknown_method_is_refused(loop: Any, bugs: Any, name: Any) -> None:
    refused = dispatcher(loop, bugs, None).answer(name, {}).problem
    assert (refused.code, refused.field) == ("invalid_request", "method")


def test_a_nest_without_a_bottom_is_refused(loop: Any, bugs: Any) -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    refused = dispatcher(loop, bugs, None).answer("room.draft", {"room_id": deep}).problem
    assert refused.code == "invalid_request"


def test_more_than_the_bridge_takes_is_refused_before_it_is_read(
    loop: Any, bugs: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(dispatch, "MAX_PARAMS_BYTES", 100)
    refused = dispatcher(loop, bugs, None).answer("room.draft", {"x": "y" * 200}).problem
    assert (refused.code, refused.field) == ("invalid_request", "params")


@given(st.text(min_size=1, max_size=50))
def test_typed_text_arrives_exactly(text: Any) -> None:
    assert decode({"room_id": "r", "text": text}, SendParams).text == text


def test_half_a_character_pair_becomes_a_replacement_and_whole_ones_stay() -> None:
    sent = decode({"room_id": "r", "text": "\ud83d\ude00 \ud83d 끝"}, SendParams)
    assert sent.text == "😀 \ufffd 끝"


def test_a_trouble_is_told_as_its_problem(loop: Any, bugs: Any) -> None:
    async def handler(params: Any) -> Never:
        raise Trouble(problem("not_found", field="room_id"))

    told = dispatcher(loop, bugs, handler).answer("room.draft", DRAFT).problem
    assert (told.code, told.field) == ("not_found", "room_id")
    assert not bugs.seen


@pytest.mark.parametrize("bug", [KeyError("비밀 이야기"), SystemExit(3), KeyboardInterrupt()])
def test_a_bug_is_told_by_its_log_id_only_and_the_loop_lives_on(
    loop: Any, bugs: Any, bug: Any
) -> None:
    async def handler(params: Any) -> Never:
        raise bug

    told = dispatcher(loop, bugs, handler).answer("room.draft", DRAFT)
    assert (told.problem.code, told.problem.log_id, told.problem.detail) == ("bug", "abc123", "")
    assert bugs.seen[0][0] is bug
    assert "비밀" not in bugs.seen[0][1]
    assert loop.call(asyncio.sleep(0, "alive")) == "alive"


def test_a_loop_that_has_ended_is_told_as_busy(bugs: Any) -> None:
    ended = EventLoop()
    ended.start()
    ended.stop()

    async def handler(params: Any) -> Any:
        return Nothing()

    assert dispatcher(ended, bugs, handler).answer("room.draft", DRAFT).problem.code == "busy"


def test_a_call_that_is_cut_off_by_the_end_is_still_answered(bugs: Any) -> None:
    loop, begun = EventLoop(), threading.Event()
    loop.start()

    async def endless(params: Any) -> None:
        begun.set()
        await asyncio.sleep(3600)

    answers = []
    gate = dispatcher(loop, bugs, endless)
    caller = threading.Thread(target=lambda: answers.append(gate.answer("room.draft", DRAFT)))
    caller.start()
    assert begun.wait(5)
    loop.stop()
    caller.join(5)
    assert answers[0].problem.code == "busy"


def test_no_more_than_so_many_calls_run_at_once(loop: Any, bugs: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(dispatch, "MAX_WAIT_S", 0.05)
    running, most, go = 0, 0, threading.Event()

    async def handler(params: Any) -> Any:
        nonlocal running, most
        running += 1
        most = max(most, running)
        while not go.is_set():
            await asyncio.sleep(0.01)
        running -= 1
        return Nothing()

    gate, codes = dispatcher(loop, bugs, handler), []

    def call() -> None:
        told = gate.answer("room.draft", DRAFT).problem
        codes.append(told.code if told else "ok")

    callers = [threading.Thread(target=call) for _ in range(dispatch.MAX_CALLS + 8)]
    for caller in callers:
        caller.start()
    while len(codes) < 8:
        threading.Event().wait(0.01)
    go.set()
    for caller in callers:
        caller.join(5)
    assert most == dispatch.MAX_CALLS
    assert codes.count("busy") == 8
    assert codes.count("ok") == dispatch.MAX_CALLS


class TestPageApi:
    def test_only_one_name_is_public(self, loop: Any, bugs: Any) -> None:
        api = PageApi(dispatcher(loop, bugs, None), lambda: True)
        assert [name for name in dir(api) if not name.startswith("_")] == ["call"]

    def test_its_answers_are_plain_json(self, loop: Any, bugs: Any) -> None:
        api = PageApi(dispatcher(loop, bugs, None), lambda: True)
        told = json.loads(json.dumps(api.call("nothing.here")))
        assert told["result"] is None
        assert told["problem"]["code"] == "invalid_request"

    def test_a_foreign_page_gets_nothing_done(self, loop: Any, bugs: Any) -> None:
        done = []

        async def handler(params: Any) -> Any:
            done.append(params)
            return Nothing()

        told = PageApi(dispatcher(loop, bugs, handler), lambda: False).call("room.draft", DRAFT)
        assert told["problem"]["field"] == "page"
        assert done == []

    def test_nothing_is_ever_thrown_at_the_page(self) -> None:
        class Broken:
            def answer(self, name: Any, params: Any) -> Never:
                raise SystemExit

        assert PageApi(cast("Any", Broken()), lambda: True).call("x")["problem"]["code"] == "bug"


def test_every_method_has_a_name_like_noun_verb() -> None:
    assert all(name.count(".") == 1 for name in METHODS)
