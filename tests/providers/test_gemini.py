"""Gemini's talk on recorded dialogs, its command, and what is known of a sign-in."""

import json
from pathlib import Path

import pytest

from desktop.protocol.problems import Trouble
from desktop.providers.base import Failed, Finished, Started, ToolBlocked, UsageTold
from desktop.providers.gemini import GeminiTalk, command, signed_in
from desktop.providers.gemini_problems import crash, refusal
from desktop.providers.talk import Place
from tests.providers.asking import a_request
from tests.providers.replayed import replay


@pytest.fixture
def place(tmp_path: Path) -> Place:
    for name in ("work", "t", "vendor", "user"):
        (tmp_path / name).mkdir()
    return Place(
        executable=("node", "gemini.js"),
        version="",
        work=tmp_path / "work",
        temp=tmp_path / "t",
        home=tmp_path / "vendor",
        user_home=tmp_path / "user",
    )


def choose(place: Place, kind: str) -> Path:
    folder = place.user_home / ".gemini"
    folder.mkdir(exist_ok=True)
    text = f'// mine\n{{"security": {{"auth": {{"selectedType": "{kind}"}}}}}}'
    (folder / "settings.json").write_text(text)
    return folder


@pytest.mark.parametrize("noise", [False, True])
def test_a_turn_is_told_piece_by_piece(place: Place, noise: bool) -> None:
    talk = GeminiTalk(place)
    played = replay(talk, "gemini/turn.jsonl", a_request("안녕"), noise=noise)
    opened, ahead = played.wrote("session/new")
    assert opened["params"] == ahead["params"] == {"cwd": str(place.work), "mcpServers": []}
    [asked] = played.wrote("session/prompt")
    assert asked["params"]["prompt"] == [{"type": "text", "text": "안녕"}]
    assert played.answered.text.startswith("[에코]: user_turns=1")
    assert len(played.answered.pieces) > 20
    [told] = played.answered.of(UsageTold)
    assert isinstance(told, UsageTold)
    assert (told.usage.input, told.usage.output) == (7146, 87)
    assert played.answered.stop == "end"
    assert talk.reusable


def test_what_is_asked_before_the_cli_is_ready_is_written_when_it_is(place: Place) -> None:
    talk = GeminiTalk(place)
    talk.begin(a_request())
    assert not talk.ready
    assert talk.ask(a_request()) == ()
    step = talk.read(b'{"jsonrpc":"2.0","id":1,"result":{}}')
    assert b"session/new" in step.write[0]


def _answer(number: int, result: str) -> bytes:
    return f'{{"jsonrpc":"2.0","id":{number},"result":{result}}}'.encode()


def test_a_session_is_opened_ahead_and_told_with_the_first_line_of_its_turn(place: Place) -> None:
    talk = GeminiTalk(place)
    talk.begin(a_request())
    assert b"session/new" in talk.read(_answer(1, "{}")).write[0]
    assert talk.ask(a_request("하나")) == (), "it is being opened: a second one would be too much"
    step = talk.read(_answer(2, '{"sessionId":"s1"}'))
    assert [type(event) for event in step.events] == [Started]
    assert b"session/prompt" in step.write[0]
    ended = '{"stopReason":"end_turn","_meta":{"quota":{"model_usage":[1]}}}'
    step = talk.read(_answer(3, ended))
    assert b"session/new" in step.write[0]
    assert talk.reusable
    talk.read(_answer(4, '{"sessionId":"s2","models":{"currentModelId":"m"}}'))
    [asked] = talk.ask(a_request("둘"))
    assert b'"s2"' in asked
    assert json.loads(asked)["params"]["prompt"][0]["text"] == "둘"
    first, *_ = talk.read(b'{"method":"session/update","params":{}}').events
    assert first == Started(session="s2", model="m")
    assert talk.read(b'{"method":"session/update","params":{}}').events == ()


def test_a_conversation_that_goes_on_opens_no_session_beside_it(place: Place) -> None:
    talk = GeminiTalk(place)
    talk.begin(a_request())
    talk.read(_answer(1, "{}"))
    talk.ask(a_request("하나", retain=True))
    talk.read(_answer(2, '{"sessionId":"s1"}'))
    ended = '{"stopReason":"end_turn","_meta":{"quota":{"model_usage":[1]}}}'
    assert talk.read(_answer(3, ended)).write == ()
    [asked] = talk.ask(a_request(session="s1", news="둘", retain=True))
    assert b'"s1"' in asked


def test_a_session_that_cannot_be_opened_ahead_makes_the_process_useless(place: Place) -> None:
    talk = GeminiTalk(place)
    talk.begin(a_request())
    talk.read(_answer(1, "{}"))
    assert talk.read(b'{"id":2,"error":{"code":-32000,"message":"no"}}').events == ()
    assert not talk.fresh


@pytest.mark.parametrize(
    ("transcript", "code"),
    [("401", "key_refused"), ("cut", "cut_off"), ("nologin", "signed_out")],
)
def test_a_recorded_failure_has_its_code(place: Place, transcript: str, code: str) -> None:
    played = replay(GeminiTalk(place), f"gemini/{transcript}.jsonl", a_request())
    assert played.answered.problem.code == code
    assert bool(played.answered.text) == (transcript == "cut")


def test_a_cancelled_turn_keeps_its_text(place: Place) -> None:
    played = replay(GeminiTalk(place), "gemini/cancel.jsonl", a_request())
    assert played.answered.stop == "cancelled"
    assert played.answered.text.startswith("[민수]")


def test_text_of_another_session_is_not_ours(place: Place) -> None:
    def elsewhere(said: dict[str, object]) -> dict[str, object]:
        params = said.get("params")
        return (
            {**said, "params": {**params, "sessionId": "x"}} if isinstance(params, dict) else said
        )

    played = replay(GeminiTalk(place), "gemini/turn.jsonl", a_request(), change=elsewhere)
    assert played.answered.text == ""


@pytest.mark.parametrize("text", ["/help", " \n/memory show", "$x", "!ls", "@a.txt", "?"])
def test_no_prompt_begins_with_what_could_be_a_command(place: Place, text: str) -> None:
    played = replay(GeminiTalk(place), "gemini/turn.jsonl", a_request(text))
    sent = played.wrote("session/prompt")[0]["params"]["prompt"][0]["text"]
    assert sent == "\u2060" + text


def in_a_turn(place: Place) -> GeminiTalk:
    talk = GeminiTalk(place)
    talk.begin(a_request())
    talk.ask(a_request())
    talk.read(b'{"jsonrpc":"2.0","id":1,"result":{}}')
    talk.read(b'{"jsonrpc":"2.0","id":2,"result":{"sessionId":"s"}}')
    return talk


def test_every_wish_for_leave_is_cancelled(place: Place) -> None:
    wish = {
        "jsonrpc": "2.0",
        "id": 7,
        "method": "session/request_permission",
        "params": {
            "sessionId": "s",
            "toolCall": {"title": "rm -rf"},
            "options": [{"optionId": "ok"}],
        },
    }
    step = in_a_turn(place).read(json.dumps(wish).encode())
    assert step.events == (ToolBlocked(name="rm -rf"),)
    assert json.loads(step.write[0])["result"] == {"outcome": {"outcome": "cancelled"}}


@pytest.mark.parametrize("method", ["fs/read_text_file", "fs/write_text_file", "terminal/create"])
def test_every_other_wish_is_refused(place: Place, method: str) -> None:
    wish = {"jsonrpc": "2.0", "id": "q", "method": method, "params": {}}
    step = in_a_turn(place).read(json.dumps(wish).encode())
    answer = json.loads(step.write[0])
    assert answer["id"] == "q"
    assert "result" not in answer
    assert answer["error"]["code"] == -32601


def test_a_question_for_a_new_google_sign_in_ends_the_turn(place: Place) -> None:
    talk = in_a_turn(place)
    step = talk.read(b"https://accounts.google.com/o/oauth2/v2/auth?redirect_uri=x")
    [failed] = step.events
    assert isinstance(failed, Failed)
    assert failed.problem.code == "signed_out"
    assert not talk.reusable
    assert talk.ended(41, "") == ()


def test_escape_sequences_never_reach_the_reader(place: Place) -> None:
    talk = in_a_turn(place)
    text = ""
    for piece in ("[민수]: \x1b", "[31m빨강\x1b[0m\x1b]0;t", "\x07 끝\u202e"):
        update = {
            "sessionUpdate": "agent_message_chunk",
            "content": {"type": "text", "text": piece},
        }
        line = {"method": "session/update", "params": {"sessionId": "s", "update": update}}
        text += "".join(e.text for e in talk.read(json.dumps(line).encode()).events)  # type: ignore[union-attr]
    assert text == "[민수]: 빨강 끝"


def test_an_end_without_usage_is_not_called_complete(place: Place) -> None:
    empty = b'{"jsonrpc":"2.0","id":3,"result":{"stopReason":"end_turn","_meta":{"quota":{}}}}'
    assert in_a_turn(place).read(empty).events == (Finished(stop="unknown"),)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ({"code": 429, "message": "Rate limit exceeded. Try again later."}, "quota"),
        ({"code": 403, "message": "no"}, "key_refused"),
        (
            {"code": 400, "message": "API key not valid. Please pass a valid API key."},
            "key_refused",
        ),
        ({"code": 400, "message": "The input token count exceeds the maximum"}, "too_long"),
        ({"code": 404, "message": "models/x is not found"}, "bad_model"),
        ({"code": 503, "message": "The model is overloaded."}, "overloaded"),
        ({"code": 500, "message": "fetch failed"}, "network"),
        ({"code": 500, "message": "terminated"}, "network"),
        ({"code": -32000, "message": "getaddrinfo ENOTFOUND cloudcode-pa"}, "network"),
        ({"code": -32000, "message": "Authentication required."}, "signed_out"),
        ({"code": "x", "message": None}, "crashed"),
    ],
)
def test_an_error_has_its_code(error: dict[str, object], code: str) -> None:
    assert refusal(error, text_came=False).code == code


def test_the_time_a_limit_is_lifted_is_told() -> None:
    inner = {"code": 429, "message": "wait", "details": [{"retryDelay": "2.5s"}]}
    found = refusal({"code": 429, "message": json.dumps({"error": inner})}, text_came=False)
    assert found.retry_at is not None
    assert found.detail == "wait"


def test_an_end_of_the_process_is_told_with_its_last_words() -> None:
    assert crash(41, "").code == "signed_out"
    told = crash(1, "first\nlast words\n")
    assert (told.code, told.detail, told.exit_code) == ("crashed", "last words", 1)


def test_nothing_of_the_story_is_in_the_command_line(place: Place) -> None:
    request = a_request("비밀-이야기", system="비밀-지시", model="-x")
    started = command(place, request)
    assert "비밀" not in str((started.argv, started.env))
    assert "--model=-x" in started.argv
    assert {file.path.name: file.text for file in started.files}["system.md"] == "비밀-지시"
    assert all(place.temp in file.path.parents for file in started.files)


def test_only_the_sign_in_of_the_person_is_lent(place: Place) -> None:
    theirs = choose(place, "oauth-personal")
    for name in ("oauth_creds.json", ".env", "GEMINI.md", "trustedFolders.json"):
        (theirs / name).write_text(name)
    started = command(place, a_request())
    home = place.temp / "h"
    links = {path.relative_to(home).as_posix() for path in home.rglob("*") if path.is_symlink()}
    assert links == {".gemini/oauth_creds.json", ".env"}
    written = {file.path.name: file.text for file in started.files}
    assert json.loads(written["settings.json"])["security"]["auth"] == {
        "selectedType": "oauth-personal"
    }


def test_where_no_link_can_be_made_the_cli_is_not_started(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    (choose(place, "oauth-personal") / "oauth_creds.json").write_text("{}")

    def refused(*_: object) -> None:
        raise OSError(1, "no right")

    monkeypatch.setattr(Path, "symlink_to", refused)
    with pytest.raises(Trouble) as trouble:
        command(place, a_request())
    assert trouble.value.problem.code == "unsafe_setup"


def test_the_state_of_the_sign_in_is_known_without_asking_anyone(place: Place) -> None:
    assert signed_in(place, {}) == ("signed_out", "")
    assert signed_in(place, {"GEMINI_API_KEY": "k"}) == ("ready", "api key")
    theirs = choose(place, "gemini-api-key")
    assert signed_in(place, {}) == ("installed", "api key")
    (theirs / ".env").write_text("# mine\nexport GEMINI_API_KEY = 'k'\n")
    assert signed_in(place, {}) == ("ready", "api key")
    choose(place, "oauth-personal")
    assert signed_in(place, {}) == ("installed", "google")
    (theirs / "oauth_creds.json").write_text("{}")
    assert signed_in(place, {}) == ("ready", "google")


def test_a_model_that_goes_on_calling_tools_is_stopped(place: Place) -> None:
    talk = GeminiTalk(place)
    talk.begin(a_request())
    talk.read(b'{"jsonrpc":"2.0","id":1,"result":{}}')
    talk.ask(a_request())
    talk.read(b'{"jsonrpc":"2.0","id":2,"result":{"sessionId":"s1"}}')
    update = {"sessionUpdate": "tool_call", "title": "shell"}
    call = {"method": "session/update", "params": {"sessionId": "s1", "update": update}}
    steps = [talk.read(json.dumps(call).encode()) for _ in range(4)]
    assert [step.events for step in steps[:3]] == [(ToolBlocked(name="shell"),)] * 3
    assert steps[3].events[-1] == Finished(stop="unknown")
    assert b"session/cancel" in steps[3].write[0]
    assert not talk.reusable
    assert not talk.fresh
    assert not talk.holds("s1")
