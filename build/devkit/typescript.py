"""Turns the protocol's msgspec structs into TypeScript; a type it does not know raises.

Results always carry every field, because msgspec writes defaults; so only the structs that are a
method's parameters get optional fields.
"""

import importlib
import json
import pkgutil
import types
from collections.abc import Iterator
from typing import (
    Annotated,
    Any,
    Literal,
    NewType,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec
from msgspec import Meta

from desktop import protocol
from desktop.protocol import methods, models, settings
from devkit.docstrings import Docs, docs_of, tsdoc

HEADER = """\
// Written by build/generate_protocol.py from desktop/protocol. Do not edit:
// change the Python and run `python3 build/dev.py generate`.
"""
PRIMITIVES: dict[Any, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    type(None): "null",
    Any: "unknown",
}
BOUNDS = {
    "ge": "min",
    "le": "max",
    "min_length": "minLength",
    "max_length": "maxLength",
    "pattern": "pattern",
}
WIDTH = 100
NOT_SENT = {"Frozen", "Event", "Call"}
"""Bases, and what the page never builds itself."""


class UnknownType(TypeError):
    """A Python type that has no TypeScript spelling here yet."""


class Vocabulary:
    """The structs and named types of the protocol, in the order in which they are written."""

    def __init__(self) -> None:
        self.docs = Docs()
        self.structs: dict[str, type[msgspec.Struct]] = {}
        self.aliases: dict[str, Any] = {}
        self.unions: dict[str, Any] = {}
        for module in _modules():
            self.docs |= docs_of(module)
            for name, value in vars(module).items():
                self._place(module.__name__, name, value)
        self.names = {id(value): name for name, value in reversed(self.aliases.items())}

    def _place(self, module: str, name: str, value: Any) -> None:
        if name.startswith("_"):
            return
        if isinstance(value, type):
            own = value.__module__ == module and issubclass(value, msgspec.Struct)
            if own and name not in NOT_SENT:
                self.structs[name] = value
        elif isinstance(value, NewType) or get_origin(value) in (Literal, Annotated):
            self.aliases.setdefault(name, value)
        elif get_origin(value) is types.UnionType:
            self.unions[name] = value

    def _name_of(self, python: Any) -> str | None:
        if get_origin(python) is types.UnionType:
            # A union inside another type is rebuilt by Python, so it is known by equality.
            return next((name for name, union in self.unions.items() if union == python), None)
        return self.names.get(id(python))

    def type_of(self, python: Any, *, expand: bool = False) -> str:
        """The TypeScript for a Python type; ``expand`` looks through its own name."""
        if not expand and (own := self._name_of(python)):
            return own
        if isinstance(python, NewType):
            return self.type_of(python.__supertype__)
        name = getattr(python, "__name__", "")
        if name and self.structs.get(name) is python:
            return name
        if get_origin(python) is None and python in PRIMITIVES:
            return PRIMITIVES[python]
        return self._composed(python, get_origin(python), get_args(python))

    def _composed(self, python: Any, origin: Any, arguments: tuple[Any, ...]) -> str:
        if origin is Annotated:
            return self.type_of(arguments[0])
        if origin is Literal:
            return " | ".join(json.dumps(value) for value in arguments)
        if origin in (Union, types.UnionType):
            return " | ".join(self.type_of(argument) for argument in arguments)
        if origin is list or (origin is tuple and arguments[1:] == (...,)):
            return _array(self.type_of(arguments[0]))
        if origin is tuple and arguments and ... not in arguments:
            return f"[{', '.join(self.type_of(argument) for argument in arguments)}]"
        if origin is dict and self.type_of(arguments[0], expand=True) == "string":
            return f"Record<string, {self.type_of(arguments[1])}>"
        raise UnknownType(f"no TypeScript spelling for {python!r}")


def _modules() -> Iterator[types.ModuleType]:
    """Every module of the protocol, so that a new one cannot be forgotten."""
    for found in sorted(pkgutil.iter_modules(protocol.__path__), key=lambda found: found.name):
        yield importlib.import_module(f"{protocol.__name__}.{found.name}")


def protocol_source() -> str:
    """The whole generated file."""
    words = Vocabulary()
    parts = [HEADER]
    parts += [_alias(words, name) for name in words.aliases]
    params = {id(method.params) for method in methods.METHODS.values()}
    parts += [
        _interface(words, name, struct, optional=id(struct) in params)
        for name, struct in words.structs.items()
    ]
    parts += [_union(words, name) for name in words.unions]
    parts.append('export type EventType = AnyEvent["type"];\n')
    parts.append(_methods(words))
    parts.append("export type MethodName = keyof Methods;\n")
    parts += [
        _default("DEFAULT_STAGE", models.Stage),
        _default("DEFAULT_SETTINGS", settings.Settings),
    ]
    parts.append(_bounds(words))
    return "\n".join(parts)


def _array(item: str) -> str:
    return f"({item})[]" if " | " in item else f"{item}[]"


def _alias(words: Vocabulary, name: str) -> str:
    spelled = words.type_of(words.aliases[name], expand=True)
    line = f"export type {name} = {spelled};"
    if len(line) > WIDTH:
        line = f"export type {name} =" + "".join(f"\n  | {m}" for m in spelled.split(" | ")) + ";"
    return f"{tsdoc(words.docs.get(name))}{line}\n"


def _union(words: Vocabulary, name: str) -> str:
    members = "".join(f"\n  | {words.type_of(m)}" for m in get_args(words.unions[name]))
    return f"{tsdoc(words.docs.get(name))}export type {name} ={members};\n"


def _interface(
    words: Vocabulary, name: str, struct: type[msgspec.Struct], *, optional: bool
) -> str:
    if not struct.__struct_fields__ and struct.__struct_config__.tag is None:
        return f"{tsdoc(words.docs.get(name))}export type {name} = Record<string, never>;\n"
    lines = [f"{tsdoc(words.docs.get(name))}export interface {name} {{"]
    config = struct.__struct_config__
    if config.tag is not None:
        lines.append(f"  {config.tag_field}: {json.dumps(config.tag)};")
    hints = get_type_hints(struct, include_extras=True)
    for field in msgspec.structs.fields(struct):
        mark = "?" if optional and not field.required else ""
        lines.append(tsdoc(words.docs.get(f"{name}.{field.name}"), "  ").rstrip("\n"))
        lines.append(f"  {field.encode_name}{mark}: {words.type_of(hints[field.name])};")
    return "\n".join(line for line in lines if line) + "\n}\n"


def _methods(words: Vocabulary) -> str:
    rows = (
        f"  {json.dumps(name)}: {{ params: {words.type_of(method.params)};"
        f" result: {words.type_of(method.result)} }};\n"
        for name, method in methods.METHODS.items()
    )
    return f"/** What the page may ask for. */\nexport interface Methods {{\n{''.join(rows)}}}\n"


def _default(constant: str, struct: type[msgspec.Struct]) -> str:
    value = _literal(msgspec.to_builtins(struct()))
    return f"export const {constant}: {struct.__name__} = {value};\n"


def _literal(value: Any, indent: str = "") -> str:
    """A value as Prettier writes it: bare keys, and one line where it fits and holds no object."""
    if not isinstance(value, dict) or not value:
        return json.dumps(value, ensure_ascii=False)
    deeper = indent + "  "
    keys = {key: key if key.isidentifier() else json.dumps(key) for key in value}
    if indent and all(not isinstance(item, dict) for item in value.values()):
        return "{ " + ", ".join(f"{keys[k]}: {json.dumps(v)}" for k, v in value.items()) + " }"
    rows = "".join(f"{deeper}{keys[k]}: {_literal(v, deeper)},\n" for k, v in value.items())
    return f"{{\n{rows}{indent}}}"


def _bounds(words: Vocabulary) -> str:
    """The limits of fields, by ``Struct.field``, so that a form can keep them."""
    found = {
        f"{name}.{field}": limits
        for name, struct in words.structs.items()
        for field, hint in get_type_hints(struct, include_extras=True).items()
        if hint is not models.Id and (limits := dict(_limits(hint)))
    }
    return (
        "/** Limits the program checks, by struct and field. */\n"
        f"export const BOUNDS = {_literal(found)} as const;\n"
    )


def _limits(hint: Any) -> Iterator[tuple[str, Any]]:
    if get_origin(hint) is Annotated:
        for meta in get_args(hint)[1:]:
            if isinstance(meta, Meta):
                for python, typescript in BOUNDS.items():
                    if (limit := getattr(meta, python)) is not None:
                        yield typescript, limit
    elif get_origin(hint) in (Union, types.UnionType):
        for argument in get_args(hint):
            yield from _limits(argument)
