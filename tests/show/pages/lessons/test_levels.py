"""Steps speak at the level on view: single nodes where boxes are open, whole boxes elsewhere."""

import pytest

from autograd import lesson
from autograd.graph import topological_order
from autograd.wording import show_number
from nn import MLP, mse_loss
from tests.show.pages.lessons.reader import GRAPHS, Reader, batch, typeset

OPEN_NEXT = (
    "(() => { const box = view.boxes.find((box) => box.fold !== undefined && !box.rest);"
    " if (box) showCut(view.cut.toggled(box.fold)); return Boolean(box); })()"
)


@pytest.mark.parametrize("name", ["network", "a batch"])
def test_at_every_level_the_numbers_on_view_are_the_engines(reader: Reader, tmp_path, name):
    output = GRAPHS[name]()
    lesson(output, tmp_path / "page.html", names={})
    reader.open(tmp_path / "page.html")
    output.backward()
    order = topological_order(output)
    seen = set()
    for _ in range(12):
        reader.press("End")
        shown = reader.ask(
            "view.boxes.filter((box, b) => box.node !== undefined && !isConstant(b))"
            ".map((box) => [box.node, ...['number', 'gradient'].map((what) =>"
            " view.elements.get(box.id).querySelector(`text.${what}`).textContent)])"
        )
        for place, data, grad in shown:
            node = order[place]
            assert (data, grad) == (
                f"data {typeset(show_number(node.data))}",
                f"grad {typeset(show_number(node.grad))}",
            )  # fmt: skip
            seen.add(place)
        if not reader.ask(OPEN_NEXT):
            break
    assert len(seen) > 10


@pytest.mark.parametrize("name", GRAPHS)
def test_at_every_level_each_contribution_is_handed_on_once(reader: Reader, tmp_path, name):
    lesson(GRAPHS[name](), tmp_path / "page.html", names={})
    reader.calm().open(tmp_path / "page.html")
    for _ in range(6):
        edges, expected = reader.ask(
            "[steps.flatMap((step) => step.edges ?? []).sort((a, b) => a - b),"
            " view.parentOf.flatMap((k, edge) => graph.nodes[k].kind === 'constant' ? [] : [edge])]"
        )
        assert edges == expected
        givers = reader.ask(  # no gradient is handed on before it is complete
            "steps.every((step, k) => step.kind !== 'backward' || step.edges.every((edge) => {"
            " const giver = view.childOf[edge]; return !steps.slice(k + 1).some((later) =>"
            " later.kind === 'backward' &&"
            " later.edges.some((e) => view.parentOf[e] === giver)); }))"
        )
        assert givers
        if not reader.ask(OPEN_NEXT):
            break


def test_a_closed_layer_speaks_in_matrices_with_count_norm_and_the_largest(
    reader: Reader, tmp_path
):
    output = mse_loss([MLP(2, [16, 16, 1], "tanh")([0.3, -0.6])], [1.0])
    reader.read(output, tmp_path / "page.html", names={})
    k = reader.ask(
        "1 + steps.findIndex((step) => step.kind === 'backward' &&"
        " view.describe(view.boxes[step.box]).startsWith('layer1'))"
    )
    reader.ask(f"go({k})")
    assert reader.lines == ["δ₁ = ∂L/∂h₁ ⊙ tanh′(z₁)     ∂L/∂W₁ = δ₁·h₀ᵀ     ∂L/∂h₀ = W₁ᵀ·δ₁"]
    crossed, size, largest = reader.ask(
        "(() => { const given = steps[at - 1].edges.map((edge) => graph.contributions[edge]);"
        " return [given.length, Math.hypot(...given), given.reduce((a, b) =>"
        " Math.abs(b) > Math.abs(a) ? b : a)]; })()"
    )
    told = reader.text("#total")
    assert told.startswith(f"{crossed} contributions, together ‖·‖ {typeset(show_number(size))}")
    assert f"the largest is {typeset(show_number(largest))}" in told
    reader.page.locator("#total .more").click()
    sums = reader.page.locator("#told li").all_text_contents()
    assert len(sums) == min(100, crossed)
    assert sums[0].endswith(f"≈ {typeset(show_number(largest)).lstrip('≈')}")
    assert " += " in sums[0]


def test_number_by_number_the_contributions_to_a_weight_sum_to_its_gradient(
    reader: Reader, tmp_path
):
    model = MLP(3, [4, 1], "tanh", rng=0)
    rows = [[k / 4, -k / 5, 0.5] for k in range(4)]
    output = mse_loss(model.batch(rows), [1.0, -1.0, 1.0, -1.0])
    output.backward()
    reader.read(output, tmp_path / "page.html", names={})
    k = reader.ask(
        "1 + steps.findIndex((step) => step.kind === 'backward' &&"
        " view.describe(view.boxes[step.box]).startsWith('layer1'))"
    )
    reader.ask(f"go({k})")
    reader.page.locator("#total .more").click()
    told = set(reader.page.locator("#told p").all_text_contents())
    weights = [p for p in model.parameters() if p.label.startswith("layer1")]
    assert len(weights) == 5
    assert {
        f"{p.label}.grad += {typeset(show_number(p.grad))}, the sum of these 4" for p in weights
    } <= told


def test_a_closed_box_waits_until_all_it_needs_is_complete(reader: Reader, tmp_path):
    reader.read(batch(), tmp_path / "page.html", names={})
    told = reader.ask("steps.map((step) => step.kind + ' ' + view.describe(view.boxes[step.box]))")
    assert [line.split(":")[0].split(" =")[0] for line in told][:3] == [
        "forward layer0 ×4", "forward layer1 ×4", "forward mse_loss ×4",
    ]  # fmt: skip
    assert [line.split(":")[0] for line in told][-3:] == [
        "backward mse_loss ×4", "backward layer1 ×4", "backward layer0 ×4",
    ]  # fmt: skip
