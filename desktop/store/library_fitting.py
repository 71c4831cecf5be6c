"""Takes what fits our structs from foreign JSON, and keeps what does not for the next writing."""

import types
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from desktop.protocol.base import Frozen

S = TypeVar("S", bound=Frozen)


def fitting(raw: object, struct: type[S], unread: list[str], path: str = "") -> S | None:
    """A struct from a JSON object, each field for itself: what does not fit is the default.

    Fields we do not know are passed over; the paths of known ones that do not fit are added to
    ``unread``. ``None`` if a field without a default does not fit, or it is no object at all.
    """
    if not isinstance(raw, dict):
        return None
    hints = get_type_hints(struct, include_extras=True)
    taken: dict[str, Any] = {}
    for field in msgspec.structs.fields(struct):
        if field.name not in raw:
            continue
        where = f"{path}.{field.name}".lstrip(".")
        try:
            taken[field.name] = _value(raw[field.name], hints[field.name], unread, where)
        except msgspec.ValidationError:
            unread.append(where)
    try:
        return struct(**taken)
    except TypeError:
        return None


def _value(raw: object, hint: Any, unread: list[str], path: str) -> Any:
    struct = _struct(hint)
    if struct is not None:
        found = fitting(raw, struct, unread, path)
        if found is None:
            raise msgspec.ValidationError(path)
        return found
    item = _item(hint)
    if item is not None and isinstance(raw, list):
        found_items = []
        for index, one in enumerate(raw):
            found = fitting(one, item, unread, f"{path}.{index}")
            if found is None:
                unread.append(f"{path}.{index}")
            else:
                found_items.append(found)
        return msgspec.convert(tuple(map(msgspec.to_builtins, found_items)), hint)
    return msgspec.convert(raw, hint)


def merged(old: object, new: Frozen) -> dict[str, Any]:
    """``new`` as JSON, with the fields of ``old`` that its struct does not know kept, at any depth.

    Items of a list are the same where their id is, or else their name.
    """
    built: dict[str, Any] = {}
    hints = get_type_hints(type(new), include_extras=True)
    before = old if isinstance(old, dict) else {}
    for field in msgspec.structs.fields(type(new)):
        value = getattr(new, field.name)
        was = before.get(field.name)
        if isinstance(value, Frozen):
            built[field.name] = merged(was, value)
        elif _item(hints[field.name]) is not None:
            built[field.name] = [merged(_twin(was, one, at), one) for at, one in enumerate(value)]
        else:
            built[field.name] = msgspec.to_builtins(value)
    known = {field.name for field in msgspec.structs.fields(type(new))}
    return {**built, **{key: value for key, value in before.items() if key not in known}}


def _twin(old: object, one: Frozen, index: int) -> object:
    if not isinstance(old, list):
        return None
    objects = [each for each in old if isinstance(each, dict)]
    for field in ("id", "name"):
        wanted = getattr(one, field, None)
        if wanted:
            for each in objects:
                if each.get(field) == wanted:
                    return each
    if getattr(one, "id", None) or getattr(one, "name", None):
        return None
    return old[index] if index < len(old) else None


def _struct(hint: Any) -> type[Frozen] | None:
    if get_origin(hint) is Annotated:
        return _struct(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        found = [each for each in map(_struct, get_args(hint)) if each is not None]
        return found[0] if len(found) == 1 else None
    return hint if isinstance(hint, type) and issubclass(hint, Frozen) else None


def _item(hint: Any) -> type[Frozen] | None:
    """The struct that a list is of."""
    if get_origin(hint) is Annotated:
        return _item(get_args(hint)[0])
    if get_origin(hint) is tuple and get_args(hint)[1:] == (...,):
        return _struct(get_args(hint)[0])
    return None
