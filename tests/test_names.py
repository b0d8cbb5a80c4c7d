"""The GPT of the demo ``names``, the names it learns, and its training in each way."""

import math
import random

import numpy as np
import pytest

from autograd import Value
from demos import name_programs, names
from demos.gpt import BEYOND, BLOCK, GPT, HEADS, SIZE, WIDTH
from demos.name_lists import SYMBOLS, entropy, first_names, numbered, surprise
from tests.backends import NATIVE, every_backend


def gpt() -> GPT:
    return GPT(len(SYMBOLS), random.Random(0))


def read(model: GPT, text: str) -> list[list[Value]]:
    return model([names.one_hot(SYMBOLS.index(symbol)) for symbol in text])


# -- the model -----------------------------------------------------------------------------------


def test_it_has_4192_parameters() -> None:
    assert len(gpt().parameters()) == 4192


def test_its_logits_are_those_of_matrices() -> None:
    model, text = gpt(), ".names"
    for weight in model.parameters():
        weight.data *= 5  # so that attention is far from even
    attention, n = model.attention, len(text)

    def array(rows: list[list[Value]]) -> np.ndarray:
        return np.array([[value.data for value in row] for row in rows])

    def rms(x: np.ndarray) -> np.ndarray:
        return x / np.sqrt((x * x).mean(1, keepdims=True) + 1e-5)

    tokens = [SYMBOLS.index(symbol) for symbol in text]
    x = rms(array(model.symbols.weight).T[tokens] + array(model.places.weight)[:n])
    q, k, v = (
        (rms(x) @ array(matrix.weight).T).reshape(n, HEADS, SIZE).transpose(1, 0, 2)
        for matrix in (attention.query, attention.key, attention.value)
    )
    scores = np.where(np.tri(n), np.exp(q @ k.transpose(0, 2, 1) / 2), 0)
    weights = scores / scores.sum(2, keepdims=True)
    x = x + (weights @ v).transpose(1, 0, 2).reshape(n, WIDTH) @ array(attention.output.weight).T
    hidden = np.maximum(rms(x) @ array(model.wide.weight).T, 0)
    x = x + hidden @ array(model.narrow.weight).T
    expected = x @ array(model.logits.weight).T
    np.testing.assert_allclose(array(read(model, text)), expected, rtol=1e-10, atol=1e-12)


def test_no_position_sees_a_later_one() -> None:
    model = gpt()
    one, other = read(model, ".anna"), read(model, ".anton")
    for t in range(3):
        assert [z.data for z in one[t]] == [z.data for z in other[t]]
    assert [z.data for z in one[3]] != [z.data for z in other[3]]


def test_a_map_has_for_each_head_a_row_for_each_position_that_sums_to_one() -> None:
    maps = gpt().maps([names.one_hot(number) for number in numbered("ada")])
    assert len(maps) == HEADS
    for rows in maps:
        assert [len(row) for row in rows] == [1, 2, 3, 4, 5]
        for row in rows:
            assert sum(weight.data for weight in row) == pytest.approx(1)


@pytest.mark.parametrize("n", [0, BLOCK + 1])
def test_it_reads_1_to_16_symbols(n: int) -> None:
    assert len(read(gpt(), "a" * BLOCK)) == BLOCK
    with pytest.raises(ValueError, match=f"reads 1 to 16 symbols; it was given {n}"):
        read(gpt(), "a" * n)


# -- the names -----------------------------------------------------------------------------------


def test_the_names_are_different_ones_of_the_27_symbols_and_fit_into_a_block() -> None:
    training, held_out = first_names()
    assert (len(training), len(held_out)) == (4647, 516)
    assert len({*training, *held_out}) == 5163
    assert {"mary", "james"} <= {*training, *held_out}
    assert {*"".join(training)} <= {*SYMBOLS[1:]}
    assert max(len(numbered(name)) for name in training + held_out) - 1 <= BLOCK
    assert numbered("abz") == [0, 1, 2, 26, 0]


@pytest.mark.parametrize(
    ("given", "of_letters", "of_pairs"),
    [(["a"], math.log(2), 0), (["ab", "ba"], math.log(3), math.log(2)), (["aa"], 0.6365, 0.4621)],
)
def test_entropies(given: list[str], of_letters: float, of_pairs: float) -> None:
    assert entropy(given, 0) == pytest.approx(of_letters, abs=1e-4)
    assert entropy(given, 1) == pytest.approx(of_pairs, abs=1e-4)


def test_the_surprise_at_a_name_counts_each_symbol_once_more() -> None:
    assert surprise(["a"], ["a"], 0) == pytest.approx(math.log(29 / 2))
    assert surprise(["b"], ["a"], 1) == pytest.approx((math.log(28) + math.log(27)) / 2)


# -- training ------------------------------------------------------------------------------------


def step_on(model: GPT, backend: str) -> names.Step:
    if backend == "eager":
        return names.step_on_graphs(model)
    return names.step_on_programs(model, backend)


@every_backend
def test_a_few_steps_are_those_of_the_graphs(backend: str) -> None:
    few, plan = ["amy", "bob", "al"], names.Plan(steps=3, names_a_step=2)
    expected, model = gpt(), gpt()
    losses = names.train(expected, few, plan, step_on(expected, "eager"))
    assert names.train(model, few, plan, step_on(model, backend)) == pytest.approx(losses)
    assert names.numbers_in(model.parameters()) == pytest.approx(
        names.numbers_in(expected.parameters()), rel=1e-6, abs=1e-9
    )


def test_it_learns_a_name_by_heart_and_makes_it_up() -> None:
    model = gpt()
    losses = names.train(model, ["eve"], names.Plan(40, 1), step_on(model, "auto"))
    assert losses[0] > 3 > 0.1 > losses[-1]
    assert names.made_up(model, random.Random(0)) == "eve"


@pytest.mark.parametrize("text", [".", ".al", ".christina"])
def test_at_each_position_are_the_logits_that_the_whole_text_has_there(text: str) -> None:
    model, n = gpt(), len(text)
    rows = [name_programs.one_hot(SYMBOLS.index(symbol)) for symbol in text]
    for t, expected in enumerate(model(rows)):
        chosen = [Value(float(k == t)) for k in range(n)]
        reach = [Value(0.0 if k <= t else BEYOND) for k in range(n)]
        found = model.at(rows, chosen, reach)
        assert [z.data for z in found] == pytest.approx([z.data for z in expected], rel=1e-12)


@pytest.mark.parametrize("backend", ["auto", NATIVE])
@pytest.mark.parametrize("name", ["a", "eve", "christophermaria"[: BLOCK - 1]])
def test_a_single_name_whose_positions_run_side_by_side_is_that_of_its_graph(
    name: str, backend: str
) -> None:
    model = gpt()
    weights = names.numbers_in(model.parameters())
    loss, gradient = names.step_on_programs(model, backend)(weights, [name])
    expected, slopes = names.step_on_graphs(model)(weights, [name])
    assert loss == pytest.approx(expected, rel=1e-12)
    assert gradient == pytest.approx(slopes, rel=1e-12, abs=1e-15)
    assert name_programs.columns_of_positions(name).shape[1] == len(name) + 1


def test_a_batch_has_names_of_one_length_and_an_epoch_every_name_once() -> None:
    given = ["al", "bo", "cy", "eve", "ida"]
    ahead = names.batches(given, 2, random.Random(0))
    for _ in range(2):
        epoch = [next(ahead) for _ in range(3)]
        assert sorted(name for batch in epoch for name in batch) == given
        assert all(len({*map(len, batch)}) == 1 and len(batch) <= 2 for batch in epoch)


def test_the_loss_of_names_of_several_lengths_is_that_of_all_their_symbols() -> None:
    model, given = gpt(), ["al", "eve", "bob"]
    weights = names.numbers_in(model.parameters())
    graphs = [name_programs.graph_of(model, name)[0] for name in given]  # over 3, 4 and 4 symbols
    means = [graph.data for graph in graphs]
    found = names.loss_on(given, weights, step_on(model, "auto"))
    assert found == pytest.approx((3 * means[0] + 4 * means[1] + 4 * means[2]) / 11)


def test_each_name_it_makes_up_is_marked_by_the_list_it_is_in(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    made = iter(["ann", "bob", "zyx"] * 8)
    monkeypatch.setattr(names, "made_up", lambda model, rng: next(made))
    names.tell_samples(gpt(), ["ann"], ["bob"])
    told = capsys.readouterr().out
    assert [told.split().count(name) for name in ("ann*", "bob+", "zyx")] == [8, 8, 8]
    assert "8 of them are in neither list" in told
