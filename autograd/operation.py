"""What an operation is: a value, a rule for its local derivatives, a domain, and words."""

import math
from collections.abc import Callable, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple, Protocol, TypeVar, overload

from autograd.errors import DivisionByZeroError, DomainError, NoForwardRuleError
from autograd.notation import Formula, Notation, letters_of
from autograd.numeric import Number, as_number, closest_float, shown


class Recorder(Protocol):
    """An operand that wants a node made instead of a number, such as a ``Value``."""

    def record_operation(self, operation: "Operation", operands: tuple[Any, ...]) -> Any: ...


R = TypeVar("R", bound=Recorder)


class Domain(NamedTuple):
    """Where an operation is defined, in words and as a test on its operands.

    ``requirement`` is a sentence on ``{x}``, ``{y}`` and ``{z}``. An operand is called by its label
    there; without one, by what ``called`` has for it, or by its place. ``javascript`` is the test
    as an expression in x, y and z; a page that has none tests nothing.
    """

    requirement: str
    holds: Callable[..., bool]
    javascript: str = ""
    called: tuple[str, ...] = ()


class Operation:
    """One row of the table, callable: numbers in, a number out; with a Value, a node out.

    name          what ``node.op`` and the pictures show
    forward       the value, from the operands' numbers
    derivatives   the rule: the local derivatives, from ``out`` and the operands
    formulas      each local derivative as a formula in ``out``, ``x``, ``y`` and ``z``; one for
                  each operand; for any number of operands, a function of the position and of
                  their number
    doc           what help() shows; a row with one is also a function on the command line
    domain        where the operation is defined, None for everywhere
    kink          a test on the operands: whether the derivative jumps there, None for nowhere
    defaults      the operands that may be left out
    accuracy      bound on the error of the value and the derivatives, in units of
                  eps × (1 + condition number)
    written       the value as a formula; without it, a call of the name
    meaning       the same in mathematics, ``exp(x) - 1`` for expm1
    simpler       a function that returns a simpler formula of a local derivative of a node
    tex           the name as TeX, or the call, in which ``#1`` stands for the first operand
    programs      the value in programs, by language: ``python``, ``numpy``, ``javascript``

    ``notation`` has the formulas, and says more about the last five.
    """

    def __init__(
        self,
        name: str,
        forward: Callable[..., Any],
        derivatives: Callable[..., Any],
        formulas: Sequence[str] | Callable[[int, int], str] = (),
        *,
        doc: str = "",
        domain: Domain | None = None,
        kink: Callable[..., bool] | None = None,
        defaults: tuple[Number, ...] = (),
        accuracy: float = 2,
        written: str | Callable[[int], str] | None = None,
        meaning: str | Callable[[int], str] | None = None,
        simpler: Callable[[Any, int], Formula | None] | None = None,
        tex: str = "",
        **programs: str,
    ) -> None:
        self.name = name
        self.forward = forward
        self.derivatives = derivatives
        formulas = formulas if callable(formulas) else tuple(formulas)
        self.arity = None if callable(formulas) else len(formulas) or None
        self.notation = Notation(
            name, self.arity, formulas, written, meaning, simpler, tex, **programs
        )
        self.domain = domain
        self.kink = kink
        self.defaults = defaults
        self.accuracy = accuracy
        self.__name__ = self.__qualname__ = name
        self.__doc__ = doc

    def __repr__(self) -> str:
        return (
            f"<operation {self.name}: {self.__doc__}>"
            if self.__doc__
            else f"<operation {self.name}>"
        )

    def __reduce__(self) -> tuple[Any, ...]:
        if OPERATIONS.get(self.name) is not self:
            raise TypeError(
                f"the one-off operation {self.name!r} cannot be pickled: its local derivatives "
                "are a function made at run time; pickle the data and build the node again"
            )
        return _operation_named, (self.name,)

    @overload
    def __call__(self, first: R, /, *others: Any) -> R: ...
    @overload
    def __call__(self, first: Number, second: R, /) -> R: ...
    @overload
    def __call__(self, *operands: Number) -> Any: ...
    def __call__(self, *operands: Any) -> Any:
        """Return a number for numbers, and a node if any operand is one.

        Raises DomainError outside the domain, TypeError for what is not a number.
        """
        if len(operands) == 1 and type(operands[0]) is float and self.arity == 1:
            try:
                return self.forward(*operands)  # the usual case in a rule
            except (ArithmeticError, ValueError):
                return self.evaluate(*operands)  # a limit, or an error with names
        if len(operands) != self.arity and self.arity:
            operands = self._with_defaults(operands)
        for operand in operands:
            if hasattr(operand, "record_operation"):
                return operand.record_operation(self, operands)
        return self.evaluate(*map(as_number, operands))

    def _with_defaults(self, operands: tuple[Any, ...]) -> tuple[Any, ...]:
        missing = (self.arity or 0) - len(operands)
        if not 0 < missing <= len(self.defaults):
            raise TypeError(f"{self.name} got {len(operands)} operands; it takes {self.arity}")
        return operands + self.defaults[-missing:]

    def evaluate(self, *numbers: Number, names: Sequence[str | None] = ()) -> Number:
        """Return the value at ``numbers``; outside the domain, raise DomainError with ``names``."""
        try:
            result: Number = self.forward(*numbers)
        except (ArithmeticError, ValueError) as error:
            if self.domain and not self.domain.holds(*numbers):
                message = self._domain_message(self.domain, numbers, names)
                divides = isinstance(error, ZeroDivisionError)
                raise (DivisionByZeroError if divides else DomainError)(message) from None
            result = self._limit(numbers)
        return result

    def _limit(self, numbers: Sequence[Number]) -> Number:
        """Return the value, with numbers too large for a float taken as infinite.

        Those too small are taken as the smallest float. The value is NaN for a function that has no
        limit at infinity, such as sin.
        """
        try:
            result: Number = self.forward(*map(closest_float, numbers))
        except (ArithmeticError, ValueError):
            return math.nan
        return result

    def _domain_message(
        self, domain: Domain, numbers: Sequence[Number], names: Sequence[str | None]
    ) -> str:
        operands = [
            f"{name} = {shown(n)}" if name else shown(n)
            for n, name in zip_longest(numbers, names)
        ]  # fmt: skip
        if not self.notation.sign:
            what = f"{self.name}({', '.join(operands)})"
        else:
            parts = (
                text if text.replace(".", "", 1).isdigit() else f"({text})" for text in operands
            )
            what = f" {self.notation.sign} ".join(parts)
        letters = letters_of(len(numbers))
        several = domain.called or [f"operand {k}" for k in range(1, len(numbers) + 1)]
        unlabelled = several if len(numbers) > 1 else ["its operand"]
        called = {
            letter: label or name for letter, label, name in zip_longest(letters, names, unlabelled)
        }
        return f"{what} is undefined: {domain.requirement.format(**called)}"


def one_off(name: str, parents: Sequence[Any], derivatives: Callable[..., Any] | None) -> Operation:
    """Return an operation made for one node: its rule is known, its value is given by the caller.

    The rule returns one number for each parent, a bare number if there is one parent; anything else
    raises TypeError when the rule is used. Parents that are not a tuple of nodes, or a missing
    rule, raise TypeError at once.
    """
    if not isinstance(parents, tuple | list):
        raise TypeError(f"parents must be a tuple, even of one: parents=(a,), not {parents!r:.60}")
    for parent in parents:
        if not hasattr(parent, "record_operation"):
            raise TypeError(f"parents are Values; {parent!r} is a {type(parent).__name__}")
    if not parents or not callable(derivatives):
        raise TypeError(
            "parents, local_derivatives and op go together: the parents a node was computed "
            "from, a function of (out, *operands) with one derivative for each, and its name; "
            "a leaf has none of them"
        )
    name = name or "custom"
    return Operation(name, _no_forward_rule(name), _checked_rule(name, len(parents), derivatives))


def _no_forward_rule(name: str) -> Callable[..., Any]:
    def no_forward_rule(*operands: Number) -> Number:
        raise NoForwardRuleError(
            f"{name} is a one-off node: it knows its local derivatives but not how to compute "
            "its value again; build a new one"
        )

    return no_forward_rule


def _checked_rule(
    name: str, n_operands: int, derivatives: Callable[..., Any]
) -> Callable[..., tuple[Any, ...]]:
    """Return the rule as one that returns a tuple and reports its mistakes."""

    def checked(*out_and_operands: Any) -> tuple[Any, ...]:
        locals_ = derivatives(*out_and_operands)
        locals_ = tuple(locals_) if isinstance(locals_, tuple | list) else (locals_,)
        if len(locals_) != n_operands:
            raise TypeError(
                f"local_derivatives of {name} returned {len(locals_)} numbers for "
                f"{n_operands} parents; return one for each"
            )
        if any(hasattr(operand, "record_operation") for operand in out_and_operands):
            return locals_
        if any(hasattr(local, "record_operation") for local in locals_):
            raise TypeError(
                f"local_derivatives of {name} returned a Value for numbers: it should use the "
                "operands it is given, as in lambda out, x: 3 * x * x, not a Value from outside"
            )
        return tuple(map(as_number, locals_))

    return checked


def _operation_named(name: str) -> Operation:
    return OPERATIONS[name]


OPERATIONS: dict[str, Operation] = {}  # by name; ``ops`` fills it
