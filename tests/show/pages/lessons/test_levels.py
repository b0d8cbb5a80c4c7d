"""Steps speak at the level on view: single nodes where boxes are open, whole boxes elsewhere."""

import math

import pytest

from autograd import Value, dot, group, lesson, sin, softmax, total
from autograd.graph import topological_order
from autograd.wording import show_number
from nn import MLP, mse_loss
from tests.show.pages.lessons.reader import GRAPHS, Reader, batch, many_rows, typeset

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


def cells(reader: Reader) -> list[list[str]]:
    """Return the texts of the lines of arithmetic, cell by cell."""
    rows = reader.page.locator("#lines tr").all()
    return [[cell.strip() for cell in row.locator("td").all_text_contents()] for row in rows]


def test_a_closed_box_that_is_not_a_layer_speaks_of_its_jacobian(reader: Reader, tmp_path):
    targets, n = [1.0, -1.0, 0.5, 2.0], 4
    predictions = MLP(3, [4, 1], "tanh").batch([[0.5 * k, 1.0 - k, 0.25] for k in range(n)])
    reader.read(mse_loss(predictions, targets), tmp_path / "page.html", names={})
    reader.ask(
        "go(1 + steps.findIndex((step) => step.kind === 'backward' && step.to === null &&"
        " view.describe(view.boxes[step.box]).startsWith('mse_loss')))"
    )
    given = [2 * (p.data - target) / n for p, target in zip(predictions, targets, strict=True)]
    of_leaves, size = show_number(math.hypot(*given)), show_number(math.hypot(*[1 / n] * n))
    assert cells(reader) == [
        ["∂L/∂x", "=", "Jᵀ", "·", "∂L/∂y"],
        ["4", "", "J: 4 × 4", "", "4"],
        [f"‖{typeset(of_leaves)}‖", "", "", "", f"‖{size}‖"],
    ]
    assert "the largest is" in reader.text("#total")
    reader.page.locator("#total .more").click()
    assert " += " in reader.page.locator("#told li").first.text_content()


def test_what_one_node_hands_to_a_closed_box_is_a_jacobian_of_one_row(reader: Reader, tmp_path):
    reader.read(many_rows(), tmp_path / "page.html", names={})
    reader.ask("go(1 + steps.findIndex((step) => step.kind === 'backward' && step.to !== null))")
    assert cells(reader) == [
        ["∂L/∂x", "=", "Jᵀ", "·", "∂L/∂y"],
        ["100", "", "J: 1 × 100", "", "1"],
        ["‖0.1‖", "", "", "", "‖1.0‖"],  # of a hundred times 1/100
    ]


@pytest.mark.parametrize("name", ["a group", "softmax"])
def test_any_closed_box_speaks_in_three_lines(reader: Reader, tmp_path, name):
    xs = [Value(0.1 * k, label=f"x{k}") for k in range(6)]
    if name == "softmax":
        output = dot(softmax(xs), xs)
    else:
        with group("step 1"):
            made = [sin(x) * x for x in xs]
        output = total(made)
    reader.read(output, tmp_path / "page.html", names={})
    reader.ask("showCut(new Cut(folds, new Set(), -1))")
    reader.ask("go(1 + steps.findIndex((step) => step.kind === 'backward' && step.to === null))")
    symbols, shapes, norms = cells(reader)
    assert symbols[2] == "Jᵀ"
    m, n = reader.ask(
        "(({ box, edges }) => [view.outputsOf(view.boxes[box]).length, new Set(edges.map((edge) =>"
        " view.parentOf[edge])).size])(steps[at - 1])"
    )
    assert shapes[2].startswith(f"J: {m} × ")
    assert 1 <= int(shapes[0]) <= n
    assert norms[0].startswith("‖")


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
