"""Typed expressions: parsed with ``ast``, built from a whitelist, nothing else ever evaluated."""

import ast
import difflib
import keyword
import math
import re
import unicodedata
import warnings
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from autograd import ops, sequences
from autograd.errors import DomainError, ExpressionError
from autograd.numeric import Number
from autograd.operation import OPERATIONS, Operation
from autograd.value import Value

LONGEST_EXPRESSION = 10_000

MINUS = {ord(sign): "-" for sign in "−–"}  # as books, and pages one copies from, write it
SIGNS = MINUS | {ord("×"): "*", ord("·"): "*", ord("⋅"): "*", ord("²"): "**2", ord("³"): "**3"}

OPERATORS: dict[type[ast.AST], Operation] = {
    ast.Add: ops.add, ast.Sub: ops.sub, ast.Mult: ops.mul, ast.Div: ops.div, ast.Pow: ops.pow,
    ast.USub: ops.neg, ast.UAdd: ops.pos,
}  # fmt: skip

LISTS_TAKEN = {"total": 1, "mean": 1, "logsumexp": 1, "dot": 2}
FUNCTIONS: dict[str, Callable[..., Any]] = {
    row.name: row for row in OPERATIONS.values() if row.__doc__ and row.name.isidentifier()
} | {name: getattr(sequences, name) for name in LISTS_TAKEN}

CONSTANTS = {"pi": math.pi}


def parse_numbers(assignments: list[str]) -> dict[str, Number]:
    """Return ``["a=2", "b=1/3"]`` as numbers: floats, or all exact if one is a fraction.

    Raises ExpressionError for what is not ``NAME=NUMBER``, and for a name given twice.
    """
    texts: dict[str, str] = {}
    for assignment in assignments:
        name, equals, text = (part.strip() for part in assignment.partition("="))
        name = unicodedata.normalize("NFKC", name)  # as Python reads names in expressions
        if not equals or not name.isidentifier():
            raise ExpressionError(f"{assignment!r} is not NAME=NUMBER, as in a=2")
        if keyword.iskeyword(name):
            raise ExpressionError(_about_keyword(name))
        if name in texts:
            raise ExpressionError(f"{name} is given twice: {texts[name]} and {text}")
        texts[name] = text
    exact = any("/" in text for text in texts.values())
    return {name: _parse_number(name, text, exact) for name, text in texts.items()}


def _parse_number(name: str, text: str, exact: bool) -> Number:
    text = text.translate(MINUS)
    try:
        if not exact:
            return float(text)
        if not re.fullmatch(r"[-+]?(\d+(/\d+)?|(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,3})?)", text):
            raise ValueError(text)
        number = Fraction(text)
        return number.numerator if number.denominator == 1 else number
    except (ValueError, ZeroDivisionError) as error:
        raise ExpressionError(f"{name}={text!r} is not a number, such as 2, -0.5 or 1/3") from error


def build(expression: str, numbers: Mapping[str, Number | Value]) -> tuple[Value, dict[str, Value]]:
    """Return the graph of ``expression`` and its leaves by name.

    The expression may use ``+ - * / **``, parentheses, the functions of the package, ``pi`` and
    the names in ``numbers``, which may stand for nodes, too. Raises ExpressionError for anything
    else, DomainError where an operation is undefined.
    """
    leaves = {
        name: number if isinstance(number, Value) else Value(number, label=name)
        for name, number in numbers.items()
    }
    output = _evaluated(expression, leaves)
    if isinstance(output, list):
        reason = f"these are {len(output)} results, and one is differentiated"
        raise ExpressionError(
            f"{_shortened(expression)}: {reason}; for their sum, write total([…])"
        )
    if not isinstance(output, Value):
        raise ExpressionError(f"{_shortened(expression)}: no variable to differentiate in")
    return output, leaves


def variables_of(expression: str) -> list[str]:
    """Return the names in ``expression`` that need a number, in order, each once.

    A text that is not an expression has none: ``build`` says what is wrong with it.
    """
    if len(expression) > LONGEST_EXPRESSION:
        return []
    try:
        nodes = list(ast.walk(_parsed(expression)))
    except (SyntaxError, RecursionError, MemoryError, ValueError):
        return []
    called = {node.func for node in nodes if isinstance(node, ast.Call)}
    names = [node for node in nodes if isinstance(node, ast.Name) and node not in called]
    names.sort(key=lambda name: (name.lineno, name.col_offset))
    taken = {*CONSTANTS, *FUNCTIONS}
    return list(dict.fromkeys(name.id for name in names if name.id not in taken))


def number_of(expression: str) -> Number:
    """Return the number that an expression without names stands for, such as ``1*-3``.

    Raises ExpressionError for anything else, DomainError where an operation is undefined.
    """
    number = _evaluated(expression, {})
    if not isinstance(number, Number):
        raise ExpressionError(f"{_shortened(expression)}: not a number")
    return number


def _evaluated(expression: str, leaves: Mapping[str, Value]) -> Any:
    try:
        if len(expression) > LONGEST_EXPRESSION:
            raise ExpressionError(f"longer than {LONGEST_EXPRESSION:,} characters")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)  # about what is refused anyway
            tree = _parsed(expression)
        return _built(tree.body, leaves)
    except ExpressionError as error:
        raise ExpressionError(f"{_shortened(expression)}: {error}") from error
    except (SyntaxError, RecursionError, MemoryError, ValueError) as error:
        if isinstance(error, DomainError):
            raise
        reason = _not_an_expression(expression, error)
        raise ExpressionError(f"{_shortened(expression)}: {reason}") from error


def _parsed(expression: str) -> ast.Expression:
    return ast.parse(expression.translate(SIGNS).strip(), mode="eval")


def _not_an_expression(text: str, error: Exception) -> str:
    """Return what is wrong with a text that Python could not read."""
    if not isinstance(error, SyntaxError | ValueError):
        return "not an expression (too long, or nested too deeply)"
    if not text.strip():
        return "nothing is typed; type an expression, as in a*b"
    if equation := re.match(r"\s*(\w+)\s*=(?!=)", text):
        return f"type only the expression, without {equation[1]} ="
    pair = re.search(r"(?<!\w)(\d+)(?![eE]\d)([^\W\d]\w*)", text)
    if pair and "decimal literal" in str(error):
        return f"a sign is missing: for a product write {pair[1]}*{pair[2]}"
    for name in re.findall(r"[^\W\d]\w*", text):
        if keyword.iskeyword(name):
            return _about_keyword(name)
    return f"not an expression ({getattr(error, 'msg', str(error))})"


def _about_keyword(name: str) -> str:
    other = "lam" if name == "lambda" else f"{name}_"
    return f"{name} is a word of Python, which cannot be a name: call it {other}"


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _built(node: ast.AST, leaves: Mapping[str, Value]) -> Any:
    match node:
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return number
        case ast.Name(id=name):
            if name in leaves:
                return leaves[name]
            if name in CONSTANTS:
                return CONSTANTS[name]
            if name in FUNCTIONS:
                raise ExpressionError(f"{name} is a function: write {name}(…) around its operand")
            raise ExpressionError(f"{name} has no value: add {name}=NUMBER")
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATORS:
            return _applied(OPERATORS[type(op)], _built(left, leaves), _built(right, leaves))
        case ast.BinOp(op=ast.BitXor()):
            raise ExpressionError("^ is not a power here: write **")
        case ast.UnaryOp(op=op, operand=operand) if type(op) in OPERATORS:
            return _applied(OPERATORS[type(op)], _built(operand, leaves))
        case ast.List(elts=elements) | ast.Tuple(elts=elements):
            return [_built(element, leaves) for element in elements]
        case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]):
            if name not in FUNCTIONS:
                raise ExpressionError(_about_function(name))
            _require_lists(name, arguments)
            return _applied(FUNCTIONS[name], *[_built(argument, leaves) for argument in arguments])
        case ast.Call(func=ast.Attribute(value=operand, attr=name), args=[]) if name in FUNCTIONS:
            raise ExpressionError(f"write {name}({ast.unparse(operand):.40})")
    what = ast.unparse(node) if isinstance(node, ast.expr) else type(node).__name__
    raise ExpressionError(f"{what[:40]!r} is not plain arithmetic")


def _about_function(name: str) -> str:
    """Return that there is no such function, and which one may be meant."""
    if name == "softmax":
        return "softmax has several results, and one is differentiated: write exp(a)/total([…])"
    longer = [known for known in FUNCTIONS if known.startswith(name.lower())]
    swapped = [known for known in FUNCTIONS if sorted(known) == sorted(name)]
    near = longer or swapped or difflib.get_close_matches(name.lower(), FUNCTIONS, 1)
    meant = f": did you mean {near[0]}? The" if near else "; the"
    return f"{name} is not a function here{meant} functions are {', '.join(sorted(FUNCTIONS))}"


def _require_lists(name: str, arguments: list[ast.expr]) -> None:
    """Raise ExpressionError, with what to write, for single operands where lists are taken."""
    taken = LISTS_TAKEN.get(name, 0)
    if not taken or all(isinstance(argument, ast.List | ast.Tuple) for argument in arguments):
        return
    written = ["a", "b"]
    if len(arguments) == taken or taken == 1:
        written = [ast.unparse(argument).strip("[]()")[:40] for argument in arguments]
    lists = f"[{', '.join(written)}]" if taken == 1 else ", ".join(f"[{one}]" for one in written)
    raise ExpressionError(
        f"{name} takes {'a list' if taken == 1 else 'two lists'}: write {name}({lists})"
    )


def _applied(function: Callable[..., Any], *operands: Any) -> Any:
    try:
        result = function(*operands)
    except DomainError:
        raise
    except (TypeError, ValueError) as error:
        raise ExpressionError(str(error)) from error
    if isinstance(result, float) and not math.isfinite(result):
        raise ExpressionError(f"a number in it is too large ({result})")
    return result
