"""From the graph to steps: what repeats, what is many, what is left."""

import pytest

from autograd import Value, compile, dot, exp, gradients, logsumexp, mean, softmax, tanh, total
from autograd.graph import topological_order
from autograd.ops import cross_entropy_of
from tests.backends import every_backend
from tests.program.graphs import LABELS, Case, assert_close, compiled, eager, moons


def test_each_pass_leaves_fewer_steps():
    counts = compiled(moons(2, 16, 16, 1), "numpy").counts
    assert counts["nodes of the graph"] == 409
    assert counts["steps left"] == 167  # as measured for the prototype
    assert counts["groups"] == 17


@pytest.mark.slow
def test_200_000_nodes_still_compile():
    x, w = Value(0.5, label="x"), Value(0.9, label="w")
    y = x
    for _ in range(100_000):
        y = w * y + 0.01
    program = compile(y, inputs=[x], backend="python")
    assert program.counts["steps left"] > 299_000
    assert_close(program.run([0.9], [[0.5]]), (y.data, gradients(y, [w])))


def x_and_weights():
    return Value(2.0, label="x"), Value(0.5, label="w"), Value(0.7, label="u")


REPEATED = [  # an operand that is there several times, which arrays may not hold once
    lambda x, w, u: tanh(w * w * x),
    lambda x, w, u: exp(w * w) * x,
    lambda x, w, u: (1 + w * w) ** tanh(x),
    lambda x, w, u: dot([w, w], [u, u]) * x,
    lambda x, w, u: dot([w, w], [x, x]),
    lambda x, w, u: dot([u, u], [x, x], w),
    lambda x, w, u: dot([x, x, u], [u, u, u]) + w,
    lambda x, w, u: logsumexp([x, x]) + w + u,
    lambda x, w, u: softmax([x, x])[0] * w + u,
    lambda x, w, u: softmax([w, w, u])[0] * x,
    lambda x, w, u: logsumexp([w, w]) * x + u,
    lambda x, w, u: logsumexp([w * x, w * x, w * x]) + u,
    lambda x, w, u: cross_entropy_of(x * w, x * w, x * w) + u,
    lambda x, w, u: cross_entropy_of(x * w, Value(2.0) * 1.0, u) + total([x, x, x]),
    lambda x, w, u: mean([x, x, w]) * mean([u, u]),
    lambda x, w, u: logsumexp([w]) * x + softmax([u])[0],
    lambda x, w, u: total([x, w * x, u * x, 1.0]) * w,
    lambda x, w, u: total([w, u, w * u, 1.0, 2.0]) * x,
    lambda x, w, u: logsumexp([w, u]) * x + logsumexp([x]),
    lambda x, w, u: cross_entropy_of(w, u) * x + cross_entropy_of(x, w),
]


@pytest.mark.parametrize("k", range(len(REPEATED)))
@every_backend
def test_an_operand_that_is_there_several_times_counts_as_often(k, backend):
    x, w, u = x_and_weights()
    output = REPEATED[k](x, w, u)
    constants = [n for n in topological_order(output) if not n.parents and not n.is_constant]
    parameters = [leaf for leaf in constants if leaf is not x]
    case = Case(output, [x], parameters, [[1.0, 3.0, -0.5]])
    assert_close(compiled(case, backend).run(case.numbers, case.columns), eager(case))
    values = compiled(case, backend).evaluate(case.columns)
    assert sum(values) / 3 == pytest.approx(eager(case)[0])


@every_backend
def test_an_output_that_is_there_twice_comes_twice(backend):
    x, w, _ = x_and_weights()
    product = w * x
    program = compile([product, product, x, x], inputs=[x], backend=backend)
    assert program.evaluate([[1.0, 2.0]]) == [(0.5, 0.5, 1.0, 1.0), (1.0, 1.0, 2.0, 2.0)]


@pytest.mark.parametrize("n", [31, 5000])
@every_backend
def test_sums_of_many_terms(n, backend):
    w = [Value(0.001 * k, label=f"w[{k}]") for k in range(n)]
    x = Value(2.0, label="x")
    output = tanh(dot(w, [x] * n) * 1e-4 + total(w) * 1e-4)
    program = compile(output, inputs=[x], backend=backend)
    assert_close(program.run([v.data for v in w], [[2.0]]), (output.data, gradients(output, w)))


@every_backend
def test_any_label_is_a_name(backend):
    inputs = [Value(0.1 * k, label=label or None) for k, label in enumerate(LABELS)]
    parameters = [Value(0.2 * k, label=label or None) for k, label in enumerate(LABELS)]
    output = total([exp(-w * x) + w**2 for w, x in zip(parameters, inputs, strict=True)])
    columns = [[leaf.data, 0.5] for leaf in inputs]
    case = Case(output, inputs, parameters, columns)
    assert_close(compiled(case, backend).run(case.numbers, columns), eager(case))
