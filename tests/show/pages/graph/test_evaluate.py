"""The graph of a page against the engine: every number of both passes, also after a touch."""

import math
import random

import pytest

from autograd import Value, exp, log, refresh, sqrt, tanh
from autograd.graph import topological_order
from autograd.operation import OPERATIONS
from autograd.show.pages.graph import GraphData
from autograd.show.story import Story
from tests.cases import CASES
from tests.program.graphs import NETWORKS, OTHERS
from tests.show.folding.graphs import batch_of_rows, recurrent
from tests.show.pages.graph.scripts import SCRIPTS, run

GRAPHS = {name: (lambda make=make: make().output) for name, make in {**NETWORKS, **OTHERS}.items()}
GRAPHS |= {"batch": batch_of_rows, "time steps": recurrent}


def in_page(output, commands):
    """Return what each command, JavaScript on ``graph``, leaves: its data, grads and states."""
    data = GraphData(Story(output))
    return run(
        ["evaluate"],
        f"""{data.script}
        const graph = graphOf(read);
        const seen = () => [[...graph.data], [...graph.grads], [...graph.state]];
        [{", ".join(f"({command}, seen())" for command in commands)}]""",
        read=data.as_json(),
    )


@pytest.mark.parametrize("name", GRAPHS)
def test_untouched_it_has_the_numbers_of_the_engine_to_the_bit(name):
    output = GRAPHS[name]()
    story = Story(output)
    [(data, grads, _)] = in_page(output, ["0"])
    assert data == [float(node.data) for node in story.order]
    for node, number in story.gradients.items():
        assert grads[story.order.index(node)] == number, node


@pytest.mark.parametrize("name", GRAPHS)
def test_touched_it_computes_what_the_engine_does(name):
    output = GRAPHS[name]()
    order = topological_order(output)
    rng = random.Random(1)
    leaves = [k for k, node in enumerate(order) if not node.parents and not node.is_constant]
    touched = {k: order[k].data + rng.uniform(-0.05, 0.05) for k in rng.sample(leaves, 2)}
    changes = [[k, number] for k, number in touched.items()]
    [(data, grads, _), (again, _, _)] = in_page(
        output, [f"graph.set({changes})", "graph.restore()"]
    )
    assert again == [float(node.data) for node in order]
    for k, number in touched.items():
        order[k].data = number
    refresh(output)
    output.backward()
    assert data == pytest.approx([node.data for node in order], rel=1e-12, abs=1e-15)
    expected = [node.grad for node in order]
    largest = max(map(abs, expected))
    for k, node in enumerate(order):
        if not node.is_constant:
            assert grads[k] == pytest.approx(node.grad, rel=1e-9, abs=1e-12 * largest), node


def test_every_operation_follows_a_touch():
    """At each point of the table of cases a leaf is touched by nothing; all comes out alike."""
    pages, sent, expected = [], [], []
    evaluate = (SCRIPTS / "evaluate.js").read_text("utf-8")
    for case in CASES:
        for point, _ in case.points:
            n = len(point) - case.n_constants
            leaves = [Value(x, label=f"x{k}") for k, x in enumerate(point[:n])]
            output = case.operation(*leaves, *point[n:])
            if not output.parents:
                continue
            output.backward()
            data = GraphData(Story(output))
            k = data.place[leaves[0]]
            pages.append(
                f"""(() => {{ {data.script} {evaluate}
                const graph = graphOf(read[{len(sent)}]);
                graph.set([[{k}, Number(read[{len(sent)}].nodes.number[{k}])]]);
                return [graph.data.at(-1), graph.grads[{k}]]; }})()"""
            )
            sent.append(data.as_json())
            expected.append((case.operation.name, point, output.data, leaves[0].grad))
    found = run([], f"const found = [{', '.join(pages)}];\nfound", read=sent)
    for (name, point, data, grad), (value, slope) in zip(expected, found, strict=True):
        assert value == pytest.approx(data, rel=1e-12, nan_ok=True), (name, point)
        assert slope == pytest.approx(grad, rel=1e-10, abs=1e-300, nan_ok=True), (name, point)


@pytest.mark.parametrize(
    ("make", "touched", "states"),
    [
        (lambda x: log(x) * 2, 0.0, [0, 1, 0, 2]),
        (lambda x: sqrt(x) + x, -1.0, [0, 1, 2]),
        (lambda x: 1 / x, 0.0, [0, 0, 1]),
        (lambda x: x**-1.0, 0.0, [0, 0, 1]),
        (lambda x: x**2.0, -3.0, [0, 0, 0]),
        (exp, 1000.0, [0, 0]),  # overflow is infinite, as in the engine
    ],
)
def test_outside_a_domain_a_node_is_undefined_and_what_depends_on_it_unknown(make, touched, states):
    x = Value(2.0, label="x")
    output = make(x)
    place = topological_order(output).index(x)
    [(_, _, found), (_, _, after)] = in_page(
        output, [f"graph.set([[{place}, {touched}]])", "graph.restore()"]
    )
    assert sorted(found) == sorted(states)
    assert not any(after)


def test_every_domain_is_tested_in_pages():
    without = [row.name for row in OPERATIONS.values() if row.domain and not row.domain.javascript]
    assert without == []


def test_a_one_off_node_is_unknown_once_it_is_touched():
    x = Value(2.0, label="x")
    cube = Value(8.0, parents=(x,), local_derivatives=lambda out, x: 3 * x * x, op="cube")
    [(_, grads, _), (_, _, states)] = in_page(cube + 1, ["0", "graph.set([[0, 3]])"])
    assert grads[0] == 12.0
    assert states == [0, 1, 0, 2]


def test_a_nudge_shows_the_limit_and_changes_nothing():
    x = Value(0.5, label="x")
    output = tanh(x) * x
    output.backward()
    data = GraphData(Story(output))
    found = run(
        ["evaluate"],
        f"""{data.script}
        const graph = graphOf(read);
        const place = read.nodes.name.indexOf("x");
        const slopes = [1, 0.1, 0.01, 0.001].map((h) => graph.nudged(place, h));
        [slopes, [...graph.data], graph.isTouched]""",
        read=data.as_json(),
    )
    slopes, numbers, is_touched = found
    errors = [abs(slope - x.grad) for slope in slopes]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < 1e-3
    assert numbers == [node.data for node in topological_order(output)]
    assert not is_touched
    assert math.isclose(slopes[0], math.tanh(1.5) * 1.5 - math.tanh(0.5) * 0.5)
