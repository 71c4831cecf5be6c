"""Claude Code: how it is started locked down, and how its stream of JSON is read."""

import re
from collections.abc import Mapping

import msgspec
from msgspec.structs import replace

from desktop.protocol.base import DurationMs
from desktop.protocol.models import Usage
from desktop.protocol.problems import ProblemCode, problem
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
from desktop.providers.claude_results import message_usage, problem_of, stop_reason, turn_usage
from desktop.providers.cli import Dialect
from desktop.providers.json_lines import Fields, fields, items, number, parsed, text, whole
from desktop.providers.process import Processes
from desktop.providers.sign_in import SignIn
from desktop.providers.spent import added
from desktop.providers.talk import Command, Place, Step
from desktop.providers.text import TextCleaner

MOST_TOOL_CALLS = 3
"""A model that goes on calling tools it does not have is stopped; each call is paid for."""

# They are given to every version: one that does not know a flag refuses to start, and that is
# what we want of it. Some overlap, so that one that changes its meaning opens nothing.
_LOCKED = (
    *("-p", "--input-format", "stream-json", "--output-format", "stream-json"),
    *("--verbose", "--include-partial-messages"),
    *("--tools", ""),  # no tool at all
    *("--setting-sources", ""),  # no hooks, no env, no apiKeyHelper, no CLAUDE.md
    "--strict-mcp-config",  # no MCP server, since none is given here
    "--disable-slash-commands",
    "--no-session-persistence",
)
_ENV = {
    # Without it `@/some/file` in what a player says is read and sent, also with no tools.
    "CLAUDE_CODE_DISABLE_ATTACHMENTS": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1",
    # A conversation that is kept alive is not retold by the model, in words for programmers and
    # for money, whatever its length.
    "DISABLE_AUTO_COMPACT": "1",
    "DISABLE_COMPACT": "1",
    "ENABLE_CLAUDEAI_MCP_SERVERS": "false",
    "CLAUDE_CODE_MAX_RETRIES": "1",
    "API_TIMEOUT_MS": "60000",
}
_CLIENT_COMPOSED = (2, 1, 248)
"""From here on a message can be marked as composed by a program: nothing in it is expanded."""


def command(place: Place, request: Request) -> Command:
    """Every tool, setting, hook, server and file mention is off; the prompts go over stdin."""
    model = (f"--model={request.model}",) if request.model else ()
    return Command(argv=(*place.executable, *_LOCKED, *model), env=dict(_ENV), cwd=place.work)


async def signed_in(place: Place, env: Mapping[str, str], processes: Processes) -> SignIn:
    """Asks ``claude auth status``, which reads the local sign-in only."""
    argv = (*place.executable, "auth", "status")
    ran = await processes.run(argv, env={**env, **_ENV}, cwd=place.work, timeout_s=6)
    told = parsed(ran.stdout.encode())
    if not isinstance(told.get("loggedIn"), bool):
        return SignIn(signed_in=None)
    kind = text(told.get("subscriptionType")) or text(told.get("authMethod"))
    account = {"api_key": "api key", "none": ""}.get(kind, kind)
    return SignIn(signed_in=told["loggedIn"], account=account)


class ClaudeTalk:
    """The stream-json dialogue with one process."""

    def __init__(self, place: Place) -> None:
        self._composes = _version(place.version) >= _CLIENT_COMPOSED
        self._turns = 0
        self._session = ""
        self._failed = False
        self._runs_on = False
        self._cost = 0.0
        self._turn: _Turn | None = None

    def begin(self, request: Request) -> tuple[bytes, ...]:
        return (_control("begin", {"subtype": "initialize", "systemPrompt": request.system}),)

    @property
    def ready(self) -> bool:
        """Always: what is written early waits in the pipe."""
        return not self._failed

    def ask(self, request: Request) -> tuple[bytes, ...]:
        said = request.news if self.holds(request.session) else request.prompt
        self._turns += 1
        self._turn = _Turn()
        if not self._composes and said.startswith("/"):
            said = " " + said  # an older version would take it for a command of its own
        return (
            _line(
                {
                    "type": "user",
                    "client_composed": True,
                    "message": {"role": "user", "content": said},
                }
            ),
        )

    def read(self, line: bytes) -> Step:
        told = parsed(line)
        kind = text(told.get("type"))
        if kind == "control_request":
            return _refusal(told)
        if kind == "control_response" and self._begin_failed(told):
            self._failed = True
            detail = text(fields(told.get("response")).get("error"))
            return self._end(Failed(problem=problem("crashed", detail=detail)))
        if self._turn is None:
            return Step()
        if kind == "result":
            return self._result(self._turn, told)
        events = self._turn.read(kind, told)
        if kind == "system" and told.get("subtype") == "init":
            self._session = text(told.get("session_id"))
        if events and isinstance(events[-1], Finished | Failed):
            self._failed = self._runs_on = True
            self._turn = None
        return Step(events=events)

    def interrupt(self) -> tuple[bytes, ...]:
        if self._turn is None and not self._runs_on:
            return ()
        return (_control(f"stop{self._turns}", {"subtype": "interrupt"}),)

    def ended(self, exit_code: int | None, stderr: str) -> tuple[AnswerEvent, ...]:
        turn, self._turn, self._failed = self._turn, None, True
        if turn is None:
            return ()
        code: ProblemCode = "cut_off" if turn.text or exit_code == 0 else "crashed"
        if "unknown option" in stderr:
            code = "unsafe_setup"  # a version without one of the locks
        return (Failed(problem=problem(code, detail=stderr[-500:], exit_code=exit_code)),)

    @property
    def reusable(self) -> bool:
        return not self._failed and self._turn is None

    @property
    def fresh(self) -> bool:
        """A process has one conversation."""
        return not self._failed and self._turns == 0

    def holds(self, session: str) -> bool:
        return self.reusable and bool(session) and session == self._session

    def _begin_failed(self, told: Fields) -> bool:
        response = fields(told.get("response"))
        return response.get("request_id") == "begin" and response.get("subtype") == "error"

    def _result(self, turn: "_Turn", told: Fields) -> Step:
        usage = turn_usage(told, self._cost)
        self._cost = number(told.get("total_cost_usd")) or self._cost
        return self._end(UsageTold(usage=usage), turn.end(told))

    def _end(self, *events: AnswerEvent) -> Step:
        if self._turn is None:
            return Step()
        self._turn = None
        return Step(events=events)


class _Turn:
    """What has come of one answer, block by block, so that part of it can be taken back."""

    def __init__(self) -> None:
        self._blocks: dict[tuple[str, int], str] = {}
        self._streamed: set[str] = set()
        self._message = ""
        self._cleaner = TextCleaner()
        self._tools: set[str] = set()
        self._error: Fields = {}
        self._resets_at = 0
        self._asked = Usage()

    @property
    def text(self) -> str:
        return "".join(self._blocks.values())

    def read(self, kind: str, told: Fields) -> tuple[AnswerEvent, ...]:
        match kind:
            case "stream_event":
                return self._streamed_event(told, fields(told.get("event")))
            case "assistant":
                return self._assistant(told, fields(told.get("message")))
            case "user" if told.get("refused_message_id"):
                return self._taken_back(text(told["refused_message_id"]), 0, "refusal")
            case "system":
                return self._system(text(told.get("subtype")), told)
            case "rate_limit_event":
                info = fields(told.get("rate_limit_info"))
                if info.get("status") == "rejected":
                    self._resets_at = whole(info.get("resetsAt"))
        return ()

    def end(self, result: Fields) -> AnswerEvent:
        if text(result.get("terminal_reason")).startswith("aborted"):
            return Finished(stop="cancelled")
        if not result.get("is_error"):
            return Finished(stop=stop_reason(text(result.get("stop_reason"))))
        if "max_output_tokens" in (result.get("api_error"), self._error.get("error")):
            return Finished(stop="max_tokens")
        return Failed(problem=problem_of(result, self._error, self._resets_at))

    def _system(self, subtype: str, told: Fields) -> tuple[AnswerEvent, ...]:
        match subtype:
            case "init":
                if told.get("tools"):
                    return (Failed(problem=problem("unsafe_setup")),)
                session, model = text(told.get("session_id")), text(told.get("model"))
                return (Started(session=session, model=model),)
            case "thinking_tokens":
                return (ThinkingCame(),)
            case "api_retry":
                wait = told.get("retry_delay_ms")
                reason = told.get("error_status") or text(told.get("error"))
                return (
                    RetryAnnounced(
                        attempt=whole(told.get("attempt")),
                        wait_ms=None if wait is None else DurationMs(whole(wait)),
                        reason=str(reason)[:100],
                    ),
                )
        return ()

    def _streamed_event(self, told: Fields, event: Fields) -> tuple[AnswerEvent, ...]:
        index = whole(event.get("index"))
        match text(event.get("type")):
            case "message_start":
                message = fields(event.get("message"))
                self._message = text(message.get("id"))
                self._streamed.add(self._message)
                asked = message_usage(fields(message.get("usage")))
                self._asked = added(self._asked, replace(asked, output=0))
                return (UsageTold(usage=self._asked, final=False),) if self._asked.input else ()
            case "content_block_start":
                return self._tool_called(fields(event.get("content_block")))
            case "content_block_delta":
                return self._delta(index, fields(event.get("delta")))
            case "message_delta":
                stop = text(fields(event.get("delta")).get("stop_reason"))
                # Claude Code would now tell the model to go on, three times over.
                if stop_reason(stop) == "max_tokens":
                    told_now = message_usage(fields(event.get("usage")))
                    # Its counts are those of this message alone, and not all of them are told.
                    usage = replace(self._asked, output=told_now.output)
                    return (UsageTold(usage=usage), Finished(stop="max_tokens"))
            case "message_stop" if gone := fields(told.get("abandoned_blocks")):
                first = whole(gone.get("from_block_index"))
                return self._taken_back(text(gone.get("api_message_id")), first, "cut")
        return ()

    def _delta(self, index: int, delta: Fields) -> tuple[AnswerEvent, ...]:
        match text(delta.get("type")):
            case "text_delta":
                return self._text((self._message, index), text(delta.get("text")))
            case "thinking_delta":
                return (ThinkingCame(text=TextCleaner().feed(text(delta.get("thinking")))),)
        return ()

    def _text(self, block: tuple[str, int], piece: str) -> tuple[AnswerEvent, ...]:
        came = self._cleaner.feed(piece)
        if not came:
            return ()
        self._blocks[block] = self._blocks.get(block, "") + came
        return (TextCame(text=came),)

    def _assistant(self, told: Fields, message: Fields) -> tuple[AnswerEvent, ...]:
        """A whole message: an error in words, or what a retry without streaming brought."""
        if told.get("is_api_error_message") or message.get("model") == "<synthetic>":
            self._error = told
            return ()
        name = text(message.get("id"))
        events: list[AnswerEvent] = []
        for index, block in enumerate(items(message.get("content"))):
            events += self._tool_called(block)
            if name not in self._streamed and block.get("type") == "text":
                events += self._text((name, index), text(block.get("text")))
        return tuple(events)

    def _tool_called(self, block: Fields) -> tuple[AnswerEvent, ...]:
        if not text(block.get("type")).endswith("tool_use") or text(block.get("id")) in self._tools:
            return ()
        self._tools.add(text(block.get("id")))
        blocked = ToolBlocked(name=text(block.get("name"))[:100])
        if len(self._tools) > MOST_TOOL_CALLS:
            return (blocked, Finished(stop="unknown"))
        return (blocked,)

    def _taken_back(self, message: str, first: int, reason: str) -> tuple[AnswerEvent, ...]:
        gone = [key for key in self._blocks if key[0] == message and key[1] >= first]
        if not gone:
            return ()
        for key in gone:
            del self._blocks[key]
        self._cleaner = TextCleaner()
        kept = self.text
        again = (TextCame(text=kept),) if kept else ()
        return (TextDiscarded(reason=reason), *again)


DIALECT = Dialect(command, ClaudeTalk)


def _refusal(told: Fields) -> Step:
    """Claude Code asks us for something: a tool's permission, a hook. The answer is always no."""
    asked = fields(told.get("request"))
    response: Fields = {"request_id": told.get("request_id"), "subtype": "error", "error": "no"}
    if asked.get("subtype") != "can_use_tool":
        return Step(write=(_line({"type": "control_response", "response": response}),))
    denied = {"behavior": "deny", "message": "There are no tools here."}
    response |= {"subtype": "success", "response": denied}
    del response["error"]
    return Step(
        events=(ToolBlocked(name=text(asked.get("tool_name"))[:100]),),
        write=(_line({"type": "control_response", "response": response}),),
    )


def _control(name: str, request: Fields) -> bytes:
    return _line({"type": "control_request", "request_id": name, "request": request})


def _line(message: Fields) -> bytes:
    return msgspec.json.encode(message) + b"\n"


def _version(told: str) -> tuple[int, ...]:
    """Unknown counts as new: the locks are the same, only `/` needs help in old ones."""
    found = re.match(r"(\d+)\.(\d+)\.(\d+)", told)
    return tuple(map(int, found.groups())) if found else (9999,)
