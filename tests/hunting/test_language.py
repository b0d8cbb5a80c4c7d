"""Graphs as typed lines: what they mean, how they are written, what is refused."""

from itertools import islice

import pytest

from autograd.errors import DomainError, ExpressionError
from autograd.hunting.language import MOST_NODES, read_graph, size, write_graph
from autograd.hunting.search import graphs_of


@pytest.mark.parametrize(
    ("line", "data", "nodes"),
    [
        ("a*b; a=2; b=3", 6, 3),
        ("a*b a=2 b=3", 6, 3),
        ("a*b, a=2, b=3", 6, 3),
        ("a=2; b=3; a*b", 6, 3),
        ("a; a=2", 2, 1),
        ("a*a; a=2", 4, 2),
        ("d*d; d=a+a; a=2", 16, 3),
        ("(a+a)*(a+a); a=2", 16, 4),
        ("d*d; a=2; e=a+1; d=e*2", 36, 4),
        ("2*a + 1; a=1/2", 2, 3),
        ("−a·a²; a=−3", 27, 4),
        ("a*2;; ;a=-1.5e0", -3, 2),
    ],
)
def test_a_line_is_an_expression_and_what_its_names_mean(line, data, nodes):
    graph = read_graph(line)
    assert (graph.data, size(graph)) == (data, nodes)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "has none"),
        ("a=2", "has none"),
        ("a; b; a=1; b=2", "has 2"),
        ("a*b; a=2", "b has no value"),
        ("a*; a=2", "not an expression"),
        ("a; a=b; b=a", "a is defined by itself"),
        ("a; a=a", "a is defined by itself"),
        ("a; a=1; a=2", "a is given twice: 1 and 2"),
        ("a; a=", "nothing is typed"),
        ("a; a=1e999", "a=inf is not a number that an engine can start from"),
        ("a; a=10**400", "is not a number that an engine can start from"),
        ("a*pi; pi=3; a=1", "pi has a meaning already"),
        ("a; lambda=3; a=1", "lambda has a meaning already"),
        ("sin(a); a=1", "this engine has no sin: it has + - * / ** relu tanh exp log"),
        ("a**b; a=1; b=2", "exponents are plain numbers"),
        ("2**a; a=1", "exponents are plain numbers"),
        ("3; a=1", "no variable"),
        ("__import__('os').name; a=1", "not plain arithmetic"),
        ("a" + "+a" * 20 + "; a=1", "21 nodes are too many: a graph has at most 20"),
        ("a" + " " * 1000, "at most 1000 characters"),
    ],
)
def test_what_is_not_a_graph_is_told_in_one_line(line, reason):
    with pytest.raises(ExpressionError) as refused:
        read_graph(line)
    assert reason in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_name_is_one_node_wherever_it_stands():
    graph = read_graph("d*a; d=a+b; a=2; b=d0*1; d0=3")
    (plus, a), (a_again, _) = graph.parents, graph.parents[0].parents
    assert a is a_again
    assert [node.label for node in (plus, a)] == ["d", "a"]


def test_outside_the_domain_of_an_operation_it_says_where():
    with pytest.raises(DomainError, match=r"log\(a = 0.0\) is undefined"):
        read_graph("log(a); a=0")


def test_a_graph_of_the_most_nodes_is_read():
    assert size(read_graph("a" + "+a" * (MOST_NODES - 1) + "; a=1")) == MOST_NODES


@pytest.mark.parametrize("nodes", [1, 2, 3, 4])
def test_a_graph_that_is_written_is_read_as_the_same_graph(nodes):
    for graph in islice(graphs_of(nodes), 0, None, 5**nodes // 4 or 1):
        read = read_graph(write_graph(graph))
        assert write_graph(read) == write_graph(graph)
        assert (read.data, size(read), read.op) == (graph.data, size(graph), graph.op)
        assert [parent.data for parent in read.parents] == [p.data for p in graph.parents]


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("-tanh(a)*2; a=2", "(-tanh(a))*2; a=2.0"),
        ("d*d; d=a+a; a=2", "d*d; a=2.0; d=a+a"),
        ("a - (b - a)**2; a=2; b=-1", "a-((b-a)**2); a=2.0; b=-1.0"),
    ],
)
def test_written_graphs_can_be_read_by_a_person(line, written):
    assert write_graph(read_graph(line)) == written
