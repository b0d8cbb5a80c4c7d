"""All small graphs, to find the smallest that shows a bug."""

from collections.abc import Callable, Iterator
from itertools import product

from autograd import ops
from autograd.errors import DomainError
from autograd.value import Value

LEAVES = (2.0, 3.0, -1.5, 0.5, 0.0)
NAMES = "abcd"
FIRST_LEAVES = (2.0,)  # of the graphs of four nodes, of which there are many
MOST_NODES = 4

Maker = Callable[..., Value]
UNARY: tuple[Maker, ...] = (
    lambda a: -a, lambda a: a.relu(), lambda a: a.tanh(), lambda a: a.exp(), lambda a: a.log(),
    lambda a: a**2, lambda a: a**3, lambda a: a + 2, lambda a: a - 2, lambda a: a * 2,
    lambda a: a / 2, lambda a: 2 + a, lambda a: 2 - a, lambda a: 2 * a, lambda a: 2 / a,
    lambda a: a * 0, lambda a: a * 1,
)  # fmt: skip
BINARY: tuple[Maker, ...] = (ops.add, ops.sub, ops.mul, ops.div)


def graphs_of(nodes: int) -> Iterator[Value]:
    """Yield the output of every graph of that many nodes, over a few inputs and operations."""
    leaves = LEAVES if nodes < MOST_NODES else FIRST_LEAVES
    for count in range(1, nodes + 1):
        for numbers in product(leaves, repeat=count):
            named = [Value(n, label=name) for n, name in zip(numbers, NAMES, strict=False)]
            yield from _grown(named, frozenset(named), nodes - count)


def _grown(nodes: list[Value], unused: frozenset[Value], left: int) -> Iterator[Value]:
    """Yield what ``left`` more operations make of ``nodes``, if in the end all are used."""
    if len(unused) > left + 1:  # an operation takes two
        return
    if not left:
        yield nodes[-1]
        return
    for node in _results(nodes):
        yield from _grown([*nodes, node], (unused - {*node.parents}) | {node}, left - 1)


def _results(nodes: list[Value]) -> Iterator[Value]:
    """Yield each operation on some of the nodes."""
    makers: list[tuple[Maker, tuple[Value, ...]]] = [
        (make, (node,)) for make in UNARY for node in nodes
    ]
    makers += [(make, pair) for make in BINARY for pair in product(nodes, repeat=2)]
    for make, operands in makers:
        try:
            yield make(*operands)
        except DomainError:
            continue
