"""NumPy by hand: a backward pass that was worked out on paper, with rows first or rows last."""

from typing import Any

from demos.extras import imports_from
from demos.gpt import EPS, HEADS, SIZE, WIDTH
from demos.racing.step import Step
from demos.racing.workloads import SHAPES, Names, Network, in_a_line

with imports_from("race"):
    import numpy as np

Array = Any


def network(workload: Network, how: str) -> Step:
    layers = [(np.array(matrix), np.array(biases)) for matrix, biases in workload.layers()]
    rows, classes = map(np.array, workload.data())
    if how == "rows first":
        return Step(lambda: rows_first(layers, rows, classes[:, None]), numbers_of)
    columns = np.ascontiguousarray(rows.T)
    return Step(lambda: rows_last(layers, columns, classes), numbers_of)


def numbers_of(found: tuple[float, list[tuple[Array, Array]]]) -> tuple[float, list[float]]:
    return float(found[0]), in_a_line(found[1])


def rows_first(layers: list[tuple[Array, Array]], rows: Array, classes: Array) -> Any:
    """Return loss and gradient; a row of each array is an example."""
    hidden = [rows]
    for weight, bias in layers[:-1]:
        z = hidden[-1] @ weight.T
        z += bias
        hidden.append(np.maximum(z, 0, out=z))
    weight, bias = layers[-1]
    margin = 1 - classes * (hidden[-1] @ weight.T + bias)
    loss = np.maximum(margin, 0).mean()
    d = np.where(margin > 0, -classes / len(rows), 0)
    gradient = []
    for (weight, _), h in zip(reversed(layers), reversed(hidden), strict=True):
        gradient.append((d.T @ h, d.sum(axis=0)))
        if h is not rows:
            d = d @ weight
            d *= h > 0
    return loss, gradient[::-1]


def rows_last(layers: list[tuple[Array, Array]], columns: Array, classes: Array) -> Any:
    """Return loss and gradient; a column of each array is an example."""
    hidden = [columns]
    for weight, bias in layers[:-1]:
        z = weight @ hidden[-1]
        z += bias[:, None]
        hidden.append(np.maximum(z, 0, out=z))
    weight, bias = layers[-1]
    margin = 1 - classes * (weight @ hidden[-1] + bias[:, None])
    loss = np.maximum(margin, 0).mean()
    d = np.where(margin > 0, -classes / len(classes), 0)
    gradient = []
    for (weight, _), h in zip(reversed(layers), reversed(hidden), strict=True):
        gradient.append((d @ h.T, d.sum(axis=1)))
        if h is not columns:
            d = weight.T @ d
            d *= h > 0
    return loss, gradient[::-1]


def names(workload: Names, how: str) -> Step:
    weights = {name: np.array(matrix) for name, matrix in workload.matrices().items()}
    tokens, targets = map(np.array, workload.data())
    return Step(
        lambda: gpt(weights, tokens, targets.ravel()),
        lambda found: (
            float(found[0]),
            np.concatenate([found[1][name].ravel() for name in SHAPES]).tolist(),
        ),
    )


def gpt(w: dict[str, Array], tokens: Array, targets: Array) -> tuple[float, dict[str, Array]]:
    """Return loss and gradient of the GPT; all positions of all names are rows of one matrix."""
    n, length = tokens.shape
    rows = n * length
    x0, scale0 = rms_norm((w["symbols"].T[tokens] + w["places"][:length]).reshape(rows, WIDTH))
    x1, scale1 = rms_norm(x0)
    three = np.concatenate([w["query"], w["key"], w["value"]])
    query, key, value = in_heads(x1 @ three.T, 3, n, length)
    scores = query @ key.swapaxes(-1, -2) * SIZE**-0.5
    scores += np.triu(np.full((length, length), -np.inf), 1)
    looks = softmax(scores)
    found = (looks @ value).transpose(0, 2, 1, 3).reshape(rows, WIDTH)
    x2 = found @ w["output"].T + x0
    x3, scale3 = rms_norm(x2)
    h = np.maximum(x3 @ w["wide"].T, 0)
    x4 = h @ w["narrow"].T + x2
    chances = softmax(x4 @ w["logits"].T)
    each = np.arange(rows)
    loss = -np.log(chances[each, targets]).mean()

    chances[each, targets] -= 1
    d = chances / rows
    g = {"logits": d.T @ x4}
    d4 = d @ w["logits"]
    g["narrow"] = d4.T @ h
    dh = (d4 @ w["narrow"]) * (h > 0)
    g["wide"] = dh.T @ x3
    d2 = d4 + back_through_norm(dh @ w["wide"], x3, scale3)
    g["output"] = d2.T @ found
    (dfound,) = in_heads(d2 @ w["output"], 1, n, length)
    dlooks = dfound @ value.swapaxes(-1, -2)
    dscores = looks * (dlooks - (dlooks * looks).sum(-1, keepdims=True)) * SIZE**-0.5
    parts = [dscores @ key, dscores.swapaxes(-1, -2) @ query, looks.swapaxes(-1, -2) @ dfound]
    dthree = np.stack(parts).transpose(1, 3, 0, 2, 4).reshape(rows, 3 * WIDTH)
    g["query"], g["key"], g["value"] = np.split(dthree.T @ x1, 3)
    d0 = d2 + back_through_norm(dthree @ three, x1, scale1)
    dsum = back_through_norm(d0, x0, scale0)
    g["places"] = np.zeros_like(w["places"])
    g["places"][:length] = dsum.reshape(n, length, WIDTH).sum(axis=0)
    one_hot = np.zeros((rows, w["symbols"].shape[1]))
    one_hot[each, tokens.ravel()] = 1
    g["symbols"] = dsum.T @ one_hot
    return loss, g


def in_heads(rows: Array, parts: int, n: int, length: int) -> Array:
    """Return arrays of (names, heads, positions, numbers), one for each part of the rows."""
    return rows.reshape(n, length, parts, HEADS, SIZE).transpose(2, 0, 3, 1, 4)


def rms_norm(x: Array) -> tuple[Array, Array]:
    scale = 1 / np.sqrt((x * x).mean(-1, keepdims=True) + EPS)
    return x * scale, scale


def back_through_norm(d: Array, normed: Array, scale: Array) -> Array:
    return scale * (d - normed * (d * normed).mean(-1, keepdims=True))


def softmax(x: Array) -> Array:
    powers = np.exp(x - x.max(-1, keepdims=True))
    powers /= powers.sum(-1, keepdims=True)
    return powers
