"""Gemini CLI: how it is started with nothing but talk left to it, and how it talks (ACP)."""

from typing import Any

from desktop.protocol.models import Usage
from desktop.protocol.problems import problem
from desktop.providers import gemini_home
from desktop.providers.base import (
    AnswerEvent,
    Failed,
    Finished,
    Request,
    Started,
    StopReason,
    TextCame,
    ThinkingCame,
    ToolBlocked,
    UsageTold,
)
from desktop.providers.gemini_home import signed_in
from desktop.providers.gemini_problems import crash, refusal
from desktop.providers.json_rpc import Message, count, line, message, part, words
from desktop.providers.talk import Command, Place, Step
from desktop.providers.text import TextCleaner

__all__ = ["GeminiTalk", "command", "signed_in"]

_DEFAULT_MODEL = "flash"
"""Without a model every message costs another request that chooses one."""
_TURNS_AT_MOST = 50
"""Sessions are never freed: 150 of them doubled the memory of the process."""
_TOOL_CALLS_AT_MOST = 3
"""In one turn: a model that goes on calling tools it does not have is stopped."""
_METHOD_NOT_FOUND = -32601
_STOPS: dict[str, StopReason] = {
    "end_turn": "end",
    "max_tokens": "max_tokens",
    "refusal": "refusal",
    "cancelled": "cancelled",
}
_WANTS_SIGN_IN = b"https://accounts.google.com/o/oauth2/"
"""Where a Google sign-in no longer holds the CLI asks on its terminal for a new one, and takes
what we write for the answer; it then writes more lines, and waits for ever."""
_NO_COMMAND = "\u2060"
"""Invisible and no white space: put before what would be taken for a command."""


def command(place: Place, request: Request) -> Command:
    """What to start. Not pure: it reads which sign-in the person chose, and links it.

    The home it makes lies in ``place.temp``, so that a conversation the CLI records is gone
    with the process. Raises ``Trouble`` (``unsafe_setup``) if the sign-in cannot be lent.
    """
    gemini_home.lend_sign_in(place)
    return Command(
        argv=(
            *place.executable,
            "--acp",
            f"--model={request.model or _DEFAULT_MODEL}",
            f"--admin-policy={gemini_home.policy_file(place)}",
            "--allowed-mcp-server-names=none",
            "--extensions=none",
        ),
        env={
            "GEMINI_CLI_HOME": str(gemini_home.home(place)),
            # Else SIGTERM stays with a parent that does nothing.
            "GEMINI_CLI_NO_RELAUNCH": "true",
            # Nothing that lies in the working folder may have a say.
            "GEMINI_CLI_TRUST_WORKSPACE": "false",
            "GEMINI_SYSTEM_MD": str(gemini_home.system_file(place)),
            # Wins over the machine's own where it is heeded: only when root owns it.
            "GEMINI_CLI_SYSTEM_SETTINGS_PATH": str(gemini_home.settings_file(place)),
            # A sign-in that no longer holds is told, not mended by opening a browser.
            "NO_BROWSER": "true",
            "NO_COLOR": "1",
        },
        cwd=place.work,
        files=gemini_home.files(place, request.system),
    )


class GeminiTalk:
    """One process of ``gemini --acp``; a turn is a new session in it, or one that goes on.

    The next new session is opened while nobody asks: it takes longer than all the rest of a turn.
    The system prompt and the model are those of the start. A turn that brings another system
    prompt carries it before its own prompt; one that wants another model needs another process.
    """

    def __init__(self, place: Place) -> None:
        self._work = str(place.work)
        self._ids = 0
        self._initialized = False
        self._system = ""
        self._turn: Request | None = None
        self._waiting: dict[int, str] = {}
        self._session = ""
        self._opening = False
        self._ahead: Started | None = None
        """A session that was opened ahead of its turn."""
        self._untold: Started | None = None
        self._cleaner = TextCleaner()
        self._text_came = False
        self._tool_calls = 0
        self._turns = 0
        self._held: set[str] = set()
        self._broken = False
        self._wants_sign_in = False

    def begin(self, request: Request) -> tuple[bytes, ...]:
        self._system = request.system
        nothing = {"fs": {"readTextFile": False, "writeTextFile": False}, "terminal": False}
        return (self._call("initialize", protocolVersion=1, clientCapabilities=nothing),)

    @property
    def ready(self) -> bool:
        return self._initialized

    def ask(self, request: Request) -> tuple[bytes, ...]:
        goes_on = self.holds(request.session)
        self._turns += 1
        self._turn, self._session = request, ""
        self._cleaner, self._text_came, self._tool_calls = TextCleaner(), False, 0
        if goes_on:
            self._session = request.session
            return self._prompt(request.system, request.news)
        if not self._initialized or self._opening:
            return ()
        return self._use_ahead(request) if self._ahead else self._new_session()

    def read(self, line: bytes) -> Step:
        step = self._read(line)
        if self._untold is None:
            return step
        started, self._untold = self._untold, None
        return Step(events=(started, *step.events), write=step.write)

    def _read(self, line: bytes) -> Step:
        said = message(line)
        if said is None:
            return self._noise(line)
        if isinstance(said.get("method"), str):
            return self._demanded(said) if "id" in said else self._told(said)
        known = said.get("id")
        what = self._waiting.pop(known, "") if isinstance(known, int) else ""
        return self._answered(what, said) if what else Step()

    def interrupt(self) -> tuple[bytes, ...]:
        if not self._turn or not self._session:
            return ()
        return (line(method="session/cancel", params={"sessionId": self._session}),)

    def ended(self, exit_code: int | None, stderr: str) -> tuple[AnswerEvent, ...]:
        self._broken = True
        return self._over(Failed(problem=crash(exit_code, stderr))) if self._turn else ()

    @property
    def reusable(self) -> bool:
        return self.fresh and self._initialized

    @property
    def fresh(self) -> bool:
        return not self._broken and self._turns < _TURNS_AT_MOST and self._turn is None

    def holds(self, session: str) -> bool:
        return self.reusable and session in self._held

    def _call(self, method: str, **params: Any) -> bytes:
        self._ids += 1
        self._waiting[self._ids] = method
        return line(id=self._ids, method=method, params=params)

    def _new_session(self) -> tuple[bytes, ...]:
        self._opening = True
        return (self._call("session/new", cwd=self._work, mcpServers=[]),)

    def _use_ahead(self, turn: Request) -> tuple[bytes, ...]:
        assert self._ahead is not None
        self._session, self._untold, self._ahead = self._ahead.session, self._ahead, None
        return self._prompt(turn.system, turn.prompt)

    def _prompt(self, system: str, text: str) -> tuple[bytes, ...]:
        if system != self._system:
            text = f"{system}\n\n{text}"
        if not text.lstrip()[:1].isalnum():
            text = _NO_COMMAND + text
        prompt = [{"type": "text", "text": text}]
        return (self._call("session/prompt", sessionId=self._session, prompt=prompt),)

    def _answered(self, what: str, said: Message) -> Step:
        if what == "session/new":
            self._opening = False
        if "error" in said:
            self._broken = self._broken or what != "session/prompt"
            if not self._turn:
                return Step()
            problem = refusal(part(said, "error"), text_came=self._text_came)
            return Step(events=self._over(Failed(problem=problem)))
        result = part(said, "result")
        if what == "initialize":
            self._initialized = True
            return Step(write=self._new_session())
        if what == "session/new":
            return self._opened(result)
        if not self._turn:
            return Step()
        retained = self._turn.retain
        events = self._finished(result)
        wanted = not (retained or self._ahead or self._opening) and self.reusable
        return Step(events=events, write=self._new_session() if wanted else ())

    def _opened(self, result: Message) -> Step:
        model = words(part(result, "models"), "currentModelId")
        opened = Started(session=words(result, "sessionId"), model=model)
        if not opened.session:
            self._broken = True
            waits = self._turn is not None and not self._session
            failed = Failed(problem=problem("unreadable"))
            return Step(events=self._over(failed) if waits else ())
        if self._turn is None or self._session:
            self._ahead = opened
            return Step()
        self._session = opened.session
        return Step(events=(opened,), write=self._prompt(self._turn.system, self._turn.prompt))

    def _told(self, said: Message) -> Step:
        params = part(said, "params")
        if not self._turn or not self._session or params.get("sessionId") != self._session:
            return Step()
        update = part(params, "update")
        text = words(part(update, "content"), "text")
        match update.get("sessionUpdate"):
            case "agent_message_chunk":
                return Step(events=self._text(self._cleaner.feed(text)))
            case "agent_thought_chunk":
                return Step(events=(ThinkingCame(text=TextCleaner().feed(text)),))
            case "tool_call":
                return self._tool_called(words(update, "title") or words(update, "kind"))
            case _:
                return Step()

    def _tool_called(self, name: str) -> Step:
        self._tool_calls += 1
        blocked = ToolBlocked(name=name)
        if self._tool_calls <= _TOOL_CALLS_AT_MOST:
            return Step(events=(blocked,))
        self._broken = True
        write = self.interrupt()
        return Step(events=(blocked, *self._over(Finished(stop="unknown"))), write=write)

    def _text(self, text: str) -> tuple[AnswerEvent, ...]:
        if not text:
            return ()
        self._text_came = True
        return (TextCame(text=text),)

    def _noise(self, line: bytes) -> Step:
        if _WANTS_SIGN_IN in line:
            self._broken = self._wants_sign_in = True
        if not self._wants_sign_in or not self._turn:
            return Step()
        return Step(events=self._over(Failed(problem=problem("signed_out"))))

    def _demanded(self, said: Message) -> Step:
        """The CLI wants leave for a tool, a file or a terminal: never."""
        asked = words(said, "method")
        if asked == "session/request_permission":
            call = part(said, "params", "toolCall")
            name = words(call, "title") or words(call, "kind") or asked
            answer = line(id=said["id"], result={"outcome": {"outcome": "cancelled"}})
        else:
            name = asked
            refused = {"code": _METHOD_NOT_FOUND, "message": "not available"}
            answer = line(id=said["id"], error=refused)
        return Step(events=(ToolBlocked(name=name),) if self._turn else (), write=(answer,))

    def _finished(self, result: Message) -> tuple[AnswerEvent, ...]:
        quota = part(result, "_meta", "quota")
        tokens = part(quota, "token_count")
        usage = Usage(
            input=count(tokens, "input_tokens"),
            output=count(tokens, "output_tokens"),
            source="reported",
        )
        stop = _STOPS.get(words(result, "stopReason"), "unknown")
        if stop == "end" and not quota.get("model_usage"):
            # Blocked or empty answers come as a normal end too, only without usage.
            stop = "unknown"
        told = (UsageTold(usage=usage),) if usage.input or usage.output else ()
        return (*told, *self._over(Finished(stop=stop)))

    def _over(self, end: Finished | Failed) -> tuple[AnswerEvent, ...]:
        rest = self._text(self._cleaner.finish())
        whole = isinstance(end, Finished) and end.stop == "end"
        (self._held.add if whole else self._held.discard)(self._session)
        self._turn, self._session = None, ""
        return (*rest, end)
