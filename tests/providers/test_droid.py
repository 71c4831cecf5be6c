"""Droid's talk on recorded dialogs, its command, and what is known of a sign-in."""

import json
from pathlib import Path
from typing import Any

import pytest

from desktop.protocol.models import Usage
from desktop.protocol.problems import Trouble
from desktop.providers.base import (
    AnswerEvent,
    Finished,
    RetryAnnounced,
    TextCame,
    TextDiscarded,
    ThinkingCame,
    ToolBlocked,
    UsageTold,
)
from desktop.providers.droid import DroidTalk, command, custom_models, signed_in
from desktop.providers.droid_problems import crash, start_failed, turn_failed
from desktop.providers.talk import Place
from tests.emulator.scenarios import KO
from tests.providers.asking import Answered, a_request
from tests.providers.replayed import replay

MODEL = "custom:emul-claude"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    for name in ("work", "t", "vendor", "user"):
        (tmp_path / name).mkdir()
    (tmp_path / "user" / ".factory").mkdir()
    return Place(
        executable=("droid",),
        version="",
        work=tmp_path / "work",
        temp=tmp_path / "t",
        home=tmp_path / "vendor",
        user_home=tmp_path / "user",
    )


def theirs(place: Place, name: str, content: object) -> None:
    text = content if isinstance(content, str) else json.dumps(content)
    (place.user_home / ".factory" / name).write_text(text)


@pytest.mark.parametrize("noise", [False, True])
def test_a_turn_is_told_piece_by_piece_and_locked(place: Place, noise: bool) -> None:
    talk = DroidTalk(place)
    request = a_request("안녕", model=MODEL)
    played = replay(talk, "droid/think.jsonl", request, noise=noise)
    [opened] = played.wrote("droid.initialize_session")
    given = opened["params"]
    assert given["restrictToolIds"] == ["__none__"]
    assert given["autoRejectPermissionRequests"] is True
    assert given["systemPrompt"] == request.system
    assert given["modelId"] == MODEL
    assert given["title"], "without one the prompt is sent twice"
    [asked] = played.wrote("droid.add_user_message")
    assert asked["params"] == {"text": "안녕"}
    assert played.answered.text == KO
    assert len(played.answered.of(ThinkingCame)) == 10
    usage = Usage(
        input=24, cache_write=690, cache_read=13578, output=174, reasoning=20, source="reported"
    )
    assert played.answered.of(UsageTold) == [UsageTold(usage=usage)]
    assert played.answered.stop == "end"


def test_a_process_is_for_one_turn(place: Place) -> None:
    talk = DroidTalk(place)
    assert not talk.reusable
    replay(talk, "droid/think.jsonl", a_request())
    assert not talk.reusable


def test_a_process_that_has_opened_its_session_stands_ready(place: Place) -> None:
    talk = DroidTalk(place)
    opened = json.loads(talk.begin(a_request(model=MODEL))[0])
    assert not talk.ready
    talk.read(json.dumps({"id": opened["id"], "result": {"sessionId": "s"}}).encode())
    assert talk.ready
    assert talk.reusable
    assert b"add_user_message" in talk.ask(a_request(model=MODEL))[0]


def test_another_system_prompt_gets_another_session(place: Place) -> None:
    talk = DroidTalk(place)
    talk.begin(a_request())
    again = talk.ask(a_request(system="다른 지시"))
    assert json.loads(again[0])["params"]["systemPrompt"] == "다른 지시"


@pytest.mark.parametrize(
    ("transcript", "code"), [("401", "key_refused"), ("429", "quota"), ("cut", "cut_off")]
)
def test_a_recorded_failure_has_its_code(place: Place, transcript: str, code: str) -> None:
    played = replay(DroidTalk(place), f"droid/{transcript}.jsonl", a_request())
    assert played.answered.problem.code == code


def test_a_retry_is_announced_and_takes_text_back_only_when_new_text_comes(place: Place) -> None:
    played = replay(DroidTalk(place), "droid/cut.jsonl", a_request())
    events = played.answered.events
    assert [e.attempt for e in events if isinstance(e, RetryAnnounced)] == [1, 2, 3, 4]
    assert len(played.answered.of(TextDiscarded)) == 1
    at = next(i for i, event in enumerate(events) if isinstance(event, TextDiscarded))
    assert isinstance(events[at + 1], TextCame)
    assert played.answered.text, "what had come when the last try failed is kept"
    assert KO.startswith(played.answered.text)


def test_an_overload_is_announced(place: Place) -> None:
    played = replay(DroidTalk(place), "droid/529.jsonl", a_request())
    [first, *_] = played.answered.of(RetryAnnounced)
    assert first == RetryAnnounced(attempt=1, reason="overloaded")


def test_a_stopped_turn_keeps_its_text(place: Place) -> None:
    played = replay(DroidTalk(place), "droid/interrupt.jsonl", a_request())
    assert played.answered.stop == "cancelled"
    assert played.answered.text.startswith("[민수]")


def test_a_tool_is_blocked_once_and_ends_the_turn(place: Place) -> None:
    played = replay(DroidTalk(place), "droid/tool.jsonl", a_request())
    assert played.answered.of(ToolBlocked) == [ToolBlocked(name="Execute")]
    assert played.answered.stop == "unknown"
    assert played.answered.text.startswith("[민수]")


def in_a_turn(place: Place) -> DroidTalk:
    talk = DroidTalk(place)
    [opened] = talk.begin(a_request())
    talk.ask(a_request())
    talk.read(json.dumps({"id": json.loads(opened)["id"], "result": {"sessionId": "s"}}).encode())
    return talk


def tell(talk: DroidTalk, **note: Any) -> tuple[AnswerEvent, ...]:
    line = {
        "method": "droid.session_notification",
        "params": {"sessionId": "s", "notification": note},
    }
    return talk.read(json.dumps(line).encode()).events


def test_a_second_round_at_the_token_limit_ends_the_turn(place: Place) -> None:
    talk = in_a_turn(place)
    text = "Your previous response ended before completion. Continue where you left off."
    again = {"role": "system", "content": [{"type": "text", "text": text}]}
    assert tell(talk, type="create_message", message=again) == ()
    line = {
        "method": "droid.session_notification",
        "params": {"sessionId": "s", "notification": {"type": "create_message", "message": again}},
    }
    step = talk.read(json.dumps(line).encode())
    assert step.events == (Finished(stop="max_tokens"),)
    assert b"droid.interrupt_session" in step.write[0]
    assert not talk.reusable
    assert tell(talk, type="assistant_text_delta", messageId="m", textDelta="more") == ()


def test_a_story_that_quotes_that_sentence_ends_nothing(place: Place) -> None:
    talk = in_a_turn(place)
    quoted = [{"type": "text", "text": "Your previous response ended before completion"}]
    for _ in range(3):
        for role in ("user", "assistant"):
            assert (
                tell(talk, type="create_message", message={"role": role, "content": quoted}) == ()
            )


def test_text_kept_from_an_earlier_message_survives_a_retry_of_the_next(place: Place) -> None:
    talk = in_a_turn(place)
    events = [
        *tell(talk, type="assistant_text_delta", messageId="a", textDelta="하나 "),
        *tell(talk, type="assistant_text_delta", messageId="b", textDelta="두"),
        *tell(talk, type="llm_retry", attempt=1, reason="timeout"),
        *tell(talk, type="assistant_text_delta", messageId="b", textDelta="둘"),
    ]
    assert Answered(events).text == "하나 둘"


def test_text_of_another_session_is_not_ours(place: Place) -> None:
    talk = in_a_turn(place)
    note = {"type": "assistant_text_delta", "messageId": "m", "textDelta": "x"}
    line = {"params": {"sessionId": "other", "notification": note}}
    assert talk.read(json.dumps(line).encode()).events == ()


@pytest.mark.parametrize("method", ["droid.request_permission", "droid.ask_user"])
def test_every_wish_is_refused(place: Place, method: str) -> None:
    wish = {"type": "request", "id": "q", "method": method, "params": {}}
    step = in_a_turn(place).read(json.dumps(wish).encode())
    answer = json.loads(step.write[0])
    assert (answer["id"], answer["type"]) == ("q", "response")
    assert "result" not in answer
    assert step.events == (ToolBlocked(name=method),)


@pytest.mark.parametrize(
    ("reason", "told", "code"),
    [
        ("model_rate_limited", "", "quota"),
        ("model_usage_exhausted", "", "quota"),
        ("model_provider_unreachable", "", "network"),
        ("model_provider_unavailable", "Overloaded", "overloaded"),
        ("model_request_rejected", "400 prompt is too long: 210000 tokens", "too_long"),
        ("model_request_rejected", "404 model not found", "bad_model"),
        ("error", "No access token available", "signed_out"),
        ("error", "", "crashed"),
        ("never heard of", "the socket connection was closed unexpectedly", "network"),
    ],
)
def test_a_failed_turn_has_its_code(reason: str, told: str, code: str) -> None:
    assert turn_failed(reason, told, text_came=False).code == code


def test_a_refused_start_and_an_end_are_told() -> None:
    assert start_failed("Invalid model: x").code == "bad_model"
    assert crash(1, "Authentication failed. Please log in using /login").code == "signed_out"
    assert crash(-9, "").code == "crashed"


def test_the_home_holds_the_persons_own_models_and_nothing_else(place: Place) -> None:
    own = {"model": "m", "baseUrl": "http://x", "apiKey": "k"}
    theirs(place, "settings.json", {"customModels": [own, "x", {}], "hooks": {"Stop": []}})
    theirs(place, "config.json", {"custom_models": [{"model": "old"}], "other": 1})
    theirs(place, "AGENTS.md", "x")
    theirs(place, "auth.v2.file", "x")
    started = command(place, a_request("비밀", model="custom:m", system="비밀"))
    written = {file.path.name: json.loads(file.text) for file in started.files}
    assert written["settings.json"]["customModels"] == [own]
    assert "hooks" not in written["settings.json"]
    assert written["settings.json"]["cloudSessionSync"] is False
    assert written["config.json"] == {"custom_models": [{"model": "old"}]}
    assert not list((place.temp / "h").rglob("auth*")), "their own model needs no sign-in"
    # With it the CLI leaves updates alone too, and each name more is told to the model.
    assert {*started.env} == {"FACTORY_HOME_OVERRIDE", "FACTORY_AIRGAP_ENABLED"}
    assert started.env["FACTORY_AIRGAP_ENABLED"] == "true"
    assert "비밀" not in str((started.argv, started.env))
    assert [path.name for path in started.cwd.iterdir()] == [".git"]


def test_the_sign_in_is_linked_for_factorys_own_models(place: Place) -> None:
    theirs(place, "auth.v2.file", "x")
    theirs(place, "auth.v2.key", "k")
    started = command(place, a_request(model="claude"))
    linked = sorted(p.name for p in (place.temp / "h" / ".factory").iterdir() if p.is_symlink())
    assert linked == ["auth.v2.file", "auth.v2.key"]
    assert "FACTORY_AIRGAP_ENABLED" not in started.env
    assert started.env["FACTORY_DROID_AUTO_UPDATE_ENABLED"] == "false"


def test_where_no_link_can_be_made_the_cli_is_not_started(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs(place, "auth.v2.file", "x")

    def refused(*_: object) -> None:
        raise OSError(1, "no right")

    monkeypatch.setattr(Path, "symlink_to", refused)
    with pytest.raises(Trouble) as trouble:
        command(place, a_request(model="claude"))
    assert trouble.value.problem.code == "unsafe_setup"


def test_the_persons_own_models_are_listed(place: Place) -> None:
    own = [{"model": "m", "displayName": "Mine"}, {"model": "n", "id": "custom:N-1"}, {"model": 5}]
    theirs(place, "settings.json", "{ // comment\n" + f'"customModels": {json.dumps(own)}' + "}")
    theirs(place, "config.json", {"custom_models": [{"model": "o", "model_display_name": "Old"}]})
    found = [(model.id, model.label) for model in custom_models(place)]
    assert found == [("custom:m", "Mine"), ("custom:N-1", "n"), ("custom:o", "Old")]


def test_the_state_of_the_sign_in_is_known_without_asking_anyone(place: Place) -> None:
    assert signed_in(place, {}) == ("signed_out", "")
    theirs(place, "settings.json", {"customModels": [{"model": "m"}]})
    assert signed_in(place, {}) == ("ready", "own models")
    theirs(place, "auth.v2.file", "x")
    assert signed_in(place, {}) == ("installed", "factory")
    assert signed_in(place, {"FACTORY_API_KEY": "k"}) == ("ready", "api key")


@pytest.mark.parametrize("broken", ["{", "[]", '{"customModels": 5}', "\xff", "// only"])
def test_broken_settings_are_no_settings(place: Place, broken: str) -> None:
    theirs(place, "settings.json", broken)
    assert custom_models(place) == ()


def test_a_conversation_goes_on_for_fifty_turns_and_then_another_process_takes_over(
    place: Place,
) -> None:
    talk = DroidTalk(place)
    opened = json.loads(talk.begin(a_request())[0])
    talk.read(json.dumps({"id": opened["id"], "result": {"sessionId": "s"}}).encode())
    over = {"type": "agent_turn_completed", "reason": "completed"}
    note = {
        "method": "droid.session_notification",
        "params": {"sessionId": "s", "notification": over},
    }
    for number in range(50):
        assert number == 0 or talk.holds("s")
        talk.ask(a_request(session="s" if number else "", news="또"))
        events = talk.read(json.dumps(note).encode()).events
        assert events[-1] == Finished(stop="end")
    assert not talk.holds("s")
    assert not talk.reusable
