"""The words of the command line and what they mean."""

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple


class Options(NamedTuple):
    """``command`` is empty for the window, else the name of one of its parsers."""

    command: str = ""
    data_dir: str = ""
    profile: str = ""
    no_sandbox: bool = False
    verbose: bool = False
    json: bool = False
    text: str = ""
    room: str = ""
    provider: str = ""
    screenshot: Path | None = None
    out: Path | None = None
    book_format: str = ""
    dialogue: str = ""
    in_character: bool = False
    dice_record: bool = False
    file: Path | None = None
    file_format: str = ""
    rooms: tuple[str, ...] = ()
    path_only: bool = False
    library: bool = False
    dry_run: bool = False
    into: str = ""
    duplicates: str = ""
    passphrase: bool = False
    without_messages: bool = False


def parse(arguments: Sequence[str], version: str) -> Options:
    """Read the arguments. Ends the program itself for ``--help``, ``--version`` and mistakes."""
    parsed = vars(_parser(version).parse_args(arguments))
    return Options(**{name: parsed[name] for name in Options._fields if parsed.get(name)})


def _parser(version: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="persona-chat",
        description="A table for stories with several AI characters. Opens the window.",
    )
    parser.add_argument("--version", action="version", version=f"Persona Chat {version}")
    parser.add_argument(
        "--data-dir", metavar="DIR", help="keep everything in DIR instead of the usual folders"
    )
    parser.add_argument(
        "--profile",
        metavar="NAME",
        help="the profile by its name, number or id; the one shown last if left out",
    )
    parser.add_argument(
        "--no-sandbox",
        action="store_true",
        help="turn the web engine's sandbox off; only for root in a container, who cannot have it",
    )
    parser.add_argument("--verbose", action="store_true", help="write the log to stderr as well")
    commands = parser.add_subparsers(dest="command", metavar="")

    say = commands.add_parser("say", help="play one turn in the terminal")
    say.add_argument("text", help="what you say")
    say.add_argument("--room", help="the room's id or its exact title; the last one if left out")
    say.add_argument("--provider", help="who answers this time, for example storyteller or claude")
    say.add_argument("--json", action="store_true", help="one event a line, as JSON")

    book = commands.add_parser("book", help="save a room's story as a book")
    book.add_argument("room", help="the room's id or its exact title")
    book.add_argument("--out", type=Path, metavar="FILE", required=True)
    book.add_argument(
        "--format",
        dest="book_format",
        choices=("epub", "html", "docx", "markdown", "text"),
        default="epub",
        help="epub if left out; a PDF is printed by the window",
    )
    book.add_argument(
        "--dialogue", choices=("quotes", "corner", "script"), help="how speech is set"
    )
    book.add_argument("--in-character", action="store_true", help="leave dice and notes out")
    book.add_argument("--dice-record", action="store_true", help="every roll, at the end")

    _add_transfer(commands)

    doctor = commands.add_parser("doctor", help="tell versions, folders and how each CLI stands")
    doctor.add_argument("--json", action="store_true", help="the same as JSON")

    demo = commands.add_parser(
        "demo", help="open the window, play one practice turn, print it and exit"
    )
    demo.add_argument("--play-turn", dest="text", metavar="TEXT", default="")
    demo.add_argument("--screenshot", type=Path, metavar="FILE", help="save the window as a PNG")
    return parser


def _add_transfer(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    export = commands.add_parser("export", help="write rooms into a file")
    export.add_argument("--out", type=Path, metavar="FILE", required=True)
    export.add_argument(
        "--room",
        dest="rooms",
        action="append",
        metavar="ROOM",
        help="a room's id or its exact title, as often as you like; all rooms if left out",
    )
    export.add_argument("--format", dest="file_format", default="persona_json", metavar="NAME")
    export.add_argument(
        "--path-only", action="store_true", help="only the path each room shows, no other branches"
    )
    export.add_argument("--library", action="store_true", help="with the library")
    export.add_argument(
        "--without-messages", action="store_true", help="stages and tokens only, no word of a story"
    )
    export.add_argument(
        "--passphrase", action="store_true", help="lock the file in the age format; asks for it"
    )
    export.add_argument("--json", action="store_true", help="how it ended, as JSON")

    bring_in = commands.add_parser("import", help="bring rooms in from a file")
    bring_in.add_argument("file", type=Path)
    bring_in.add_argument("--dry-run", action="store_true", help="look only, and store nothing")
    bring_in.add_argument(
        "--into", metavar="ROOM", help="let this room go on, instead of making new ones"
    )
    bring_in.add_argument("--duplicates", choices=("skip", "add"), default="skip")
    bring_in.add_argument("--json", action="store_true", help="the receipt as JSON")
