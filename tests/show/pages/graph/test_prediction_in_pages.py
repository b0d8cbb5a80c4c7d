"""The diagnosis of an answer in a page against that of Python: the same verdict."""

import math
import random
from collections.abc import Iterator, Mapping

import pytest

from autograd import Value
from autograd.show.stepping.prediction import VERDICTS, diagnose
from autograd.show.story import Story, numbers_in
from tests.cases import CASES
from tests.engine.random_graphs import random_graph
from tests.graphs import graph, reused
from tests.show.pages.graph.scripts import called

Asked = tuple[str, Mapping[str, float], str]  # the kind, the numbers of the event, the answer


def in_pages(asked: list[Asked]) -> list[str]:
    return called(["prediction"], "diagnose", asked)


def assert_alike(asked: list[Asked]) -> None:
    wrong = [
        (*question, got, diagnose(*question))
        for question, got in zip(asked, in_pages(asked), strict=True)
        if got != diagnose(*question)
    ]
    assert not wrong, f"{len(wrong)} of {len(asked)}, such as {wrong[:5]}"


def events() -> Iterator[tuple[str, dict[str, float]]]:
    """Yield the kind and the numbers of events, asked for the total too."""
    outputs = [graph()[-1], reused()[-1], *(random_graph(seed)[1] for seed in range(4))]
    for case in CASES:
        operands, _ = case.points[0]
        outputs.append(case.operation(*map(Value, operands)))
    for output in outputs:
        for event in Story(output, names={}).events:
            numbers = {name: float(number) for name, number in numbers_in(event).items()}
            yield event.kind, numbers
            if event.kind == "backward":
                yield "total", numbers


def answers(numbers: Mapping[str, float], chance: random.Random) -> Iterator[str]:
    """Yield numbers somebody may type: those of the event, and what comes of two of them."""
    x, y = chance.choices(list(numbers.values()), k=2)
    for number in (x, -x, x + y, x * y, x - y, chance.uniform(-3, 3), x * chance.uniform(0.9, 1.1)):
        digits = chance.randrange(5)
        yield chance.choice([f"{number:.{digits}f}", f"{number:.{digits}g}", repr(number)])
    yield f"{x:.3f}*{y:.3f}"


def test_random_answers_get_the_verdict_of_python():
    chance = random.Random(5)
    asked = [
        (kind, numbers, answer)
        for kind, numbers in events()
        for _ in range(2)
        for answer in answers(numbers, chance)
    ]
    assert len(asked) > 5000
    assert set(in_pages(asked)) >= set(VERDICTS) - {"not a prediction"}
    assert_alike(asked)


NUMBERS = {"upstream": 4.0, "local": -0.7, "contribution": -2.8, "before": 5.0, "after": 2.2}


@pytest.mark.parametrize(
    "truth", [-2.8, 1.0, 0.0, 0.41997, 1 / 3, 3.0, 1e10, 5e-324, math.inf, -math.inf, math.nan]
)
def test_answers_in_every_form_get_the_verdict_of_python(truth):
    forms = [
        "-2.8", "−2.8", " -2.8 ", "≈-2.8", "4*-0.7", "4×−0.7", "4·-.7", "-(4)*0.7", "0.42", ".42",
        "+.42", "4.2e-1", "0.420", "0.42000", "1/3", "1/3 + 0", "3", "3.", "+3", "--3", "- 3",
        "2**-1", "-2**2", "2**3**0", "3²", "(1 + 2)*1", "2 - 3 - 4", "8/2/2", "tanh(0)", "exp(0)",
        "sqrt(9)", "pi", "inf", "-inf", "Inf", "nan", "NaN", "1e999", "1e-999", "0e999", "1e10",
        "0", "-0", "0.0", "1e3", "9" * 300, "", " ", "six", "a", "2*", "*2", "1/0", "(1", "1)",
        "()", "[1]", "2,5", "1 2", "2 * * 3", "__import__('os')", "tanh", "tanh 0", "log(-1)",
        "constructor(1)", "toString(1)", "x.y", "0.5.5", "1e", "2^3", "(" * 40 + "1" + ")" * 40,
    ]  # fmt: skip
    for kind, numbers in [
        ("backward", NUMBERS | {"contribution": truth}),
        ("seed", NUMBERS | {"after": truth}),
        ("forward", {"operand 0": truth, "operand 1": -2.0, "result": 0.5}),
        ("forward", {"operand 0": 0.5, "operand 1": 0.0, "result": truth}),
        ("forward", {"operand 0": 0.5, "operand 1": 1.0, "operand 2": 0.1, "result": truth}),
    ]:
        assert_alike([(kind, numbers, form) for form in forms])
