"""Programs in JavaScript, run by node and by Chromium, against the engine."""

import json
import math
import os
import shutil
import subprocess
from fractions import Fraction
from functools import partial
from typing import Any

import pytest

from autograd import Value, compile, exp, tanh, total
from autograd.calculus import gradients
from tests.cases import CASES
from tests.program.graphs import (
    LABELS,
    NETWORKS,
    OTHERS,
    Case,
    assert_close,
    compiled,
    eager,
    gpt,
    irregular,
    moons,
)

NODE = shutil.which("node") or shutil.which("nodejs")


def node(script: str, call: str) -> Any:
    """Return what an expression is, after a script; NaN and infinity come back as text."""
    if NODE is None:
        assert "REQUIRE_BROWSER" not in os.environ, "node is missing"
        pytest.skip("programs in JavaScript are run by node: install nodejs")
    shown = "(key, n) => typeof n === 'number' && !Number.isFinite(n) ? String(n) : n"
    program = f"{script}\nconsole.log(JSON.stringify({call}, {shown}));"
    done = subprocess.run([NODE], input=program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def number(found: Any) -> float:
    return float(found.replace("Infinity", "inf")) if isinstance(found, str) else float(found)


def typed(numbers: Any) -> str:
    """Return numbers, in lists, as JavaScript types them."""
    if isinstance(numbers, list | tuple):
        return f"[{', '.join(map(typed, numbers))}]"
    return repr(numbers).replace("inf", "Infinity").replace("nan", "NaN")


def javascript(case: Case) -> str:
    return compiled(case, "python").javascript


CALL = "(({{ output, gradient }}) => [output, Array.from(gradient)])(run({numbers}, {columns}))"


def run_in_node(case: Case, script: str) -> tuple[float, list[float]]:
    call = CALL.format(numbers=typed(case.numbers), columns=typed(case.columns))
    output, gradient = node(script, call)
    return number(output), list(map(number, gradient))


GRAPHS = {
    **NETWORKS, **OTHERS,
    "2-32-32-1": lambda: moons(2, 32, 32, 1),
    "16-64-64-1": lambda: moons(16, 64, 64, 1, rows=3),
    "a long irregular one": lambda: irregular(1000),
    **{f"random graph {seed}": partial(irregular, 80, seed) for seed in range(12)},
    **{f"GPT of {n} positions": partial(gpt, n) for n in (4, 8)},
}  # fmt: skip


@pytest.mark.parametrize("name", GRAPHS)
@pytest.mark.parametrize("most", [0, 10**9])
def test_lines_and_loops_compute_what_the_engine_does(name, most, monkeypatch):
    monkeypatch.setattr("autograd.program.javascript.writer.MOST_OPERANDS", most)
    case = GRAPHS[name]()
    script = javascript(case)
    assert ("new Float64Array" in script) == (most == 0)
    assert_close(run_in_node(case, script), eager(case))


def test_a_small_graph_has_a_line_a_node_and_a_large_one_loops():
    assert "new Float64Array" not in javascript(moons(2, 8, 8, 1))
    assert "new Float64Array" in javascript(moons(2, 16, 16, 1))


def test_every_operation_at_every_point_of_the_table():
    scripts, calls, expected = [], [], []
    for case in CASES:
        for point, _ in case.points:
            n = len(point) - case.n_constants
            leaves = [Value(x, label=f"x{k}") for k, x in enumerate(point[:n])]
            output = case.operation(*leaves, *point[n:])
            name = f"run{len(scripts)}"
            scripts.append(
                f"const {name} = (() => {{\n{compile(output).javascript}\nreturn run;\n}})();"
            )
            calls.append(f"[{name}({typed(point[:n])}, [])]")
            expected.append((case.operation.name, point, output, leaves))
    found = node(
        "\n".join(scripts), f"[{', '.join(calls)}].map(([r]) => [r.output, Array.from(r.gradient)])"
    )
    for (name, point, output, leaves), (value, slopes) in zip(expected, found, strict=True):
        largest = max(map(abs, point)) if name in ("total", "mean", "dot") else 0.0
        for got, wanted in zip(
            [value, *slopes], [output.data, *gradients(output, leaves)], strict=True
        ):
            condition = 1e-10 if "derivative" in name or name in ("gelu", "silu") else 1e-12
            assert number(got) == pytest.approx(
                wanted, rel=condition, abs=max(5e-324, 1e-12 * largest), nan_ok=True
            ), (name, point)


def test_infinity_and_nan_flow():
    x, w = Value(1.0, label="x"), Value(1.0, label="w")
    script = compile(exp(w * x) - 1.0, inputs=[x]).javascript
    assert number(node(script, "run([1], [[1000]]).output")) == math.inf
    assert math.isnan(number(node(script, "run([1], [[NaN]]).output")))


def test_any_label_is_a_name():
    leaves = [
        [Value(0.1 * k, label=label or None) for k, label in enumerate(LABELS)] for _ in range(2)
    ]
    output = total([exp(-w * x) + w**2 for w, x in zip(*leaves, strict=True)])
    case = Case(output, leaves[0], leaves[1], [[leaf.data] for leaf in leaves[0]])
    assert_close(run_in_node(case, javascript(case)), eager(case))


@pytest.mark.parametrize("most", [0, 10**9])
def test_wrong_lengths_are_thrown_with_the_numbers(most, monkeypatch):
    monkeypatch.setattr("autograd.program.javascript.writer.MOST_OPERANDS", most)
    case = moons(2, 4, 1)
    n = len(case.numbers)
    script = javascript(case) + "const said = (f) => { try { f(); } catch (e) { return `${e}`; } };"
    numbers = typed(case.numbers)
    calls = ["run([], [[1], [1], [1]])", f"run({numbers})"]
    calls += [f"run({numbers}, {columns})" for columns in ("[[1], [1], [1, 2]]", "[[], [], []]")]
    found = node(script, f"[{', '.join(f'said(() => {call})' for call in calls)}]")
    takes = f"RangeError: it takes {n} parameters and 3 columns; it was given"
    rows = "RangeError: columns have a row or more, and all as many"
    assert found == [f"{takes} 0 and 3", f"{takes} {n} and 0", rows, rows]


def test_several_outputs_come_a_row_at_a_time():
    x, w = Value(1.0, label="x"), Value(3.0, label="w")
    script = compile([w * x, x + 1.0], inputs=[x]).javascript
    assert node(script, "evaluate([3], [[1, 2]])") == [[3, 2], [6, 3]]


def test_it_is_written_of_the_current_graph():
    x, w = Value(1.0, label="x"), Value(3.0, label="w")
    program = compile(tanh(w * x), inputs=[x])
    w.data = 0.5  # as after training
    assert node(program.javascript, "run([0.5], [[2]]).output") == pytest.approx(math.tanh(1.0))


def test_fractions_are_refused():
    with pytest.raises(ValueError, match="fractions, and JavaScript has none"):
        _ = compile(Value(Fraction(1, 3)) * 2).javascript


# -- in a browser ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", GRAPHS)
def test_it_runs_in_a_page(name, browser):
    case = GRAPHS[name]()
    page = browser.new_page()
    page.set_content(f"<script>{javascript(case)}</script>")
    call = CALL.format(numbers=typed(case.numbers), columns=typed(case.columns))
    assert_close(page.evaluate(call), eager(case))
    page.close()
