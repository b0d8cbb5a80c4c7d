"""Programs against the engine: the same numbers in every backend; errors name the place."""

import math
import pickle
import random
from fractions import Fraction

import numpy as np
import pytest

from autograd import (
    FrozenBranchError,
    NoForwardRuleError,
    StaleGraphError,
    Value,
    checkpoint,
    compile,
    gradients,
    maximum,
    mean,
    sin,
    tanh,
)
from autograd.graph import topological_order
from autograd.operation import OPERATIONS
from nn import MLP, Neuron, cross_entropy, mse_loss
from tests.backends import NATIVE, every_backend
from tests.cases import CASES, SPECIAL
from tests.program.graphs import (
    NETWORKS,
    OTHERS,
    Case,
    assert_close,
    attention,
    compiled,
    eager,
    gpt,
    irregular,
    moons,
    rnn,
    softmax_regression,
)

every_graph = pytest.mark.parametrize("name", [*NETWORKS, *OTHERS])


# -- the same numbers ------------------------------------------------------------------------------


@every_graph
@every_backend
def test_a_program_computes_what_the_engine_does(name, backend):
    case = {**NETWORKS, **OTHERS}[name]()
    program = compiled(case, backend)
    assert_close(program.run(case.numbers, case.columns), eager(case))


@pytest.mark.slow
@pytest.mark.parametrize("positions", [4, 8])
@every_backend
def test_a_small_gpt(positions, backend):
    case = gpt(positions)
    assert_close(compiled(case, backend).run(case.numbers, case.columns), eager(case))


@pytest.mark.parametrize("seed", range(12))
@every_backend
def test_random_graphs_of_all_operations(seed, backend):
    case = irregular(80, seed)
    assert_close(compiled(case, backend).run(case.numbers, case.columns), eager(case))


POINTS = [
    pytest.param(case.operation, point, id=f"{case.operation.name}{point}")
    for case in CASES
    for point, _ in case.points
] + [
    pytest.param(row.operation, row.operands, id=f"{row.operation.name}{row.operands}")
    for row in SPECIAL
    if all(isinstance(operand, float) for operand in row.operands)
]


@pytest.mark.filterwarnings("ignore:the result is nan")
@pytest.mark.parametrize(("operation", "point"), POINTS)
@every_backend
def test_every_operation_at_every_point_of_the_table(operation, point, backend):
    n_constants = {"normal_density": 1, "power_log": 1, "power_partial": 2}.get(operation.name, 0)
    variables = point[: len(point) - n_constants]
    nodes = [Value(x, label=f"x{k}") for k, x in enumerate(variables)]
    output = operation(*nodes, *point[len(variables) :])
    program = compile(output, inputs=nodes[:1], backend=backend)
    found, slopes = program.run(variables[1:], [[variables[0]]])
    eager_slopes = gradients(output, nodes[1:])
    largest = max(map(abs, point)) if operation.arity is None else 0.0  # sums: their condition
    error = 5e-324 if math.isinf(largest) else max(5e-324, 1e-12 * largest)
    for number, expected in zip([found, *slopes], [output.data, *eager_slopes], strict=True):
        assert number == pytest.approx(expected, rel=1e-12, abs=error, nan_ok=True)
    if output.data == 0.0:
        assert math.copysign(1.0, program.evaluate([[variables[0]]])[0]) == math.copysign(
            1.0, output.data
        )


@every_backend
def test_without_inputs_it_runs_its_one_graph_again(backend):
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    program = compile(a * b + sin(a), backend=backend)
    b.data = 5.0
    assert program() == pytest.approx(10.0 + math.sin(2.0))
    assert (a.grad, b.grad) == pytest.approx((5.0 + math.cos(2.0), 2.0))


@every_backend
def test_a_call_adds_to_the_gradients_as_backward_does(backend):
    case = moons(2, 3, 1)
    program = compiled(case, backend)
    expected = eager(case)[1]
    for _ in range(2):
        program(case.columns)
    assert [p.grad for p in case.parameters] == pytest.approx([2 * g for g in expected])


@every_backend
@pytest.mark.parametrize("make", [lambda: moons(2, 4, 1, rows=5000), lambda: attention(rows=5000)])
def test_many_rows_have_the_mean_of_all(backend, make):
    case = make()
    program = compiled(case, backend)
    whole, gradient = program.run(case.numbers, case.columns)
    parts = [
        program.run(case.numbers, [column[k : k + 1000] for column in case.columns])
        for k in range(0, 5000, 1000)
    ]
    assert whole == pytest.approx(sum(part[0] for part in parts) / 5)
    assert list(gradient) == pytest.approx(list(sum(np.array(part[1]) for part in parts) / 5))


@every_backend
def test_evaluate_gives_an_output_a_row(backend):
    case = rnn(rows=3)
    outputs = compiled(case, backend).evaluate(case.columns)
    for row, output in zip(zip(*case.columns, strict=True), outputs, strict=True):
        one = case._replace(columns=[[number] for number in row])
        assert output == pytest.approx(eager(one)[0])


@every_backend
def test_several_outputs_are_evaluated_side_by_side(backend):
    x, w = Value(1.0, label="x"), Value(3.0, label="w")
    program = compile([w * x, x + 1.0], inputs=[x], backend=backend)
    assert program.evaluate([[1.0, 2.0]]) == [(3.0, 2.0), (6.0, 3.0)]
    with pytest.raises(ValueError, match="has 2 outputs: evaluate runs it"):
        program.run([3.0], [[1.0]])


@every_backend
def test_a_fraction_among_the_constants_is_a_float_beside_floats(backend):
    w, x = Value(0.3, label="w"), Value(0.5, label="x")
    (third,) = gradients(mean([w * x, w * w, w]), [w], create_graph=True)  # it holds 1/3
    slope, expected = compile(third, backend=backend)([]), (x.data + 2 * w.data + 1) / 3
    assert slope == pytest.approx(expected, rel=1e-15)
    assert (w.grad, x.grad) == pytest.approx((2 / 3, 1 / 3), rel=1e-15)


@pytest.mark.parametrize("backend", ["numpy", NATIVE])
def test_arrays_refuse_fractions(backend):
    a = Value(Fraction(1, 3), label="a")
    with pytest.raises(ValueError, match=f"holds fractions, which backend='{backend}' cannot hold"):
        compile(a * a, backend=backend)
    x = Value(1.0, label="x")
    with pytest.raises(TypeError, match=r"column x holds fractions, or integers too large"):
        compile(x * x, inputs=[x], backend=backend).evaluate([[Fraction(1, 3)]])


@pytest.mark.parametrize(
    ("installed", "fastest"),
    [
        ({"numpy"}, "numpy"),
        ({"llvmlite"}, "python"),
        (set(), "python"),
        pytest.param({"llvmlite", "numpy"}, "native", marks=NATIVE.marks),
    ],
)
def test_auto_takes_the_fastest_that_is_there(installed, fastest, monkeypatch):
    monkeypatch.setattr(
        "autograd.program.backends.find_spec", lambda name: name if name in installed else None
    )
    assert compile(Value(1.0) ** 2).backend == fastest


@pytest.mark.parametrize(
    ("backend", "message"),
    [
        ("numpy", "pip install numpy, or take backend='python'"),
        ("native", r"needs llvmlite and numpy, .* `fast` brings: pip install 'chalkgrad\[fast\]'"),
    ],
)
def test_a_backend_without_its_packages_says_what_to_install(backend, message, monkeypatch):
    monkeypatch.setattr("autograd.program.backends.find_spec", lambda name: None)
    with pytest.raises(ImportError, match=message):
        compile(Value(1.0) ** 2, backend=backend)


@pytest.mark.parametrize("backend", ["numpy", NATIVE])
def test_the_bits_repeat(backend):
    case = moons(2, 16, 16, 1, rows=5000)
    first, second = (compiled(case, backend).run(case.numbers, case.columns) for _ in range(2))
    assert first[0] == second[0]
    assert first[1].tolist() == second[1].tolist()


@every_graph
@every_backend
def test_a_program_can_be_pickled(name, backend):
    case = {**NETWORKS, **OTHERS}[name]()
    program = compiled(case, backend)
    copy = pickle.loads(pickle.dumps(program))
    expected, found = (p.run(case.numbers, case.columns) for p in (program, copy))
    assert found[0] == expected[0]
    assert list(found[1]) == list(expected[1])
    assert copy.source == program.source


@pytest.mark.parametrize("rows", [1, 2, 3, 7])
@every_backend
def test_leaves_come_in_any_order(rows, backend):
    case = softmax_regression(rows)
    rng = random.Random(rows)
    places = rng.sample(range(len(case.inputs)), len(case.inputs))
    parameters = rng.sample(case.parameters, len(case.parameters))
    shuffled = case._replace(
        inputs=[case.inputs[k] for k in places],
        columns=[case.columns[k] for k in places],
        parameters=parameters,
    )
    program = compiled(shuffled, backend)
    assert_close(program.run(shuffled.numbers, shuffled.columns), eager(shuffled))
    assert len(program.evaluate(shuffled.columns)) == rows


@pytest.mark.parametrize("sizes", [[2, 2], [3, 2], [4, 2], [3, 3], [3, 2, 2], [3, 1]])
@every_backend
def test_parameters_are_those_of_the_graph_unless_given(sizes, backend):
    model = MLP(2, sizes, "tanh")
    x = [Value(0.3, label="x[0]"), Value(-0.2, label="x[1]")]
    outputs = model(x) if sizes[-1] > 1 else [model(x)]
    loss = mse_loss(outputs, [0.5] * sizes[-1])
    program = compile(loss, inputs=x, backend=backend)
    case = Case(loss, x, program.parameters, [[1.0, 2.0], [3.0, 4.0]])
    assert_close(program.run(case.numbers, case.columns), eager(case))


@every_backend
def test_a_neuron_used_twice_shares_its_weights(backend):
    neuron = Neuron(2, "tanh", rng=1)
    x = [Value(0.3, label="x[0]"), Value(-0.2, label="x[1]")]
    h = neuron(x)
    case = Case(neuron([h, h]), x, neuron.parameters(), [[0.1, 0.5], [1.0, -2.0]])
    assert_close(compiled(case, backend).run(case.numbers, case.columns), eager(case))


def test_it_prints_as_a_short_table():
    text = str(compiled(moons(2, 2, 1), "python"))
    assert text.splitlines()[0] == "program: inputs 3, parameters 9, outputs 1, backend python"
    assert "nodes of the graph" in text
    assert "linear" in text
    assert len(text.splitlines()) == 8


def test_a_parameter_without_effect_has_a_zero_gradient_and_is_named():
    x, w, unused = Value(1.0, label="x"), Value(2.0, label="w"), Value(3.0, label="unused")
    program = compile(w * x, inputs=[x], parameters=[w, unused])
    assert list(program.run([2.0, 3.0], [[1.5]])[1]) == [1.5, 0.0]
    assert str(program).endswith("without effect, derivative 0: unused")


# -- branches that were frozen -----------------------------------------------------------------


@every_backend
def test_verify_finds_a_branch_on_data(backend):
    w = Value(2.0, label="w")

    def build(number):
        x = Value(number, label="x")
        return w * x if number > 0 else -w * x

    x = Value(1.0, label="x")
    program = compile(w * x, inputs=[x], backend=backend)
    program.verify(build, [[1.0], [2.5]])
    with pytest.raises(
        FrozenBranchError, match=r"row 1 \(x = -1.0\): built anew, the output is 2.0"
    ):
        program.verify(build, [[1.0], [-1.0]])


def test_verify_says_what_it_takes():
    x, w = Value(1.0, label="x"), Value(2.0, label="w")
    program = compile(w * x, inputs=[x])
    with pytest.raises(
        TypeError, match=r"row 0 is a list of numbers, one for each input, not 1\.0"
    ):
        program.verify(lambda number: w * number, [1.0])
    with pytest.raises(TypeError, match=r"build returned 3\.0 for row 0; it must return a Value"):
        program.verify(lambda number: 3.0, [[1.0]])


def test_verify_tells_infinity_and_nan_from_numbers():
    x, w = Value(1.0, label="x"), Value(2.0, label="w")
    program = compile(w * x, inputs=[x])
    for bad in (math.inf, math.nan):
        with pytest.raises(FrozenBranchError, match=f"the output is {bad}"):
            program.verify(lambda number, bad=bad: w * number + bad, [[3.0]])


def test_verify_finds_a_gradient_that_differs():
    w = Value(2.0, label="w")
    x = Value(1.0, label="x")
    program = compile(maximum(w * x, 0.0), inputs=[x])
    program.verify(lambda number: maximum(w * Value(number), 0.0), [[1.0], [-1.0]])
    with pytest.raises(FrozenBranchError, match=r"∂output/∂w is 0\.0"):
        program.verify(lambda number: maximum(Value(w.data * number), 0.0) + 0.0 * w, [[1.0]])


@every_backend
def test_verify_compares_every_output(backend):
    w, x = Value(2.0, label="w"), Value(1.0, label="x")

    def build(number):
        x = Value(number, label="x")
        return [w * x, w + x if number < 2 else w - x]

    program = compile([w * x, w + x], inputs=[x], backend=backend)
    program.verify(build, [[1.0], [-1.0]])
    with pytest.raises(FrozenBranchError, match=r"output 1 is -1\.0; the program has 5\.0"):
        program.verify(build, [[1.0], [3.0]])
    for wrong in (w, [w], [w, 1.0]):
        with pytest.raises(TypeError, match="for row 0; it must return a list of 2 Values"):
            program.verify(lambda number, wrong=wrong: wrong, [[1.0]])


def test_leaves_that_are_wrong():
    x, w, other = Value(1.0, label="x"), Value(2.0, label="w"), Value(3.0, label="other")
    product = w * x
    for arguments, message in [
        ({"inputs": [product]}, "is not a leaf: it was made by"),
        ({"inputs": [other]}, "input other is not in the graph"),
        ({"inputs": [x, x]}, "input x is given twice"),
        ({"inputs": [x], "parameters": [w, w]}, "parameter w is given twice"),
        ({"inputs": [x], "parameters": [x, w]}, "x is given as an input and as a parameter"),
        ({"inputs": [x], "parameters": []}, "w is neither an input nor a parameter"),
        ({"backend": "jax"}, "backend 'jax' is unknown; there are auto, python, numpy, native"),
    ]:
        with pytest.raises(ValueError, match=message):
            compile(product, **arguments)
    for output, inputs, message in [
        (3.0, [], "compile takes a Value"),
        (product, x, r"write inputs=\[x\]"),
        (product, ["x"], "input 0 is 'x', not a Value"),
    ]:
        with pytest.raises(TypeError, match=message):
            compile(output, inputs=inputs)
    with pytest.raises(ValueError, match="compile of nothing"):
        compile([])


def test_a_graph_that_was_edited_is_refused():
    x, w = Value(1.0, label="x"), Value(2.0, label="w")
    output = w * x
    w.data = 3.0
    with pytest.raises(StaleGraphError, match=r"w was 2\.0"):
        compile(output, inputs=[x])


def test_a_class_given_as_a_number_is_frozen_and_it_says_so():
    x, w = Value(1.0, label="x"), Value(2.0, label="w")
    loss = cross_entropy([w * x, x, w], 1)
    with pytest.warns(UserWarning, match="given class 1, a number, which is the class of every"):
        compile(loss, inputs=[x])
    compile(loss)  # without inputs there is one row


def test_a_one_off_operation_is_refused_by_name():
    x = Value(2.0, label="x")
    cube = Value(8.0, parents=(x,), local_derivatives=lambda out, x: 3 * x * x, op="cube")
    with pytest.raises(NoForwardRuleError, match="made by cube"):
        compile(cube + x, inputs=[x])


def test_a_recompute_checkpoint_is_refused_by_name_and_told_what_to_do():
    x = Value(2.0, label="x")

    def block(x):
        return tanh(x) * x

    with pytest.raises(
        NoForwardRuleError,
        match=r"^block is a recompute checkpoint: .* a program keeps no graph; call block itself ",
    ):
        compile(checkpoint(block)(x) + x, [x])
    assert compile(block(x) + x, [x]).evaluate([[2.0]]) == [math.tanh(2.0) * 2.0 + 2.0]


def test_the_inputs_may_follow_the_output():
    x, w = Value(2.0, label="x"), Value(3.0, label="w")
    assert compile(x * w, [x], backend="python").evaluate([[5.0]]) == [15.0]
    with pytest.raises(TypeError, match=r"inputs are a list of leaves: write inputs=\[x\]"):
        compile(x * w, x)


def test_random_graphs_draw_every_operation():
    """All but the helpers of rules, which gradients bring in."""
    graphs = [irregular(80, seed).output for seed in range(40)]
    drawn = {node.op for graph in graphs for node in topological_order(graph)}
    assert {name for name, row in OPERATIONS.items() if row.__doc__} <= drawn
    assert {"+", "-", "*", "/", "**", "neg", "pos", "total", "mean", "dot", "logsumexp"} <= drawn
    assert "cross_entropy" in drawn
