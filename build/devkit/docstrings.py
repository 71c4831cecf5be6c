"""Reads the docstrings of classes, fields and constants, which Python itself does not keep."""

import ast
import inspect
from types import ModuleType

Docs = dict[str, str]
"""By ``Name`` or ``Class.field``."""


def docs_of(module: ModuleType) -> Docs:
    """Every string that stands right below a class line, a field or a constant."""
    found: Docs = {}
    _collect(ast.parse(inspect.getsource(module)).body, "", found)
    return found


def _collect(body: list[ast.stmt], prefix: str, found: Docs) -> None:
    for statement, following in zip(body, [*body[1:], None], strict=True):
        if isinstance(statement, ast.ClassDef):
            if doc := ast.get_docstring(statement):
                found[prefix + statement.name] = doc
            _collect(statement.body, f"{prefix}{statement.name}.", found)
        elif (name := _assigned(statement)) and (doc := _text(following)):
            found[prefix + name] = doc


def _assigned(statement: ast.stmt) -> str | None:
    if isinstance(statement, ast.AnnAssign):
        target: ast.expr = statement.target
    elif isinstance(statement, ast.Assign):
        target = statement.targets[0]
    else:
        return None
    return target.id if isinstance(target, ast.Name) else None


def _text(statement: ast.stmt | None) -> str | None:
    match statement:
        case ast.Expr(value=ast.Constant(value=str(text))):
            return inspect.cleandoc(text)
    return None


def tsdoc(doc: str | None, indent: str = "") -> str:
    """The comment above a TypeScript declaration, or nothing."""
    if not doc:
        return ""
    lines = doc.replace("*/", "* /").replace("``", "`").splitlines()
    if len(lines) == 1:
        return f"{indent}/** {lines[0]} */\n"
    middle = "".join(f"{indent} * {line}".rstrip() + "\n" for line in lines)
    return f"{indent}/**\n{middle}{indent} */\n"
