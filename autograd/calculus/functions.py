"""Functions of numbers: how calculus is given them, runs them, and reads what they return."""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from autograd.graph import topological_order
from autograd.numeric import as_number
from autograd.value import Value

P = ParamSpec("P")
R = TypeVar("R", bound=Callable[..., Any])


# -- how they are given --------------------------------------------------------------------------


GRADIENT = "of a graph that exists gradients(output, [x]) is the gradient"
AGAIN = (
    "of a graph that exists gradients(output, [x], create_graph=True) are Values, to be "
    "differentiated again"
)
AS_A_FUNCTION = "put the computation into a function, such as lambda x: x**2"


def of_function(
    form: str, *, of_graph: str = AS_A_FUNCTION
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator for what takes a function ``f`` and returns one.

    Both calls raise TypeError, and show the ``form``, such as ``jvp(f)(point, tangents)``, for what
    does not fit them: JAX's form, or PyTorch's. ``of_graph`` is what is told of a Value.
    """

    def decorated(maker: Callable[P, R]) -> Callable[P, R]:
        @wraps(maker)
        def made(*given: P.args, **options: P.kwargs) -> R:
            f = given[0] if given else options.get("f")

            def told() -> str:
                return _form_told(form, of_graph, f, options)

            if not callable(f):
                raise TypeError(told())
            result = _fitted(maker, given, options, told)

            @wraps(result)
            def applied(*numbers: Any, **named: Any) -> Any:
                return _fitted(result, numbers, named, told)

            return applied  # type: ignore[return-value]  # it is called as the result is

        return made

    return decorated


def _form_told(form: str, of_graph: str, f: object, options: Mapping[str, object]) -> str:
    told = f"write {form}: the function first, then its numbers in brackets of their own"
    if isinstance(f, Value):
        told += f"; f is a Value, and not a function: {of_graph}"
    elif not callable(f):
        told += f"; f is {f!r:.60}"
    elif "argnums" in options:
        told += "; it differentiates in every argument, so that there is no argnums: to keep one "
        told += "fixed, write lambda x: f(x, 2.0)"
    return told


def _fitted(
    f: Callable[..., Any],
    given: Sequence[Any],
    options: Mapping[str, Any],
    told: Callable[[], str],
) -> Any:
    """Call ``f``; raise TypeError with what is ``told`` if its arguments are others."""
    try:
        return f(*given, **options)
    except TypeError:
        try:
            inspect.signature(f).bind(*given, **options)
        except ValueError:  # nothing is known of its arguments
            pass
        except TypeError:
            raise TypeError(told()) from None
        raise


# -- how they are run ----------------------------------------------------------------------------


_alive: ContextVar[frozenset[Value]] = ContextVar(
    "arguments of the functions that run", default=frozenset()
)


@contextmanager
def arguments(point: Sequence[Any]) -> Iterator[list[Value]]:
    """Yield a fresh node for each argument, so that one Value given twice is two inputs.

    They are alive for as long as ``f`` runs, so that a ``grad`` within it that closes over them
    knows that its result varies with them.
    """
    if not point:
        raise TypeError("differentiating needs a point: call the result with at least one number")
    require_one_by_one(point)
    inputs = [+x if isinstance(x, Value) else Value(x) for x in point]
    with alive(inputs):
        yield inputs


def require_one_by_one(point: Sequence[Any]) -> None:
    """Raise TypeError for a list in which the arguments of a function were given."""
    for x in point:
        if is_several(x):
            raise TypeError(
                f"{x!r:.60} is a {type(x).__name__}: give its numbers one by one, (*numbers) and "
                "not (numbers); a function of a list becomes lambda *xs: f(xs)"
            )


def is_several(given: Any) -> bool:
    """Tell whether what was given, or returned, is a list of some kind."""
    return isinstance(given, Iterable) and not isinstance(given, str)


@contextmanager
def alive(inputs: Sequence[Value]) -> Iterator[None]:
    """Let the result of a ``grad`` vary with these, if the function it is taken of does."""
    before = _alive.set(_alive.get().union(inputs))
    try:
        yield
    finally:
        _alive.reset(before)


def is_nested(point: Sequence[Any], inputs: Sequence[Value], outputs: Sequence[Any]) -> bool:
    """Tell whether the result has to be a graph: for Values given, or an outer ``grad``'s."""
    if any(isinstance(x, Value) for x in point):
        return True
    nodes = [output for output in outputs if isinstance(output, Value)]
    return varies(nodes, besides=inputs)


def varies(nodes: Sequence[Value], besides: Sequence[Value] = ()) -> bool:
    """Tell whether a node varies with an argument of a function that runs, ``besides`` these."""
    outer = _alive.get().difference(besides)
    return bool(outer) and not outer.isdisjoint(topological_order(*nodes))


def returned(f: Callable[..., Any], inputs: Sequence[Any]) -> Any:
    """Return ``f`` of the inputs; raise TypeError if it takes more of them, or fewer."""
    return _fitted(f, inputs, {}, lambda: _arguments_told(f, len(inputs)))


def _arguments_told(f: Callable[..., Any], count: int) -> str:
    taken = inspect.signature(f).parameters.values()
    name = getattr(f, "__name__", type(f).__name__).strip("<>")
    told = f"{name}({', '.join(one.name for one in taken)}) was given {count} number"
    told += f"{'s' * (count != 1)}: the point has one for each argument; "
    if count < len(taken):
        return told + "to keep one fixed, write lambda x: f(x, 2.0)"
    return told + "a function of a list becomes lambda *xs: f(xs)"


# -- what they return, and other lists -----------------------------------------------------------


def one_value(result: Any) -> Value:
    if isinstance(result, Value):
        return result
    if is_several(result):
        raise TypeError("the function should have one result; for several use jacobian")
    return Value(result)


def results(result: Any) -> tuple[list[Value], bool]:
    """Return the results of a function as Values, and whether it returned several."""
    if not is_several(result):
        return [one_value(result)], False
    listed = None if isinstance(result, Mapping) else list(result)
    if listed is None or any(map(is_several, listed)):
        raise TypeError(
            f"the function returned {result!r:.60}: a Value is what it should return, or a flat "
            "list of them"
        )
    return [*map(one_value, listed)], True


def numbers_in(name: str, given: Any) -> list[Any]:
    """Return the given numbers, of any kind of sequence, as a list."""
    if not is_several(given) or isinstance(given, Mapping):
        raise TypeError(f"{name} takes lists, such as {name}(f)([2.0], [1.0]), not {given!r:.60}")
    numbers = list(given)
    for number in numbers:
        if is_several(number):
            raise TypeError(
                f"{name} takes flat lists, such as {name}(f)([2.0], [1.0]); {number!r:.60} is a "
                f"{type(number).__name__} within one"
            )
    return numbers


def one_for_each(name: str, what: str, given: Any, of: str, others: Sequence[Any]) -> list[Any]:
    """Return the given numbers as a list; a Value is one only where it varies with an argument."""
    numbers = numbers_in(name, given)
    if len(numbers) != len(others):
        raise ValueError(
            f"{name} got {len(numbers)} {what} for {len(others)} {of}: it takes one for each"
        )
    for number in numbers:
        if not isinstance(number, Value):
            as_number(number)
        elif not varies([number]):
            raise TypeError(f"{what} are numbers; {number!r} is a Value: write v.data")
    return numbers
