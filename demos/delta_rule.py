"""The generalized delta rule: the textbooks' matrix formulas give the gradients of graphs.

For a network zˡ = Wˡ aˡ⁻¹ + bˡ, aˡ = f(zˡ), with L layers and δˡ = ∂loss/∂zˡ,

    δᴸ = ∂loss/∂aᴸ ⊙ f′(zᴸ)
    δˡ = (Wˡ⁺¹ᵀ δˡ⁺¹) ⊙ f′(zˡ)
    ∂loss/∂Wˡ = δˡ aˡ⁻¹ᵀ        ∂loss/∂bˡ = δˡ

Rumelhart, Hinton and Williams (1986), "Learning representations by back-propagating errors".

python -m demos.delta_rule
"""

import random
from itertools import pairwise
from typing import Any, NamedTuple

from demos.claim import claim
from demos.extras import imports_from
from demos.output_folder import output_path, say, shown
from demos.plotting import new_figure, save_figure
from demos.running import run_demo, try_next
from nn import Layer, Sequential, mse_loss, uniform

with imports_from("demos"):
    import numpy as np
    from matplotlib.patches import Rectangle
    from numpy.typing import NDArray

Matrix = NDArray[np.float64]  # columns, one for each row of the data
SIZES = (3, 4, 3, 2)
F: dict[str, Any] = {
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": (lambda z: 1 / (1 + np.exp(-z)), lambda z: np.exp(-z) / (1 + np.exp(-z)) ** 2),
    "relu": (lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
}


class Gradients(NamedTuple):
    """For each layer, first to last: its inputs aˡ⁻¹, its δˡ, ∂loss/∂Wˡ and ∂loss/∂bˡ."""

    inputs: list[Matrix]
    deltas: list[Matrix]
    weights: list[Matrix]
    biases: list[Matrix]


def make_network(activation: str, seed: int) -> Sequential:
    rng = random.Random(seed)
    network = Sequential(*[Layer(*shape, activation, rng=rng) for shape in pairwise(SIZES)])
    for layer in network.layers:
        uniform(layer.bias, -0.5, 0.5, rng=rng)
    return network


def by_matrices(network: Sequential, x: Matrix, target: Matrix) -> Gradients:
    """Apply the formulas to the network's numbers; ``x`` and ``target`` are columns."""
    f, f_prime = F[network.layers[0].activation]
    ws = [np.array([[w.data for w in row] for row in layer.weight]) for layer in network.layers]
    bs = [np.array([[b.data] for b in layer.bias]) for layer in network.layers]
    activations, zs = [x], []
    for w, b in zip(ws, bs, strict=True):
        zs.append(w @ activations[-1] + b)
        activations.append(f(zs[-1]))
    deltas = [2 * (activations[-1] - target) / target.size * f_prime(zs[-1])]
    for w, z in zip(reversed(ws[1:]), reversed(zs[:-1]), strict=True):
        deltas.insert(0, (w.T @ deltas[0]) * f_prime(z))
    inputs = activations[:-1]
    weights = [delta @ a.T for delta, a in zip(deltas, inputs, strict=True)]
    return Gradients(inputs, deltas, weights, [d.sum(axis=1, keepdims=True) for d in deltas])


def by_graph(network: Sequential, x: Matrix, target: Matrix) -> Gradients:
    """Read the same off the nodes of a graph, after loss.backward(); no matrix anywhere."""
    rows: Any = x.T.tolist()
    inputs, outputs = [], []
    for layer in network.layers:
        inputs.append(rows)
        rows = layer.batch(rows)
        outputs.append(rows)
    mse_loss(rows, target.T.tolist()).backward()
    zs = [[[a.parents[0] for a in row] for row in layer] for layer in outputs]
    return Gradients(
        [x, *(np.array([[a.data for a in row] for row in layer]).T for layer in inputs[1:])],
        [np.array([[z.grad for z in row] for row in layer]).T for layer in zs],
        [np.array([[w.grad for w in row] for row in layer.weight]) for layer in network.layers],
        [np.array([[b.grad] for b in layer.bias]) for layer in network.layers],
    )


def largest_difference(ours: Gradients, theirs: Gradients) -> float:
    pairs = [pair for some in zip(ours, theirs, strict=True) for pair in zip(*some, strict=True)]
    return max(float(np.abs(one - other).max()) for one, other in pairs)


def draw_cells(axes: Any, cells: Matrix, left: float, top: float, size: int = 13) -> None:
    """Draw a matrix with its numbers, its first cell at (left, top); orange is plus."""
    rows, columns = cells.shape
    area = (left - 0.5, left + columns - 0.5, top + rows - 0.5, top - 0.5)
    paler = 2.0 * float(np.abs(cells).max())  # so that the numbers stay readable
    axes.imshow(cells, cmap="PuOr_r", vmin=-paler, vmax=paler, extent=area)
    axes.add_patch(Rectangle((area[0], area[3]), columns, rows, fill=False, linewidth=1.5))
    for (i, j), number in np.ndenumerate(cells):
        axes.text(left + j, top + i, f"{number:+.2f}", ha="center", va="center", fontsize=size)


def draw_step_back(
    axes: Any, network: Sequential, found: Gradients, k: int, here: str, above: str
) -> None:
    """Draw δ of tanh layer k: Wᵀ with the next δ above it, what each row sums to, times f′."""
    weights = np.array([[w.data for w in row] for row in network.layers[k + 1].weight]).T
    sums, slopes = weights @ found.deltas[k + 1], 1 - found.inputs[k + 1] ** 2
    n = weights.shape[1]
    draw_cells(axes, found.deltas[k + 1].T, 0, -1.3, 10)
    draw_cells(axes, weights, 0, 0, 10)
    columns = (("sum\n=", sums), ("f′(z)\n⊙", slopes), (f"δ{here}\n=", found.deltas[k]))
    for place, (name, column) in enumerate(columns):
        left = n + 0.5 + 1.5 * place
        draw_cells(axes, column, left, 0, 10)
        axes.text(left, -1.0, name, ha="center", va="center")
    axes.text(-1.2, -1.3, f"(δ{above})ᵀ →", ha="center", va="center")
    axes.text(-1.2, 0, f"(W{above})ᵀ", ha="center", va="center")
    axes.text(-1.8, -2.3, f"δ{here} = ((W{above})ᵀ δ{above}) ⊙ f′(z{here})", fontsize=17)
    axes.set(xlim=(-2, n + 4.5), ylim=(3.6, -2.8))
    axes.axis("off")


def save_picture(network: Sequential, found: Gradients) -> Any:
    """Draw each ∂loss/∂W as a multiplication table, and below how each δ comes from the next."""
    figure, (axes, below) = new_figure(3, 2, width=5.4, height=5.4)
    for k, here, above in ((0, "¹", "²"), (1, "²", "³")):
        draw_step_back(below[k], network, found, k, here, above)
    below[2].axis("off")
    for k, before, here in ((0, "⁰", "¹"), (1, "¹", "²"), (2, "²", "³")):
        draw_cells(axes[k], found.deltas[k], -1.3, 0)
        draw_cells(axes[k], found.inputs[k].T, 0, -1.3)
        draw_cells(axes[k], found.weights[k], 0, 0)
        axes[k].text(-1.3, -1.3, f"(a{before})ᵀ →\nδ{here} ↓", ha="center", va="center")
        axes[k].set(xlim=(-2, 3.6), ylim=(3.6, -2.8))
        axes[k].text(-1.8, -2.3, f"∂loss/∂W{here} = δ{here} (a{before})ᵀ", fontsize=17)
        axes[k].axis("off")
    return save_figure(figure, output_path("delta_rule"))


def main(seed: int = 5) -> None:
    say("Textbooks write backpropagation in matrices; our graphs have a node for every number.")
    say("Give both the same network, layers of 4, 3 and 2 tanh neurons, and one row of data:\n")
    network = of_one = make_network("tanh", seed=seed)
    x, target = np.array([[1.0], [-0.5], [0.75]]), np.array([[1.0], [-1.0]])
    matrices, graph = by_matrices(network, x, target), by_graph(network, x, target)
    for k, (delta, grad) in enumerate(zip(matrices.deltas, graph.deltas, strict=True), start=1):
        say(f"  layer {k}:  δ of the formula {np.round(delta.ravel(), 4)}")
        say(f"      z.grad in the graph  {np.round(grad.ravel(), 4)}")
    say("\nδ is the upstream gradient of z. Wᵀ δ adds up, for each neuron, what its children in")
    say("the next layer hand back; ⊙ f′(z) is the local derivative of its own activation. The")
    say("formula is the chain rule, a layer at a time.")
    claim("δ, ∂loss/∂W and ∂loss/∂b agree to 1e-12", largest_difference(matrices, graph) < 1e-12)

    say("\nWith 8 rows of data side by side, as columns, δ aᵀ sums over them as well:\n")
    rng = np.random.default_rng(0)
    for activation in F:
        network = make_network(activation, seed=2)
        x, target = rng.uniform(-1, 1, (SIZES[0], 8)), rng.uniform(-1, 1, (SIZES[-1], 8))
        matrices_of_8, graph_of_8 = by_matrices(network, x, target), by_graph(network, x, target)
        size = float(np.abs(graph_of_8.weights[0]).max())
        difference = largest_difference(matrices_of_8, graph_of_8)
        say(f"  {activation:8} gradients of the first layer up to {size:.3f}")
        claim(f"agree to 1e-12 with {activation}", difference < 1e-12 < 1e-6 < size)
    say("\nLook at each cell of the tables: it is the number to its left times the number above;")
    say("and at each δ in the lower row: a row of Wᵀ times the next δ, summed, times the slope:")
    for path in save_picture(of_one, matrices):
        say(f"    {shown(path)}")
    try_next(
        "work out one δ of the lower row by hand, from the numbers that stand there",
        "python -m demos.compiling: these matrices, found in a graph of scalars",
    )


if __name__ == "__main__":
    run_demo(main)
