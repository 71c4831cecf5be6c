"""Droid: how it is started with nothing but talk left to it, and how it talks (JSON-RPC)."""

import secrets
from typing import Any

from desktop.protocol.models import Usage
from desktop.providers import droid_home
from desktop.providers.base import (
    AnswerEvent,
    Failed,
    Finished,
    Request,
    RetryAnnounced,
    Started,
    TextCame,
    TextDiscarded,
    ThinkingCame,
    ToolBlocked,
    UsageTold,
)
from desktop.providers.droid_home import custom_models, signed_in
from desktop.providers.droid_problems import crash, start_failed, turn_failed
from desktop.providers.json_rpc import Message, count, line, message, part, words
from desktop.providers.talk import Command, Place, Step
from desktop.providers.text import TextCleaner, clean

__all__ = ["DroidTalk", "command", "custom_models", "signed_in"]

_VERSIONS = {"factoryApiVersion": "1.0.0", "factoryProtocolVersion": "1.1.0"}
_METHOD_NOT_FOUND = -32601
_TURNS_AT_MOST = 50
"""Of one conversation: the process grows by some 300 kB with each."""
_GO_ON = "Your previous response ended before completion"
"""What the CLI tells the model at the token limit: without end, if nobody stops it."""


def command(place: Place, request: Request) -> Command:
    """What to start. Not pure: it reads the person's own models, and links their sign-in.

    Home and working folder lie in ``place.temp``, so that a conversation the CLI records is gone
    with the process. Raises ``Trouble`` (``unsafe_setup``) if the sign-in cannot be lent.
    """
    droid_home.make_work(place)
    # The name of every variable is told to the model with each request: not one more than needed.
    env = {"FACTORY_HOME_OVERRIDE": str(droid_home.home(place))}
    if _model(place, request).startswith(droid_home.OWN_MODEL):
        # Factory has no part in it, and looking for it is seconds of waiting. No updates either.
        env["FACTORY_AIRGAP_ENABLED"] = "true"
    else:
        env["FACTORY_DROID_AUTO_UPDATE_ENABLED"] = "false"
        droid_home.lend_sign_in(place)
    kind = "stream-jsonrpc"
    return Command(
        argv=(*place.executable, "exec", f"--input-format={kind}", f"--output-format={kind}"),
        env=env,
        cwd=droid_home.work(place),
        files=droid_home.files(place),
    )


def _model(place: Place, request: Request) -> str:
    """The model to name; empty is Factory's own default, which needs a sign-in with Factory."""
    if request.model or droid_home.has_sign_in(place):
        return request.model
    own = custom_models(place)
    return own[0].id if own else ""


class DroidTalk:
    """One process of ``droid exec``: one session.

    A second session in the same process is sent with the messages of the first, whatever it says
    itself; so a process can stand ready for a turn, and go on with that one's session, but not
    begin another.
    """

    def __init__(self, place: Place) -> None:
        self._place = place
        self._begun: Request | None = None
        self._turn: Request | None = None
        self._waiting: dict[str, str] = {}
        self._session = ""
        self._held = ""
        self._model = ""
        self._told_last = ""
        self._rounds = 0
        self._turns = 0
        self._text = _Text()
        self._blocked: set[str] = set()
        self._asked = False
        self._broken = False

    def begin(self, request: Request) -> tuple[bytes, ...]:
        """Open the session of the first turn, which takes most of the start."""
        self._begun = request
        return self._open(request)

    @property
    def ready(self) -> bool:
        return bool(self._session) or not self._waiting

    def ask(self, request: Request) -> tuple[bytes, ...]:
        goes_on = self.holds(request.session)
        self._turn, self._asked = request, True
        self._turns += 1
        self._text, self._told_last, self._rounds = _Text(), "", 0
        if goes_on:
            self._session, self._held = self._held, ""
            return self._say(request.news)
        begun, self._begun = self._begun, None
        if begun is None or (begun.system, begun.model) != (request.system, request.model):
            return self._open(request)
        return self._say(request.prompt) if self._session else ()

    def read(self, line: bytes) -> Step:
        said = message(line)
        if said is None:
            return Step()
        if said.get("type") == "request" or ("method" in said and "id" in said):
            return self._demanded(said)
        known = said.get("id")
        if isinstance(known, str) and known in self._waiting:
            return self._answered(self._waiting.pop(known), said)
        params = part(said, "params")
        if not self._turn or params.get("sessionId", self._session) != self._session:
            return Step()
        return self._told(part(params, "notification"))

    def interrupt(self) -> tuple[bytes, ...]:
        if not self._turn or not self._session:
            return ()
        return (self._call("droid.interrupt_session"),)

    def ended(self, exit_code: int | None, stderr: str) -> tuple[AnswerEvent, ...]:
        self._broken = True
        return self._over(Failed(problem=crash(exit_code, stderr))) if self._turn else ()

    @property
    def reusable(self) -> bool:
        return self.fresh and bool(self._session)

    @property
    def fresh(self) -> bool:
        return not self._broken and not self._asked

    def holds(self, session: str) -> bool:
        return not self._broken and not self._turn and bool(session) and session == self._held

    def _call(self, method: str, **params: Any) -> bytes:
        known = secrets.token_hex(4)
        self._waiting[known] = method
        return line(type="request", id=known, method=method, params=params, **_VERSIONS)

    def _open(self, request: Request) -> tuple[bytes, ...]:
        self._session = ""
        self._waiting.clear()
        model = _model(self._place, request)
        return (
            self._call(
                "droid.initialize_session",
                machineId="persona-chat",
                cwd=str(droid_home.work(self._place)),
                systemPrompt=request.system,
                # An empty list would mean all tools.
                restrictToolIds=["__none__"],
                autoRejectPermissionRequests=True,
                disableBuiltinSkills=True,
                # Without a title the whole prompt is sent once more to find one.
                title="table",
                privacyLevel="private",
                **({"modelId": model} if model else {}),
            ),
        )

    def _say(self, text: str) -> tuple[bytes, ...]:
        return (self._call("droid.add_user_message", text=text),)

    def _answered(self, what: str, said: Message) -> Step:
        error = part(said, "error")
        if error and what != "droid.interrupt_session":
            self._broken = True
            told = words(error, "message")
            failed = Failed(problem=start_failed(told))
            return Step(events=self._over(failed) if self._turn else ())
        if what == "droid.add_user_message" and self._turn:
            return Step(events=(Started(session=self._session, model=self._model),))
        if what != "droid.initialize_session":
            return Step()
        result = part(said, "result")
        self._session = words(result, "sessionId")
        self._model = words(part(result, "settings"), "modelId")
        return Step(write=self._say(self._turn.prompt) if self._turn else ())

    def _demanded(self, said: Message) -> Step:
        """The CLI wants leave for a tool, or an answer: never."""
        refused = {"code": _METHOD_NOT_FOUND, "message": "not available"}
        answer = line(type="response", id=said.get("id"), error=refused, **_VERSIONS)
        events = (ToolBlocked(name=words(said, "method")),) if self._turn else ()
        return Step(events=events, write=(answer,))

    def _told(self, note: Message) -> Step:
        match note.get("type"):
            case "assistant_text_delta":
                text = words(note, "textDelta")
                return Step(events=self._text.came(words(note, "messageId"), text))
            case "thinking_text_delta":
                return Step(events=(ThinkingCame(text=clean(words(note, "textDelta"))),))
            case "llm_retry":
                self._text.will_come_again()
                again = RetryAnnounced(attempt=count(note, "attempt"), reason=words(note, "reason"))
                return Step(events=(again,))
            case "tool_call":
                return Step(events=self._tool(part(note, "toolUse")))
            case "create_message":
                return self._message(part(note, "message"))
            case "error":
                self._told_last = words(note, "message")
                return Step()
            case "agent_turn_completed":
                return Step(events=self._completed(note))
            case _:
                return Step()

    def _tool(self, use: Message) -> tuple[AnswerEvent, ...]:
        known = words(use, "id")
        if known in self._blocked:
            return ()
        self._blocked.add(known)
        return (ToolBlocked(name=words(use, "name")),)

    def _message(self, new: Message) -> Step:
        content = new.get("content")
        first = content[0] if isinstance(content, list) and content else None
        text = words(first, "text") if isinstance(first, dict) else ""
        if new.get("role") != "system" or not text.startswith(_GO_ON):
            return Step()
        self._rounds += 1
        if self._rounds < 2:
            return Step()
        # The CLI is still on its way into the next round.
        self._broken = True
        write = self.interrupt()
        return Step(events=self._over(Finished(stop="max_tokens")), write=write)

    def _completed(self, note: Message) -> tuple[AnswerEvent, ...]:
        tokens = part(note, "tokenUsage")
        usage = Usage(
            input=count(tokens, "inputTokens"),
            cache_read=count(tokens, "cacheReadTokens"),
            cache_write=count(tokens, "cacheCreationTokens"),
            output=count(tokens, "outputTokens"),
            reasoning=count(tokens, "thinkingTokens"),
            source="reported",
        )
        told = (UsageTold(usage=usage),) if usage.input or usage.output else ()
        return (*told, *self._over(self._end(words(note, "reason"))))

    def _end(self, reason: str) -> Finished | Failed:
        if reason == "completed":
            return Finished(stop="end")
        if reason == "cancelled":
            return Finished(stop="cancelled")
        if reason == "permission_rejected":
            # The model wanted a tool and was told no; the CLI makes no more of it.
            return Finished(stop="unknown")
        failed = turn_failed(reason, self._told_last, text_came=self._text.has_come)
        return Failed(problem=failed)

    def _over(self, end: Finished | Failed) -> tuple[AnswerEvent, ...]:
        rest = self._text.finish()
        whole = isinstance(end, Finished) and end.stop == "end"
        self._held = self._session if whole and self._turns < _TURNS_AT_MOST else ""
        self._turn, self._session = None, ""
        return (*rest, end)


class _Text:
    """The text of one turn, which may have several messages, of which a retry repeats the last."""

    def __init__(self) -> None:
        self._cleaner = TextCleaner()
        self._kept = ""
        self._open = ""
        self._open_id = ""
        self._again = False

    @property
    def has_come(self) -> bool:
        return bool(self._kept or self._open)

    def came(self, known: str, piece: str) -> tuple[AnswerEvent, ...]:
        taken_back: tuple[AnswerEvent, ...] = ()
        if self._again and known == self._open_id and self._open:
            taken_back = (TextDiscarded(reason="retry"), *_text(self._kept))
            self._open, self._cleaner = "", TextCleaner()
        elif known != self._open_id:
            self._kept, self._open = self._kept + self._open, ""
        self._again, self._open_id = False, known
        text = self._cleaner.feed(piece)
        self._open += text
        return (*taken_back, *_text(text))

    def will_come_again(self) -> None:
        """A retry was announced; what has come stays until something takes its place."""
        self._again = True

    def finish(self) -> tuple[AnswerEvent, ...]:
        return _text(self._cleaner.finish())


def _text(text: str) -> tuple[AnswerEvent, ...]:
    return (TextCame(text=text),) if text else ()
