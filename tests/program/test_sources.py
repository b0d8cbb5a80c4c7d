"""The text of programs, as a person has read it and found it good: ``sources`` holds each."""

from pathlib import Path

import pytest

from autograd import Value, compile, dot, tanh
from tests.program.graphs import NETWORKS, Case, attention, leaves

SOURCES = Path(__file__).parent / "sources"


def neuron() -> Case:
    x, w, b = leaves("x", 2), leaves("w", 2), Value(0.5, label="b")
    return Case(tanh(dot(w, x, b)), x, [*w, b], [])


GRAPHS = {**NETWORKS, "neuron": neuron, "attention": lambda: attention(2, 1)}
WRITTEN = [(name, "numpy") for name in [*NETWORKS, "attention"]] + [
    ("neuron", "python"), ("moons with L2", "python"),
]  # fmt: skip


def source(name: str, backend: str) -> str:
    case = GRAPHS[name]()
    program = compile(case.output, inputs=case.inputs, parameters=case.parameters, backend=backend)
    return program.source


@pytest.mark.parametrize(("name", "backend"), WRITTEN)
def test_a_program_reads_as_it_was_read(name: str, backend: str) -> None:
    """To accept a change, read the new text, and write it over the file."""
    path = SOURCES / f"{name.replace(' ', '_')}_{backend}.txt"
    assert source(name, backend) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_are_written_as_matrices_without_tables_of_indices(name: str) -> None:
    text = source(name, "numpy")
    assert "def program(" in text
    assert "np.array([[" not in text


def test_a_network_is_at_most_twenty_lines() -> None:
    text = source("moons", "numpy")
    program = text[text.index("def program") : text.index("def run")].strip()
    assert len(program.splitlines()) <= 20


@pytest.mark.parametrize(("name", "backend"), WRITTEN)
def test_no_line_is_wider_than_a_projector(name: str, backend: str) -> None:
    assert max(map(len, source(name, backend).splitlines())) <= 100
