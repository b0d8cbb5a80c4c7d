"""Libraries: the functions that a program calls, as text that stands in it, so that it runs alone.

Those of Python are the engine's own functions of numbers: a program computes what the engine does,
to the bit. Those of NumPy are in ``numpy_functions``, those of JavaScript in ``functions.js``.
"""

import ast
import inspect
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from autograd.operation import OPERATIONS

ROOMS = {
    "python": ("autograd.numeric", "autograd.elementary", "autograd.activations"),
    "numpy": ("autograd.program.library.numpy_functions",),
}


@cache
def _definitions(language: str) -> dict[str, ast.stmt]:
    """Return the statement that defines each name in the rooms of a language."""
    found: dict[str, ast.stmt] = {}
    for room in ROOMS[language]:
        plain = _WithoutTypes().visit(ast.parse(inspect.getsource(import_module(room))))
        for statement in plain.body:
            found.update(_defined_by(statement))
    if language == "python":
        for name, row in OPERATIONS.items():
            if getattr(row.forward, "__module__", "") == "math":
                found.setdefault(name, ast.parse(f"from math import {name}").body[0])
    return found


def _defined_by(statement: ast.stmt) -> Iterator[tuple[str, ast.stmt]]:
    match statement:
        case ast.FunctionDef(name=name):
            yield name, statement
        case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Tuple(elts=values)):
            for name, value in zip(map(ast.unparse, names), values, strict=True):
                yield name, ast.Assign([ast.Name(name)], value, lineno=0)
        case ast.Assign(targets=[ast.Name(id=name)]):
            yield name, statement
        case ast.Import(names=names):
            for imported in names:
                yield imported.asname or imported.name, statement
        case ast.ImportFrom(module=module, names=names) if "autograd" not in (module or ""):
            for imported in names:
                yield imported.name, ast.ImportFrom(module, [imported], 0)


def formulas_of_numpy() -> dict[str, Any]:
    """Return what the library of NumPy defines and imports, by name."""
    return vars(import_module(*ROOMS["numpy"]))


class _WithoutTypes(ast.NodeTransformer):
    """Takes annotations out, which a program does not need."""

    def visit_arg(self, node: ast.arg) -> ast.arg:
        node.annotation = None
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.FunctionDef:
        node.returns = None
        self.generic_visit(node)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign([node.target], node.value), node)


@cache
def _scripts() -> dict[str, str]:
    """Return the declaration of each function of JavaScript, in the order of the file."""
    text = Path(__file__).with_name("functions.js").read_text(encoding="utf-8")
    declared = r"^function (\w+)\(.*?^\}$|^const (\w+) = [^\n]*;$"
    return {found[1] or found[2]: found[0] for found in re.finditer(declared, text, re.M | re.S)}


def script(names: Iterable[str]) -> str:
    """Return the JavaScript that defines some functions, and all that they need."""
    scripts = _scripts()
    needed = _with_what_they_need(
        names,
        scripts,
        lambda name: re.findall(r"\b[a-z]\w*\b", re.sub(r"//.*", "", scripts[name])),
    )
    return "\n".join(scripts[name] for name in needed)


def _with_what_they_need(
    names: Iterable[str], defined: Collection[str], names_in: Callable[[str], Iterable[str]]
) -> list[str]:
    """Return the names that are defined, and all that their definitions name, in their order."""
    wanted, needed = list(names), set[str]()
    while wanted:
        name = wanted.pop()
        if name not in needed and name in defined:
            needed.add(name)
            wanted += names_in(name)
    return [name for name in defined if name in needed]


def alias(language: str, name: str) -> str:
    """Return ``np.tanh`` for a function of the library that is only another name for it."""
    if language == "javascript":
        return name
    match _definitions(language).get(name):
        case ast.Assign(value=ast.Attribute() as value):
            return ast.unparse(value)
    return name


def functions_of(language: str) -> set[str]:
    """Return the names that the library of a language defines."""
    return set(_scripts() if language == "javascript" else _definitions(language))


def library(language: str, names: Iterable[str]) -> str:
    """Return the text that defines some names, and all that they need."""
    return _library(language, frozenset(names))


@cache
def _library(language: str, names: frozenset[str]) -> str:
    definitions = _definitions(language)
    needed = _with_what_they_need(
        names,
        definitions,
        lambda name: [n.id for n in ast.walk(definitions[name]) if isinstance(n, ast.Name)],
    )
    texts = dict.fromkeys(ast.unparse(definitions[name]) for name in needed)
    imports = sorted(text for text in texts if text.startswith(("import", "from")))
    others = [text for text in texts if text not in imports]
    return "\n\n\n".join(filter(None, ["\n".join(imports), *others]))
