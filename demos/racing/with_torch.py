"""PyTorch: modules and fused functions, eager or compiled by its Inductor to C++."""

from collections.abc import Callable
from typing import Any

from demos.extras import imports_from
from demos.gpt import EPS, HEADS, SIZE, WIDTH
from demos.racing.step import Result, Step
from demos.racing.workloads import LETTERS, Names, Network, Training, in_a_line

with imports_from("race"):
    import torch
    from torch import nn
    from torch.nn import functional

torch.set_default_dtype(torch.float64)


def network(workload: Network, how: str) -> Step:
    model, loss_of = model_of(workload)
    return step_of(model, loss_of, how, lambda: gradient_of(model))


def model_of(workload: Network) -> tuple[Any, Callable[[], Any]]:
    """Return the network, and what computes its loss on all rows."""
    layers: list[nn.Module] = []
    for n, m in zip(workload.sizes, workload.sizes[1:], strict=False):
        layers += [nn.Linear(n, m), nn.ReLU()]
    model = nn.Sequential(*layers[:-1])
    load(model, workload)
    rows, classes = map(torch.tensor, workload.data())
    return model, lambda: functional.relu(1 - classes * model(rows).squeeze(1)).mean()


def load(model: Any, workload: Network) -> None:
    """Give the model the weights that all start from."""
    linear = [layer for layer in model if isinstance(layer, nn.Linear)]
    with torch.no_grad():
        for layer, (matrix, biases) in zip(linear, workload.layers(), strict=True):
            layer.weight.copy_(torch.tensor(matrix))
            layer.bias.copy_(torch.tensor(biases))


def step_of(
    model: Any, loss_of: Callable[[], Any], how: str, numbers: Callable[[], list[float]]
) -> Step:
    """Return the step of a training loop, but for the optimizer."""
    if how == "compiled":
        loss_of = torch.compile(loss_of)

    def step() -> Any:
        model.zero_grad()
        loss = loss_of()
        loss.backward()
        return loss

    return Step(step, lambda loss: (loss.item(), numbers()))


def gradient_of(model: Any) -> list[float]:
    linear = [layer for layer in model if isinstance(layer, nn.Linear)]
    return in_a_line([(m.weight.grad.tolist(), m.bias.grad.tolist()) for m in linear])


class GPT(nn.Module):  # type: ignore[misc]  # mypy follows no imports into torch
    """``demos.gpt`` in tensors: query, key and value are one product, attention is one function."""

    def __init__(self, matrices: dict[str, Any]) -> None:
        super().__init__()
        of = {name: torch.tensor(matrix) for name, matrix in matrices.items()}
        three = torch.cat([of["query"], of["key"], of["value"]])
        self.symbols = nn.Embedding.from_pretrained(of["symbols"].T.contiguous(), freeze=False)
        self.places = nn.Parameter(of["places"])
        self.three, self.output, self.wide, self.narrow, self.logits = (
            nn.Parameter(matrix)
            for matrix in (three, of["output"], of["wide"], of["narrow"], of["logits"])
        )

    def forward(self, tokens: Any) -> Any:
        n, length = tokens.shape
        x = norm(self.symbols(tokens) + self.places[:length])
        parts = functional.linear(norm(x), self.three).view(n, length, 3, HEADS, SIZE)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        found = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + functional.linear(found.transpose(1, 2).reshape(n, length, WIDTH), self.output)
        x = x + functional.linear(
            functional.relu(functional.linear(norm(x), self.wide)), self.narrow
        )
        return functional.linear(x, self.logits)

    def gradient(self) -> list[float]:
        three = self.three.grad
        matrices = [self.symbols.weight.grad.T, self.places.grad, three]
        matrices += [m.grad for m in (self.output, self.wide, self.narrow, self.logits)]
        found: list[float] = torch.cat([matrix.flatten() for matrix in matrices]).tolist()
        return found


def norm(x: Any) -> Any:
    return functional.rms_norm(x, (WIDTH,), eps=EPS)


def names(workload: Names, how: str) -> Step:
    model = GPT(workload.matrices())
    tokens, following = map(torch.tensor, workload.data())
    targets = following.flatten()

    def loss_of() -> Any:
        return functional.cross_entropy(model(tokens).view(-1, len(LETTERS)), targets)

    return step_of(model, loss_of, how, model.gradient)


def training(workload: Training, how: str) -> Step:
    """Return a whole training; the optimizer is the fused one, the fastest that it has."""
    model, loss_of = model_of(workload.network)
    kind = getattr(torch.optim, workload.optimizer)
    start = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    if how == "compiled":
        loss_of = torch.compile(loss_of)

    def run() -> Any:
        model.load_state_dict(start)
        optimizer = kind(model.parameters(), **workload.settings, fused=True)
        for _ in range(workload.epochs):
            optimizer.zero_grad()
            loss = loss_of()
            loss.backward()
            optimizer.step()
        return loss

    def result(loss: Any) -> Result:
        linear = [layer for layer in model if isinstance(layer, nn.Linear)]
        return loss.item(), in_a_line([(m.weight.tolist(), m.bias.tolist()) for m in linear])

    return Step(run, result)
