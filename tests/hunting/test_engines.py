"""The numbers of an engine with a bug, and of the right one."""

import math
from itertools import islice

import pytest

from autograd.calculus import gradients
from autograd.graph import topological_order
from autograd.hunting.engines import numbers_of, shows_bug
from autograd.hunting.language import read_graph
from autograd.hunting.search import graphs_of


@pytest.mark.parametrize("nodes", [1, 2, 3])
def test_the_right_engine_has_the_numbers_of_this_package(nodes):
    for graph in islice(graphs_of(nodes), 0, None, 7 if nodes == 3 else 1):
        numbers = numbers_of("", graph)
        nodes_of_it = [node for node in topological_order(graph) if not node.is_constant]
        assert not numbers.failure
        for node, grad in zip(nodes_of_it, gradients(graph, nodes_of_it), strict=True):
            assert math.isclose(numbers.data[node], node.data, rel_tol=1e-12)
            assert math.isclose(numbers.grads[node], grad, rel_tol=1e-9, abs_tol=1e-12)


def test_a_bug_shows_in_the_table():
    table = numbers_of("factors swapped", read_graph("a*b; a=2; b=3")).table(80)
    assert table.splitlines() == [
        "     data  grad",
        "a     2.0   2.0",
        "b     3.0   3.0",
        "a*b   6.0   1.0",
    ]


def test_of_a_failure_the_kind_is_told_and_not_the_message():
    numbers = numbers_of("no __radd__", read_graph("(2+a)*b; a=2; b=3"))
    assert numbers.table(80).splitlines() == [
        "         data  grad",
        "a         2.0   0.0",
        "2+a         –     –",
        "b           –     –",
        "(2+a)*b     –     –",
        "here the engine fails: TypeError",
    ]


def test_in_few_columns_each_number_has_a_line():
    graph = read_graph("tanh(alpha)*(alpha+beta)*alpha; alpha=1/3; beta=1/7")
    lines = numbers_of("", graph).table(20).splitlines()
    assert max(map(len, lines)) <= 20
    assert lines[:3] == ["alpha", " data ≈0.333333", " grad ≈0.402594"]


@pytest.mark.parametrize(
    ("bug", "line", "differs"),
    [
        ("factors swapped", "a*b; a=2; b=3", True),
        ("factors swapped", "a*b; a=2; b=2", False),
        ("factors swapped", "a+b; a=2; b=3", False),
        ("product by division", "a*b/a - b; a=3; b=0.1234567", False),  # rounding is not a bug
        ("product by division", "a*b; a=0; b=1", True),
        ("relu at its kink", "relu(a); a=0", True),
        ("no return in +", "a+b; a=1; b=2", True),
        ("sign in /", "a*1e308*10 - a*1e308*10; a=1", False),  # both are not a number
        ("exp of the input", "exp(a); a=1000", False),  # too large for a right engine, too
    ],
)
def test_engines_differ_where_a_number_does_by_more_than_rounding(bug, line, differs):
    assert shows_bug(bug, read_graph(line)) is differs


def test_the_longest_paths_of_the_slowest_bug_end_soon():
    doublings = "; ".join(f"n{k + 1}=n{k}+n{k}" for k in range(18))
    graph = read_graph(f"n18+n18; n0=1; {doublings}")
    assert numbers_of("recursion without an order", graph).failure == ""
