"""PyTorch's side of ``nn_cases``.

python -m tests.torch_numbers > tests/torch_numbers.json
"""

import json
from typing import Any

import torch

from tests.nn_cases import (
    BATCH,
    BIAS,
    CLIPPINGS,
    EPOCHS,
    GRADIENTS,
    LOSSES,
    NORMALIZATIONS,
    OPTIMIZERS,
    SCHEDULES,
    SHOWN_STEPS,
    SQUARES,
    START,
    STEPS,
    WEIGHT,
    gradient,
)


def tensor(numbers: Any, *, learns: bool = False) -> Any:
    return torch.tensor(numbers, dtype=torch.float64, requires_grad=learns)


def hinge_loss(outputs: Any, targets: Any, reduction: str = "mean") -> Any:
    """What torch.nn.functional has not."""
    losses = torch.relu(1 - targets * outputs)
    return losses if reduction == "none" else getattr(losses, reduction)()


def loss(case: Any) -> dict[str, Any]:
    function = getattr(torch.nn.functional, case.name, hinge_loss)
    is_class = isinstance(case.targets[0], int)
    targets = torch.tensor(case.targets) if is_class else tensor(case.targets)
    outputs = tensor(case.outputs, learns=True)
    mean = function(outputs, targets, **case.settings)
    mean.backward()
    others = {
        reduction: function(tensor(case.outputs), targets, reduction=reduction, **case.settings)
        for reduction in ("sum", "none")
    }
    return {
        "mean": mean.item(),
        "sum": others["sum"].item(),
        "none": others["none"].tolist(),
        "gradient": outputs.grad.tolist(),
    }


def optimizer_path(name: str, settings: dict[str, Any]) -> list[list[float]]:
    """Return the weights after every step."""
    weights = [tensor(number, learns=True) for number in START]
    optimizer = getattr(torch.optim, name)(weights, **settings)
    path = []
    for step in range(1, STEPS + 1):
        for k, weight in enumerate(weights):
            weight.grad = tensor(gradient(step, k))
        optimizer.step()
        path.append([weight.item() for weight in weights])
    return path


def schedule(name: str, settings: dict[str, Any]) -> list[float]:
    """Return the learning rate at every epoch."""
    optimizer = torch.optim.SGD([tensor(1.0, learns=True)], lr=0.5)
    scheduler = getattr(torch.optim.lr_scheduler, name)(optimizer, **settings)
    rates = []
    for _ in range(EPOCHS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    return rates


def parameters_with_gradients() -> list[Any]:
    parameters = [tensor(0.0, learns=True) for _ in GRADIENTS]
    for parameter, number in zip(parameters, GRADIENTS, strict=True):
        parameter.grad = tensor(number)
    return parameters


def clipping(max_norm: float, norm_type: float) -> dict[str, Any]:
    parameters = parameters_with_gradients()
    norm = torch.nn.utils.clip_grad_norm_(parameters, max_norm, norm_type)
    return {"norm": norm.item(), "gradients": [p.grad.item() for p in parameters]}


def normalization(name: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Return outputs and gradients in training, running averages, and outputs in evaluation."""
    layer = getattr(torch.nn, name)(3, dtype=torch.float64, **settings)
    layer.weight.data = tensor(WEIGHT)
    if hasattr(layer, "bias"):
        layer.bias.data = tensor(BIAS)
    rows = tensor(BATCH, learns=True)
    outputs = layer(rows)
    (outputs * tensor(SQUARES)).sum().backward()
    found = {
        "outputs": outputs.tolist(),
        "gradient": rows.grad.tolist(),
        "weight gradient": layer.weight.grad.tolist(),
    }
    if name == "BatchNorm1d":
        found["running"] = [*layer.running_mean.tolist(), *layer.running_var.tolist()]
        found["evaluation"] = layer.eval()(tensor(BATCH)).tolist()
    return found


def gains() -> dict[str, float]:
    names = ("linear", "sigmoid", "tanh", "relu", "leaky_relu")
    return {name: torch.nn.init.calculate_gain(name) for name in names}


def numbers() -> dict[str, Any]:
    """Return all that is recorded."""
    return {
        "version": torch.__version__.split("+")[0],
        "losses": [loss(case) for case in LOSSES],
        "optimizers": [
            [path[step - 1] for step in SHOWN_STEPS]
            for path in (optimizer_path(*case) for case in OPTIMIZERS)
        ],
        "schedules": [schedule(*case) for case in SCHEDULES],
        "clippings": [clipping(*case) for case in CLIPPINGS],
        "normalizations": [normalization(there, s) for _, there, s in NORMALIZATIONS],
        "gains": gains(),
    }


def as_json(found: dict[str, Any]) -> str:
    """Return the numbers as JSON, one case a line."""
    parts = []
    for name, cases in found.items():
        lines = ",\n".join(map(json.dumps, cases)) if isinstance(cases, list) else ""
        parts.append(f'"{name}": ' + (f"[\n{lines}\n]" if lines else json.dumps(cases)))
    return "{\n" + ",\n".join(parts) + "\n}"


if __name__ == "__main__":
    print(as_json(numbers()))
