"""Costs: by hand for small graphs, and by a number that counts for random ones."""

import random
from collections import Counter
from typing import Any

import pytest

from autograd import (
    NotAGraphError,
    StaleGraphError,
    Value,
    checkpoint,
    cost,
    detach,
    dot,
    exp,
    logsumexp,
    sin,
    tanh,
    total,
)
from autograd.graph import topological_order
from autograd.operation import Operation
from tests.engine.random_graphs import random_graph

# -- by hand ---------------------------------------------------------------------------------------


def test_a_neuron_by_hand() -> None:
    """o = tanh(a·b + c), with s = a·b + c:

    backward: ds = tanh'(s); dc = ds; da = ds·b; db = ds·a
    tangent: ts = b·ta + a·tb + tc; to = tanh'(s)·ts
    """
    a, b, c = Value(2.0), Value(-3.0), Value(10.0)
    found = cost(tanh(a * b + c))
    assert found.forward == {"*": 1, "+": 1, "tanh": 1}
    assert found.backward == {"tanh_derivative": 1, "*": 2}
    assert found.tangent == {"tanh_derivative": 1, "*": 3, "+": 2}
    assert found.kept == 3  # s for tanh'(s), a and b
    assert found.ratio == 2.0
    assert found.jacobian == {"forward": 3 + 3 * 6, "reverse": 3 + 3, "differences": 3 * 4}


def test_a_value_used_twice_by_hand() -> None:
    """u = x·y; o = u·u + exp(x): du = u + u, which is one sum; dx = exp(x) + du·y; dy = du·x."""
    x, y = Value(2.0), Value(3.0)
    u = x * y
    found = cost(u * u + exp(x))
    assert found.forward == {"*": 2, "+": 1, "exp": 1}
    assert found.backward == {"+": 2, "*": 2}  # exp'(x) is at hand
    assert found.kept == 4  # u, exp(x), x and y


def test_a_weighted_sum_by_hand() -> None:
    """o = 3·sin(w·x + b)², of two weights: s = sin(z); ds = 3·(2·s); dz = ds·cos(z); dw = dz·x."""
    w, x, b = [Value(1.0), Value(2.0)], [Value(0.5), Value(0.25)], Value(0.1)
    found = cost(3 * sin(dot(w, x, b)) ** 2)
    assert found.forward == {"*": 3, "+": 2, "sin": 1, "**": 1}
    assert found.backward == {"*": 1 + 1 + 1 + 4, "cos": 1}
    assert found.kept == 1 + 1 + 4
    assert (found.n_inputs, found.n_outputs) == (5, 1)


def test_several_outputs_by_hand() -> None:
    """y1 = a·b, y2 = a + b, with upstream u1, u2: da = u1·b + u2, db = u1·a + u2."""
    a, b = Value(2.0), Value(3.0)
    found = cost([a * b, a + b])
    assert found.forward == {"*": 1, "+": 1}
    assert found.backward == {"*": 2, "+": 2}
    assert found.tangent == {"*": 2, "+": 2}
    assert found.jacobian == {"forward": 2 + 2 * 4, "reverse": 2 + 2 * 4, "differences": 6}


def test_an_operation_of_many_operands_is_counted_by_its_formula() -> None:
    xs = [Value(0.5 * k) for k in range(4)]
    found = cost(logsumexp(xs))
    assert found.forward == {"exp": 4, "+": 3, "log": 1}
    assert found.backward == {"exp": 4, "-": 4}
    assert cost(total(xs)).forward == {"+": 3}


def test_what_is_cut_or_constant_costs_nothing_on_the_way_back() -> None:
    x = Value(2.0)
    assert cost(x * detach(exp(x))).backward == {}
    assert cost(x).ratio == 1.0
    assert cost(5 * x).backward == {}  # the constant 5 is the gradient


# -- by a number that counts -----------------------------------------------------------------------


class Counting:
    """A number that counts the operations done on it; with literal ones and zeros they are free."""

    def __init__(self, number: float, tally: Counter[str]) -> None:
        self.number = number
        self.tally = tally

    def record_operation(self, operation: Operation, operands: tuple[Any, ...]) -> "Counting":
        return self.done(operation.name)

    def done(self, kind: str) -> "Counting":
        self.tally[kind] += 1
        return Counting(self.number, self.tally)

    def __add__(self, other: Any) -> Any:
        return self if type(other) is int and other == 0 else self.done("+")

    def __sub__(self, other: Any) -> Any:
        return self.done("-")

    def __mul__(self, other: Any) -> Any:
        if type(other) is int and other in (0, 1):
            return self if other else 0
        return self.done("neg" if type(other) is int and other == -1 else "*")

    __radd__, __rmul__ = __add__, __mul__


def counted_backward(order: list[Value]) -> Counter[str]:
    """Do the backward pass, a node at a time, on numbers that count."""
    tally: Counter[str] = Counter()
    upstream: dict[Value, Any] = {order[-1]: 1}
    for node in reversed(order):
        if not node.parents:
            continue
        counting = [Counting(0.5, tally) for _ in node.record[1:]]
        operands = [
            parent.data if parent.is_constant else number
            for parent, number in zip(node.parents, counting, strict=True)
        ]
        locals_ = node.operation.derivatives(Counting(0.5, tally), *operands)
        locals_ = locals_ if isinstance(locals_, tuple) else (locals_,)
        for parent, local in zip(node.parents, locals_, strict=True):
            if not parent.is_constant:
                contribution = upstream[node] * local
                known = upstream.get(parent, 0)
                upstream[parent] = known + contribution if known != 0 else contribution
    return tally


def counted_forward(order: list[Value]) -> Counter[str]:
    tally: Counter[str] = Counter()
    for node in order:
        if node.op in ("+", "-", "*", "dot", "total"):
            node.operation.forward(*[Counting(0.5, tally) for _ in node.parents])
        elif node.parents:
            tally[node.op] += 1
    return tally


def by_sign(counts: Counter[str]) -> Counter[str]:
    """Return the counts with -x taken for (-1)·x, as it is within a sum of products."""
    return +Counter(
        {**counts, "*": counts["*"] + counts["neg"], "neg": 0},
    )


@pytest.mark.parametrize("seed", range(100))
def test_random_graphs_are_counted_as_numbers_that_count_do(seed: int) -> None:
    _, output = random_graph(seed)
    order = topological_order(output)
    found = cost(output)
    assert by_sign(found.forward) == by_sign(counted_forward(order))
    assert by_sign(found.backward) == by_sign(counted_backward(order))


@pytest.mark.parametrize("seed", range(50))
def test_of_sums_and_products_the_ratio_keeps_to_the_bound(seed: int) -> None:
    rng = random.Random(seed)
    nodes = [Value(rng.uniform(-1, 1)) for _ in range(3)]
    for _ in range(60):
        a, b = rng.choice(nodes), rng.choice(nodes)
        nodes.append(rng.choice([a + b, a * b, a - b, tanh(a)]))
    assert 1.0 <= cost(total(nodes[-20:])).ratio <= 4.0


# -- recompute checkpoints -------------------------------------------------------------------------


def recurrent(length: int, every: int) -> Value:
    h, w = Value(0.1), Value(0.9)

    def several(h: Any, w: Any) -> Any:
        for _ in range(every or length):
            h = tanh(w * h)
        return h

    for _ in range(length // every if every else 1):
        h = checkpoint(several)(h, w) if every else several(h, w)
    return h


def test_a_recompute_checkpoint_trades_numbers_kept_for_a_second_forward_pass() -> None:
    plain, shared = cost(recurrent(100, 0)), cost(recurrent(100, 10))
    assert plain.kept == 2 * 100 + 1  # w, and of each step h and w·h
    assert (plain.again, shared.again) == (0, 2 * 10)
    assert shared.kept == 10 + 1  # w, and h before each of ten
    assert shared.forward == plain.forward
    assert shared.backward == plain.backward + plain.forward
    assert shared.tangent == plain.tangent + plain.forward


# -- telling ---------------------------------------------------------------------------------------


def test_it_prints_as_a_table() -> None:
    a, b = Value(2.0), Value(-3.0)
    assert repr(cost(tanh(a * b))) == (
        "operation        forward  backward  tangent\n"
        "*                      1         2        3\n"
        "tanh                   1         0        0\n"
        "tanh_derivative        0         1        1\n"
        "+                      0         0        1\n"
        "together               2         3        5\n"
        "numbers kept for the way back: 3\n"
        "value and gradient together cost 2.50 × the value; "
        "cheap-gradient bound (Griewank and Walther): 4\n"
        "all derivatives (inputs: 2, outputs: 1), in operations: "
        "forward mode 12, reverse mode 5, differences 6"
    )


def test_no_gradient_is_touched() -> None:
    x = Value(2.0)
    cost(x * x)
    assert not x.has_grad


@pytest.mark.parametrize("junk", [2.0, [2.0], [], "x", None, [None]])
def test_what_is_not_a_value_is_an_error(junk: Any) -> None:
    with pytest.raises(
        NotAGraphError, match=r"^cost takes a Value, or a list of them; .* is neither"
    ):
        cost(junk)


def test_of_a_function_it_says_to_call_it() -> None:
    with pytest.raises(
        NotAGraphError, match=r"; give what the function returns: cost\(f\(x, y\)\)$"
    ):
        cost(lambda x: x)  # type: ignore[arg-type]


def test_an_edited_graph_is_an_error() -> None:
    x = Value(2.0)
    y = x * x
    x.data = 3.0
    with pytest.raises(StaleGraphError):
        cost(y)
