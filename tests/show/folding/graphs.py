"""Graphs to fold."""

import random

from autograd import Value, group, softmax, tanh, total
from nn import MLP, Layer, LayerNorm, Module, Sequential, cross_entropy, hinge_loss


def batch_of_rows(n_rows=4, sizes=(4, 1), n_inputs=3, activation="tanh"):
    model = MLP(n_inputs, list(sizes), activation)
    rows = [[k + j / 10 for j in range(n_inputs)] for k in range(n_rows)]
    return hinge_loss([model(row) for row in rows], [(-1) ** k for k in range(n_rows)])


def normalized_batch():
    model = Sequential(Layer(2, 3), LayerNorm(3), Layer(3, 1))
    return total([outputs[0] for outputs in model.batch([[1.0, 2.0], [3.0, 4.0], [0.5, 0.1]])])


class RNN(Module):
    """A cell that is used again and again, and a layer behind it."""

    def __init__(self, width=4):
        self.width = width
        self.cell = Layer(1 + width, width, "tanh")
        self.out = Layer(width, 1, "linear")

    def forward(self, xs):
        h = [Value(0.0) for _ in range(self.width)]
        for x in xs:
            h = self.cell([x, *h])
        return self.out(h)[0]


def recurrent(steps=8):
    return RNN()([Value(k / 8) for k in range(steps)])


def recurrent_batch():
    model = RNN(2)
    return total([model([Value(k / 8 + row) for k in range(3)]) for row in range(3)])


def loop_of_cells():
    cell, h = Layer(2, 1, "tanh"), Value(0.0)
    for k in range(5):
        (h,) = cell([Value(k / 5), h])
    return h


class Attention(Module):
    """One query over some keys."""

    def __init__(self):
        self.query, self.key, self.value = (Layer(2, 2, "linear") for _ in range(3))

    def forward(self, x, others):
        query = self.query(x)
        keys, values = [self.key(o) for o in others], [self.value(o) for o in others]
        weights = softmax([total([q * k for q, k in zip(query, key, strict=True)]) for key in keys])
        return [total([w * v[j] for w, v in zip(weights, values, strict=True)]) for j in range(2)]


def attention(n_keys=4):
    others = [[Value(k / 3), Value(1 - k / 3)] for k in range(n_keys)]
    return total(Attention()(others[0], others))


def classes():
    return cross_entropy(MLP(2, [3, 3])([1.0, 2.0]), 1)


def used_twice():
    layer, x = Layer(2, 2, "tanh"), [Value(1.0), Value(2.0)]
    first = layer(x)
    return total([*layer([v * 2 for v in first]), *layer(x)])


def interleaved():
    """Two modules that take turns, each within one call."""

    class Turns(Module):
        def __init__(self):
            self.w = Value(0.5, label="w")

        def forward(self, state):
            while True:
                state.append(tanh(state[-1] * self.w))
                yield

    first, second, state = Turns(), Turns(), [Value(0.3)]
    with group("first"):
        a = tanh(state[-1])
    first_call = a.scope
    with group("second"):
        b = a * 2
    second_call = b.scope
    nodes = [a, b]
    for k in range(6):
        node = nodes[-1] * first.w + second.w
        node.scope = (first_call, second_call)[k % 2]
        nodes.append(tanh(node))
        nodes[-1].scope = node.scope
    return total(nodes)


def groups():
    x, rows = Value(0.5, label="x"), []
    for row in range(3):
        h = Value(float(row))
        for step in range(2):
            with group(f"step {step}"):
                h = tanh(h * x + 1)
        rows.append(h)
    return total(rows)


def random_modules(seed):
    """Modules within modules that take whatever was made so far."""
    rng = random.Random(seed)

    class Some(Module):
        def __init__(self, depth):
            self.parts = [Some(depth - 1) for _ in range(rng.randint(1, 2))] if depth else []
            self.w = Value(rng.random())

        def forward(self, values):
            values = list(values)
            for _ in range(rng.randint(1, 4)):
                chosen = rng.sample(values, min(2, len(values)))
                if self.parts and rng.random() < 0.6:
                    values.append(rng.choice(self.parts)(chosen))
                elif rng.random() < 0.2:
                    with group(rng.choice("ab")):
                        values.append(chosen[0] * self.w + 1)
                else:
                    values.append(tanh(chosen[0] * self.w + chosen[-1]))
            return total(values[-2:])

    models = [Some(2), Some(1)]
    values = [Value(float(k)) for k in range(3)]
    for _ in range(6):
        values.append(rng.choice(models)(rng.sample(values, 2)))
        if rng.random() < 0.5:
            values.append(values[-1] * rng.choice(values))
    return total(values)


def mixed_up(seed):
    """The calls of a graph given to nodes at random, so that calls depend on each other."""
    from autograd.graph import topological_order

    rng = random.Random(seed)
    output = random_modules(seed)
    made = [node for node in topological_order(output) if node.parents]
    calls = [node.scope for node in made if hasattr(node, "scope")]
    for node in rng.sample(made, len(made) // 3):
        node.scope = rng.choice(calls)
    return output


GRAPHS = {
    "batch": batch_of_rows, "normalized batch": normalized_batch, "recurrent": recurrent,
    "recurrent batch": recurrent_batch, "loop of cells": loop_of_cells, "attention": attention,
    "classes": classes, "used twice": used_twice, "interleaved": interleaved, "groups": groups,
    **{f"random {seed}": lambda seed=seed: random_modules(seed) for seed in range(25)},
    **{f"mixed up {seed}": lambda seed=seed: mixed_up(seed) for seed in range(25)},
}  # fmt: skip
