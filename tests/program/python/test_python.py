"""Programs in Python: they need the standard library alone, and are exact."""

import math
import subprocess
import sys
from fractions import Fraction

import pytest

from autograd import Value, compile, total
from tests.program.graphs import NETWORKS, OTHERS, compiled

every_graph = pytest.mark.parametrize("name", [*NETWORKS, *OTHERS])


@every_graph
def test_the_source_of_python_runs_with_the_standard_library_alone(name):
    case = {**NETWORKS, **OTHERS}[name]()
    program = compiled(case, "python")
    namespace: dict = {}
    exec(program.source, namespace)
    assert namespace["run"](case.numbers, case.columns) == program.run(case.numbers, case.columns)
    modules = {
        type(held).__name__: held.__name__
        for held in namespace.values()
        if type(held) is type(math)
    }
    assert set(modules.values()) <= set(sys.stdlib_module_names)


def test_no_import_of_numpy_until_it_is_needed():
    code = (
        "import sys; from autograd import Value, compile; x = Value(2.0);"
        "compile(x * x, backend='python')(); assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_fractions_are_exact_in_python():
    a, b = Value(Fraction(1, 3), label="a"), Value(Fraction(2, 7), label="b")
    program = compile(total([a * b, b * b]) / 3, inputs=[a])
    assert program.backend == "python"
    mean, (slope,) = program.run([Fraction(2, 7)], [[Fraction(1, 3), Fraction(1, 2)]])
    assert mean == (Fraction(5, 12) * Fraction(2, 7) + Fraction(4, 49)) / 3
    assert slope == (Fraction(5, 12) + Fraction(4, 7)) / 3
