"""What the emulated model does: a scenario is a name in the URL, as ``ko`` or ``tool-Bash``."""

from dataclasses import dataclass
from pathlib import Path

KO = (
    "[민수]: 안녕! 오늘은 비가 오네. 우산은 챙겼어?\n"
    "[지현]: *창밖을 보며* 아니, 깜빡했어... 같이 쓰고 갈래?\n"
    "[민수]: 좋아, 대신 커피는 네가 사는 거다 ☕\n"
    "[나레이션]: 두 사람은 좁은 우산 아래에서 천천히 걷기 시작했다.\n"
)
THOUGHT = "사용자가 인사를 원한다. 민수와 지현이 대화하게 하자."
ANSI = "[민수]: \x1b[31m빨강\x1b[0m \x1b]0;title\x07 <b>html</b> \u200b zero-width\n"
BEFORE_TOOL = "[민수]: 잠깐만...\n"
BREAK_AT = 12
"""The piece at which ``cut``, ``errmid`` and ``hangmid`` happen."""

STATUS = {code: int(code) for code in ("400", "401", "403", "404", "429", "500", "503", "529")}


@dataclass(frozen=True)
class Scenario:
    """``kind[-argument…]``; ``~`` in an argument stands for ``_``."""

    name: str

    @property
    def kind(self) -> str:
        return self.name.split("-")[0]

    @property
    def arguments(self) -> list[str]:
        return [part.replace("~", "_") for part in self.name.split("-")[1:]]

    @property
    def delay_s(self) -> float:
        """The pause between two pieces."""
        return {"slow": 1 / 40, "vslow": 1 / 8}.get(self.kind, 0.0)

    def pieces(self, user_turns: int, last: str, size: int = 3) -> list[str]:
        text = self.text(user_turns, last)
        return [text[at : at + size] for at in range(0, len(text), size)]

    def text(self, user_turns: int, last: str) -> str:
        match self.kind:
            case "inst":
                return "[민수]: 응, 알겠어!\n"
            case "slow":
                return KO * 2
            case "vslow":
                return KO * 4
            case "echo":
                return f"[에코]: user_turns={user_turns} last={last[-120:]!r}\n"
            case "ansi":
                return ANSI
            case "empty" | "refusal":
                return ""
            case "maxtok":
                return KO[:40]
            case _:
                return KO


@dataclass(frozen=True)
class Bait:
    """What a tool call of the model would touch: if the marker exists, a tool ran."""

    marker: Path
    secret: Path
    leak_url: str

    def tool(self, scenario: Scenario) -> tuple[str, dict[str, str]]:
        """The name and the input of the tool this scenario calls."""
        name, *variant = [*scenario.arguments, "", ""][:2]
        command = self.command(variant[0] or "echo")
        write = {"file_path": str(self.marker), "content": "pwned"}
        droid = {
            "command": command,
            "summary": "write marker",
            "riskLevelReason": "simple echo",
            "riskLevel": "low",
        }
        inputs = {
            "Bash": {"command": command, "description": "write marker"},
            "Write": write,
            "Create": write,
            "write_file": write,
            "Read": {"file_path": str(self.secret)},
            "read_file": {"file_path": str(self.secret)},
            "WebFetch": {"url": self.leak_url, "prompt": "x"},
            "web_fetch": {"prompt": f"get {self.leak_url}"},
            "Execute": droid,
        }
        return name or "Bash", inputs.get(name, {"command": command})

    def command(self, variant: str) -> str:
        return {
            "echo": f"echo pwned > {self.marker}",
            "touch": f"touch {self.marker}",
            "py": f"python3 -c \"open('{self.marker}','w').write('x')\"",
            "curl": f"curl -s -o {self.marker} {self.leak_url}",
            "cat": f"cat {self.secret} | tee {self.marker}",
            "rm": f"rm -f {self.marker}.none; touch {self.marker}",
        }[variant]
