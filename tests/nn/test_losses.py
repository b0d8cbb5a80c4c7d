"""Losses: PyTorch's numbers and reductions, derivatives, and what they refuse.

The numbers are recorded: see ``tests/nn_cases.py``.
"""

import math
from fractions import Fraction

import numpy as np
import pytest

import nn
from autograd import Stepper, Value, check_gradients, draw, formula, gradients, logsumexp, refresh
from autograd.graph import topological_order
from nn import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge_loss,
    huber_loss,
    l1_loss,
    mse_loss,
    nll_loss,
)
from tests.nn_cases import LOSSES, recorded

EACH = [mse_loss, l1_loss, huber_loss, hinge_loss, binary_cross_entropy,
        binary_cross_entropy_with_logits]  # fmt: skip
ALL = [*EACH, cross_entropy, nll_loss]


def values(numbers):
    """Return numbers, or rows of numbers, as Values."""
    return [values(x) if isinstance(x, list) else Value(x) for x in numbers]


def flat(rows):
    return [x for row in rows for x in (flat(row) if isinstance(row, list) else [row])]


def close(expected):
    return pytest.approx(expected, rel=1e-12, abs=1e-15)


# -- PyTorch's numbers -------------------------------------------------------------------------


@pytest.mark.parametrize("as_leaves", [False, True], ids=["numbers", "leaves"])
@pytest.mark.parametrize(
    ("case", "torch"), list(zip(LOSSES, recorded("losses"), strict=True)), ids=map(str, LOSSES)
)
def test_a_loss_and_its_gradient_are_those_of_pytorch(case, torch, as_leaves):
    function = getattr(nn, case.name)
    is_class = isinstance(case.targets[0], int)
    targets = values(case.targets) if as_leaves and not is_class else case.targets
    outputs = values(case.outputs)
    loss = function(outputs, targets, **case.settings)
    loss.backward()
    assert loss.data == close(torch["mean"])
    assert [output.grad for output in flat(outputs)] == close(flat(torch["gradient"]))
    assert function(outputs, targets, reduction="sum", **case.settings).data == close(torch["sum"])
    losses = function(outputs, targets, reduction="none", **case.settings)
    assert [one.data for one in losses] == close(torch["none"])


@pytest.mark.parametrize("expanded", [False, True])
def test_cross_entropy_of_numbers_is_a_number(expanded):
    assert cross_entropy([0.0, 0.0], 1, expanded=expanded) == pytest.approx(math.log(2))


# -- one loss after another --------------------------------------------------------------------


def test_huber_loss_is_a_parabola_with_straight_arms():
    losses = huber_loss([0.5, -0.5, 3.0, -3.0], [0.0] * 4, reduction="none", delta=2.0)
    assert losses == [0.125, 0.125, 4.0, 4.0]


def test_hinge_loss_is_zero_beyond_the_margin():
    losses = hinge_loss([2.0, 0.5, -0.5], [1, 1, 1], reduction="none")
    assert losses == [0.0, 0.5, 1.5]


def test_the_two_binary_cross_entropies_agree():
    logits = values([-2.0, 0.5, 3.0])
    targets = [0, 1, 0.25]
    of_logits = binary_cross_entropy_with_logits(logits, targets)
    of_probabilities = binary_cross_entropy([x.sigmoid() for x in logits], targets)
    assert of_logits.data == close(of_probabilities.data)
    assert gradients(of_logits, logits) == close(gradients(of_probabilities, logits))


@pytest.mark.parametrize(("p", "target"), [(0.0, 1), (1.0, 0)])
def test_binary_cross_entropy_stops_at_100_and_is_flat_there(p, target):
    probability = Value(p)
    loss = binary_cross_entropy(probability, target)
    loss.backward()
    assert (loss.data, probability.grad) == (pytest.approx(100), 0)


@pytest.mark.parametrize(("p", "target"), [(0.0, 0), (1.0, 1)])
def test_binary_cross_entropy_of_a_sure_and_right_answer_is_zero(p, target):
    assert binary_cross_entropy(Value(p), target).data == 0


@pytest.mark.parametrize("x", [-1000.0, -30.0, 30.0, 1000.0])
def test_binary_cross_entropy_with_logits_neither_overflows_nor_cancels(x):
    logit, right = Value(x), int(x > 0)
    assert binary_cross_entropy_with_logits(logit, 1 - right).data == pytest.approx(abs(x))
    sure = binary_cross_entropy_with_logits(logit, right)
    assert sure.data == pytest.approx(math.exp(-abs(x)), rel=1e-12, abs=0)


@pytest.mark.parametrize("expanded", [False, True])
def test_cross_entropy_of_huge_logits_does_not_overflow(expanded):
    logits = values([1000.0, 0.0, -1000.0])
    loss = cross_entropy(logits, 1, expanded=expanded)
    assert loss.data == 1000
    assert gradients(loss, logits) == close([1.0, -1.0, 0.0])


def test_cross_entropy_is_one_node_or_elementary_ones():
    z = values([0.5, -1.0, 2.0])
    for target in (2, [0, 0, 1]):
        assert len(topological_order(cross_entropy(z, target))) == len(z) + 1
    assert formula(cross_entropy(z, 2)) == "logsumexp([z[0], z[1], z[2]]) - z[2]"
    lesson = cross_entropy(z, 2, expanded=True)
    assert lesson.data == close(cross_entropy(z, 2).data)
    assert formula(lesson) == (
        "log(exp(z[0] - 2.0) + exp(z[1] - 2.0) + exp(z[2] - 2.0)) + 2.0 - z[2]"
    )
    assert gradients(lesson, z) == close(gradients(cross_entropy(z, 2), z))


def test_cross_entropy_with_a_one_hot_target_is_that_with_the_class():
    z = values([0.5, -1.0, 2.0])
    one_hot, number = cross_entropy(z, [0, 1, 0]), cross_entropy(z, 1)
    assert one_hot.data == number.data
    assert gradients(one_hot, z) == gradients(number, z)


def test_the_local_derivatives_of_cross_entropy_are_the_softmax():
    z = values([0.0, math.log(3.0)])
    loss = cross_entropy(z, 0)
    assert loss.parents == (z[0], *z)
    assert loss.local_derivatives == close((-1, 0.25, 0.75))
    assert gradients(loss, z) == close([0.25 - 1, 0.75])
    told = repr(list(Stepper(loss, names={"z": z[0], "y": z[1], "loss": loss})))
    assert all(local in told for local in ("1.0 × (-1.0)", "exp(-loss)", "exp(y - z - loss)"))


def test_nll_loss_of_log_softmax_is_cross_entropy():
    z = values([0.5, -1.0, 2.0])
    log_softmax = [x - logsumexp(z) for x in z]
    assert nll_loss(log_softmax, 1).data == close(cross_entropy(z, 1).data)


# -- all of them -------------------------------------------------------------------------------

SMOOTH = [
    lambda a, b: mse_loss([a, b], [0.5, -1.0]),
    lambda a, b: huber_loss([a, b], [0.5, -3.0]),
    lambda a, b: binary_cross_entropy([a.sigmoid(), b.sigmoid()], [0.25, 1]),
    lambda a, b: binary_cross_entropy_with_logits([a, b], [0, 0.75]),
    lambda a, b: cross_entropy([a, b], 1),
    lambda a, b: cross_entropy([a, b], [0.25, 0.75]),
    lambda a, b: cross_entropy([a, b], 1, expanded=True),
]


@pytest.mark.parametrize("loss", SMOOTH)
def test_a_loss_differentiates_twice(loss):
    assert check_gradients(loss, 0.3, -0.8).ok

    def slope(a, b):
        by_a, by_b = gradients(loss(a, b), [a, b], create_graph=True)
        return by_a + 2 * by_b

    assert check_gradients(slope, 0.3, -0.8).ok


def test_huber_loss_curves_at_zero_too():
    x = Value(0.0)
    (slope,) = gradients(huber_loss(x, 0.0), [x], create_graph=True)
    assert gradients(slope, [x]) == [1.0]


@pytest.mark.parametrize("loss", SMOOTH)
def test_a_loss_draws_and_refreshes(loss):
    a, b = Value(0.3, label="a"), Value(-0.8, label="b")
    output = loss(a, b)
    output.backward()
    assert output.op in draw(output).svg
    a.data = 0.1
    refresh(output)
    assert output.data == close(loss(Value(0.1), Value(-0.8)).data)


def test_losses_of_fractions_stay_exact():
    third = Value(Fraction(1, 3))
    assert mse_loss([third, third], [0, 1]).data == Fraction(5, 18)
    assert huber_loss(third, 0).data == Fraction(1, 18)


def test_the_mean_of_one_loss_is_that_loss():
    assert [mse_loss(Value(0.5), 1).op, cross_entropy([Value(0.5)], 0).op] == [
        "**", "cross_entropy",
    ]  # fmt: skip


def test_outputs_of_several_numbers_are_averaged_over_all():
    outputs = values([[1.0, 2.0], [3.0, 5.0]])
    loss = mse_loss(outputs, [[1.0, 1.0], [1.0, 1.0]])
    assert loss.data == (0 + 1 + 4 + 16) / 4


def test_a_column_of_outputs_takes_bare_targets():
    assert mse_loss(values([[1.0], [3.0]]), [1.0, 1.0]).data == 2.0


# -- arrays and tensors ------------------------------------------------------------------------

FORMS = {
    "array": np.array,
    "tensor": lambda numbers: pytest.importorskip("torch").tensor(numbers),
    "list of arrays": lambda numbers: [np.array(number) for number in numbers],
    "list of tensors": lambda n: [pytest.importorskip("torch").tensor(number) for number in n],
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(
    ("loss", "outputs", "targets"),
    [
        *[(loss, [0.25, 0.5], [1, 1]) for loss in EACH],
        (mse_loss, [[0.25, 0.5], [1.0, 2.0]], [[1.0, 0.0], [0.5, -1.0]]),
        (cross_entropy, [[0.25, 0.5], [1.0, 2.0]], [0, 1]),
        (cross_entropy, [[0.25, 0.5], [1.0, 2.0]], [[0.5, 0.5], [0.0, 1.0]]),
        (nll_loss, [[-0.25, -0.5], [-1.0, -2.0]], [0, 1]),
    ],
)
def test_arrays_and_tensors_are_lists_of_numbers(loss, outputs, targets, form):
    expected = loss(values(outputs), targets).data
    assert loss(values(outputs), form(targets)).data == expected
    assert loss(form(outputs), form(targets)) == pytest.approx(expected, rel=1e-6)  # float32


@pytest.mark.parametrize("form", ["array", "tensor"])
def test_one_row_of_logits_takes_a_bare_array_or_tensor_as_its_class(form):
    logits = values([0.5, -1.0, 2.0])
    assert cross_entropy(logits, FORMS[form](2)).data == cross_entropy(logits, 2).data


# -- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize("loss", EACH)
@pytest.mark.parametrize(
    ("junk", "message"),
    [
        (None, "None is a NoneType, not a number; did a function forget its return"),
        ("spam", "'spam' is a str, not a number; convert text first"),
        (True, "True is a bool, not a number; write 1.0 or 0.0"),
        (1j, "1j is a complex, not a number"),
    ],
    ids=str,
)
def test_what_is_not_a_number_is_told_with_the_name_of_the_loss(loss, junk, message):
    for outputs, targets in [(junk, junk), ([0.5, junk], [1, 1]), ([0.5, 0.5], [1, junk])]:
        with pytest.raises(TypeError, match=f"{loss.__name__}: {message}"):
            loss(outputs, targets)


@pytest.mark.parametrize("loss", [cross_entropy, nll_loss])
@pytest.mark.parametrize("expanded", [False, True])
def test_a_row_holds_numbers_only(loss, expanded):
    settings = {"expanded": True} if expanded and loss is cross_entropy else {}
    with pytest.raises(TypeError, match=f"{loss.__name__}: None is a NoneType, not a number"):
        loss([0.5, None], 0, **settings)


@pytest.mark.parametrize("loss", [cross_entropy, nll_loss])
@pytest.mark.parametrize("targets", [[True], np.array([True]), [np.True_]], ids=repr)
def test_a_class_as_a_truth_value_is_told_what_to_do(loss, targets):
    with pytest.raises(ValueError, match="True is a bool; a class is a whole number: int"):
        loss([[0.1, 0.2]], targets)


@pytest.mark.parametrize("loss", [cross_entropy, nll_loss])
@pytest.mark.parametrize("target", [None, "cat"])
def test_a_class_that_is_not_a_number_is_told(loss, target):
    with pytest.raises(TypeError, match=f"{loss.__name__}: .* not a number"):
        loss([[0.1, 0.2]], [target])


@pytest.mark.parametrize("loss", ALL)
def test_a_reduction_is_a_name(loss):
    with pytest.raises(ValueError, match=r"\['mean'\] is unknown; there are mean, sum, none"):
        loss([[0.5, 0.5]], [[1, 0]] if loss is not nll_loss else [0], reduction=["mean"])


@pytest.mark.parametrize("loss", ALL)
def test_an_unknown_reduction_lists_the_known_ones(loss):
    outputs, target = ([[0.5, 0.5]], [0]) if loss in (cross_entropy, nll_loss) else ([0.5], [1])
    with pytest.raises(ValueError, match="'average' is unknown; there are mean, sum, none"):
        loss(outputs, target, reduction="average")


@pytest.mark.parametrize("loss", ALL)
def test_unequal_lengths_name_both(loss):
    output = [0.5, 0.5] if loss in (cross_entropy, nll_loss) else 0.5
    with pytest.raises(ValueError, match=f"{loss.__name__} of 3 outputs and 2 targets"):
        loss([output] * 3, [1, 1])


@pytest.mark.parametrize("loss", ALL)
def test_a_loss_of_nothing_is_refused(loss):
    with pytest.raises(ValueError, match=f"{loss.__name__} of nothing"):
        loss([], [])


@pytest.mark.parametrize("loss", [binary_cross_entropy, binary_cross_entropy_with_logits])
@pytest.mark.parametrize("target", [-0.1, 1.5, math.inf])
def test_a_probability_as_target_is_from_0_to_1(loss, target):
    with pytest.raises(ValueError, match=f"targets from 0 to 1; {target} is not"):
        loss([0.5], [target])


@pytest.mark.parametrize("output", [-0.1, 1.5])
def test_binary_cross_entropy_of_a_raw_score_names_the_loss_to_use(output):
    with pytest.raises(ValueError, match=f"{output} is not .* binary_cross_entropy_with_logits"):
        binary_cross_entropy([Value(output)], [1])


@pytest.mark.parametrize(
    "loss", [hinge_loss, binary_cross_entropy, binary_cross_entropy_with_logits, mse_loss]
)
def test_nan_flows_through_a_loss_and_is_no_class(loss):
    assert math.isnan(loss([Value(math.nan)], [1]).data)
    assert math.isnan(loss([Value(0.5)], [math.nan]).data)


@pytest.mark.parametrize("loss", [cross_entropy, nll_loss])
def test_a_class_as_a_float_is_told_what_to_do(loss):
    with pytest.raises(ValueError, match=r"1\.0 is a float; a class is a whole number: int"):
        loss([0.1, 0.2, 0.3], 1.0)


@pytest.mark.parametrize("loss", [cross_entropy, nll_loss])
@pytest.mark.parametrize("target", [3, -1, 7.0, Fraction(1, 2)])
def test_a_class_out_of_range_names_the_range(loss, target):
    with pytest.raises(ValueError, match=f"of 3 numbers has targets 0 to 2; {target} is not one"):
        loss([0.1, 0.2, 0.3], target)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ([1, 0], "3 logits and a one-hot target of 2 numbers: give one for each class, or the"),
        ([True], "3 logits and a one-hot target of 1 numbers: give one for each class, or the"),
        ([1, 1, 0], "sums to 1; .* sums to 2"),
        ([2, -1, 0], "from 0 to 1"),
        ([math.nan, 0, 1], "from 0 to 1"),
        ([10**400, 0, 0], "from 0 to 1"),
    ],
)
def test_a_one_hot_target_is_checked(target, message):
    with pytest.raises(ValueError, match=message):
        cross_entropy([0.1, 0.2, 0.3], target)


@pytest.mark.parametrize("outputs", [[[0.1, 0.2], [0.3]], [[0.1], 0.2], [[], []]])
def test_rows_of_unequal_length_are_refused(outputs):
    with pytest.raises(ValueError, match="rows of equal length"):
        cross_entropy(outputs, [0, 0])


@pytest.mark.parametrize("loss", [cross_entropy, nll_loss])
def test_one_number_is_no_row_of_classes(loss):
    with pytest.raises(TypeError, match="a list of numbers, one for each class"):
        loss(Value(1.0), 0)


@pytest.mark.parametrize("loss", EACH)
def test_text_is_no_list_of_outputs(loss):
    with pytest.raises(TypeError):
        loss("spam", [1])


@pytest.mark.parametrize("delta", ["a", None, 10**400])
def test_the_delta_of_huber_loss_is_a_number(delta):
    with pytest.raises(ValueError, match=f"huber_loss with delta = {delta!r:.20}"):
        huber_loss([Value(1.0)], [0.0], delta=delta)


@pytest.mark.parametrize("delta", [0, -1.0, math.nan])
def test_huber_loss_has_a_delta_above_zero(delta):
    with pytest.raises(ValueError, match=f"delta = {delta}: it must be above zero"):
        huber_loss([Value(1.0)], [0.0], delta=delta)
