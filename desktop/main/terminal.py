"""The commands that need no window: one turn in the terminal, and how things stand."""

import asyncio
import json
import sys
from pathlib import Path

from desktop.command_line.book import save_book
from desktop.command_line.doctor import lines
from desktop.command_line.options import Options
from desktop.command_line.printing import JsonPrinter, TextPrinter
from desktop.command_line.say import say as play
from desktop.command_line.transfer import bring_in, export, tell
from desktop.main.diagnosis import facts_of
from desktop.main.door import Door
from desktop.main.house import House, Outlet, build
from desktop.main.way_in import way_in
from desktop.paths import Paths
from desktop.protocol.events import AnyEvent
from desktop.protocol.problems import Trouble


async def say(options: Options, paths: Paths) -> int:
    """Stream one turn to stdout. 0 if it was answered to its end, else 1."""
    events: asyncio.Queue[AnyEvent] = asyncio.Queue()
    try:
        paths, door = await way_in(options, paths)
        house = await _quiet_house(paths, events, door)
    except Trouble as trouble:
        return _told(trouble)
    printer = JsonPrinter(sys.stdout) if options.json else TextPrinter(sys.stdout, sys.stderr)
    try:
        turn = await play(
            lambda name, params: house.handlers[name](params),
            events,
            printer.show,
            options.text,
            room=options.room,
            provider=options.provider,
        )
    except Trouble as trouble:
        return _told(trouble)
    finally:
        await house.close()
    return 0 if turn is None or turn.outcome == "complete" else 1


async def book(options: Options, paths: Paths) -> int:
    """Write a room's book where the options say. 0 if it stands there, else 1."""
    assert options.out is not None
    place = options.out.expanduser().absolute()

    async def given(_name: str) -> str:
        return str(place)

    try:
        paths, door = await way_in(options, paths)
        outlet = Outlet(lambda _: None, lambda: 0, lambda: 0, choose_save=given)
        house = await build(paths, outlet, recover=True, door=door)
    except Trouble as trouble:
        return _told(trouble)
    try:
        saved = await save_book(lambda name, params: house.handlers[name](params), options)
    except Trouble as trouble:
        return _told(trouble)
    finally:
        await house.close()
    sys.stdout.write(f"{place.parent / saved.name}\n")
    return 0


async def transfer(options: Options, paths: Paths) -> int:
    """Export or import what the options say. 0 if all of it was done, else 1."""
    place = (options.out or options.file or Path()).expanduser().absolute()

    async def file() -> str:
        return str(place)

    async def save(_name: str) -> str:
        return str(place)

    events: asyncio.Queue[AnyEvent] = asyncio.Queue()
    outlet = Outlet(events.put_nowait, lambda: 0, lambda: 0, choose_file=file, choose_save=save)
    try:
        paths, door = await way_in(options, paths)
        house = await build(paths, outlet, recover=True, door=door)
    except Trouble as trouble:
        return _told(trouble)
    act = export if options.command == "export" else bring_in
    try:
        job = await act(lambda name, params: house.handlers[name](params), events, options)
    except Trouble as trouble:
        return _told(trouble)
    finally:
        await house.close()
    assert job is not None
    return tell(job, sys.stdout, sys.stderr, as_json=options.json)


async def doctor(options: Options, paths: Paths) -> int:
    """Print how things stand. 0 if the data can be opened and written or is locked, else 1."""
    data = "ok"
    try:
        paths, door = await way_in(options, paths, ask=False)
        house = await _quiet_house(paths, asyncio.Queue(), door, recover=False)
    except Trouble as trouble:
        house, data = None, f"{trouble.problem.code} {trouble.problem.detail}".strip()
    try:
        facts = await facts_of(paths, house.providers if house else None)
    finally:
        if house:
            await house.close()
    facts["data"] = data
    told = json.dumps(facts, ensure_ascii=False) if options.json else "\n".join(lines(facts))
    sys.stdout.write(told + "\n")
    return 0 if data in {"ok", "locked"} else 1


async def _quiet_house(
    paths: Paths, events: asyncio.Queue[AnyEvent], door: Door, *, recover: bool = True
) -> House:
    outlet = Outlet(events.put_nowait, lambda: 0, lambda: 0)
    return await build(paths, outlet, recover=recover, door=door)


def _told(trouble: Trouble) -> int:
    problem = trouble.problem
    fields = " ".join(each for each in (problem.code, problem.field, problem.detail) if each)
    sys.stderr.write(fields + "\n")
    return 1
