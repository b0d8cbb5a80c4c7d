"""Sentences filled by a page against those that Python fills: the same letters."""

import json
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import pytest

from autograd import Value, dot, mean, relu, total
from autograd.show.story import Story, Teller, three_lines
from autograd.show.story.sentences import Numbers, Sentence
from autograd.show.story.telling import FIRST, SUM
from autograd.text import Typesetter
from nn import MLP, mse_loss
from tests.cases import CASES, SPECIAL
from tests.drawn import HOSTILE, NASTY
from tests.engine.random_graphs import random_graph
from tests.graphs import graph, reused
from tests.show.pages.graph.scripts import called

SCRIPTS = ["numbers", "sentences"]


def operations() -> Iterable[Value]:
    """Yield each operation of the tables of cases, at each of its points."""
    rows = [(case.operation, operands) for case in CASES for operands, _ in case.points]
    rows += [(special.operation, special.operands) for special in SPECIAL]
    for operation, operands in rows:
        yield operation(
            *(Value(x, label=name) for name, x in zip("xyzuvw", operands, strict=False))
        )


def network() -> Value:
    rows = [[2.0, 3.0, -1.0], [3.0, -1.0, 0.5]]
    return mse_loss(MLP(3, [4, 2, 1], "relu").batch(rows), [1.0, -1.0])


def others() -> Iterable[Value]:
    a, b = Value(1 / 3, label="a"), Value(-2.0, label="b")
    yield from (graph()[-1], reused()[-1], network(), a**2 + 3, a ** (b * b), -b - -b, a * 0.0)
    yield from (relu(-a), total([a] * 30), mean([a, b, 2]), dot([a, b], [b, -3], Fraction(1, 3)))
    yield Value(Fraction(1, 3), label="third") * Fraction(-2, 7)
    yield Value(8.0, parents=(a,), local_derivatives=lambda out, x: 12.0, op="cu\nbe")
    for label in [*HOSTILE, *NASTY]:
        yield a * Value(0.123456, label=label) + 1
    yield from (random_graph(seed)[1] for seed in range(5))


def sentences(output: Value, digits: int) -> Iterable[tuple[Sentence, Numbers]]:
    """Yield all sentences of a graph, with the numbers to fill in."""
    story = Story(output, names={}, digits=digits)
    teller = Teller(story.labels.written_by(Typesetter))
    for event in story.events:
        numbers = teller.numbers_of(event)
        told = [teller.arithmetic(event)]
        if event.kind == "backward":
            told += [teller.total(event), FIRST if event.is_first else SUM]
        told += [cell.says for line in three_lines(teller, event) for cell in line]
        yield from ((sentence, numbers) for sentence in told)


def in_json(numbers: Numbers) -> dict[str, Any]:
    return {
        name: {"text": n.text, "factor": n.factor, "isRounded": n.is_rounded}
        for name, n in numbers.items()
    }


@pytest.mark.parametrize("graphs", [operations, others])
@pytest.mark.parametrize("digits", [4, 2])
def test_every_step_reads_in_a_page_as_in_python(graphs, digits):
    told = [pair for output in graphs() for pair in sentences(output, digits)]
    filled = called(SCRIPTS, "filled", [(s.as_json(), in_json(numbers)) for s, numbers in told])
    wrong = [
        (got, sentence.filled(numbers))
        for got, (sentence, numbers) in zip(filled, told, strict=True)
        if got != sentence.filled(numbers)
    ]
    assert not wrong, wrong[:5]
    assert len(told) > 1000
    assert any("≈" in text for text in filled)


def test_a_page_that_writes_the_numbers_itself_fills_them_in_alike():
    floats = [
        (event, teller)
        for seed in range(5)
        for story in [Story(random_graph(seed)[1], names={})]
        for teller in [Teller(story.labels.written_by(Typesetter))]
        for event in story.contributions
    ]
    names = ("upstream", "local", "contribution", "before", "after")
    write = (
        "((parts, numbers) => filled(parts, Object.fromEntries(Object.entries(numbers)"
        ".map(([name, number]) => [name, written(number, 4)]))))"
    )
    calls = [
        (teller.arithmetic(event).as_json(), {n: float(getattr(event, n)) for n in names})
        for event, teller in floats
    ]
    expected = [teller.tell(event).arithmetic for event, teller in floats]
    assert called(SCRIPTS, write, calls) == expected


def test_the_cells_of_a_line_keep_their_roles():
    story = Story(graph()[-1], names={})
    teller, event = Teller(story.labels.written_by(Typesetter)), story.events[5]
    line = [cell.as_json() for cell in three_lines(teller, event)[2]]
    (cells,) = called(SCRIPTS, "filledLine", [(line, in_json(teller.numbers_of(event)))])
    assert [(cell["role"], cell["text"]) for cell in cells] == [
        ("empty", ""), ("sign", " = "), ("gradient", "1.0"), ("sign", " × "),
        ("local", "(−3.0)"), ("sign", " = "), ("gradient", "−3.0"),
    ]  # fmt: skip


def test_a_sentence_is_sent_as_short_lists():
    story = Story(graph()[-1], names={})
    sent = json.loads(json.dumps(story.teller.arithmetic(story.events[5]).as_json()))
    assert sent == [
        "a.grad += c.grad × ∂c/∂a ", ["=", ["upstream"]], " ", ["factor", "upstream"], " × b ",
        ["=", ["upstream", "local"]], " ", ["factor", "upstream"], " × ", ["factor", "local"], " ",
        ["=", ["upstream", "local", "contribution"], ["upstream", "local"]], " ",
        ["term", "contribution"],
    ]  # fmt: skip
