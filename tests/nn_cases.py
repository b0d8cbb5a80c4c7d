"""What is computed twice, by ``nn`` and by PyTorch: losses, optimizers, schedules and layers.

``torch_numbers.json`` holds PyTorch's side. Where PyTorch is installed (extra ``parity``),

    python -m tests.torch_numbers > tests/torch_numbers.json

prints it again.
"""

import json
from pathlib import Path
from typing import Any, NamedTuple


def recorded(part: str) -> Any:
    """Return one part of PyTorch's side, in the order of the table here."""
    path = Path(__file__).parent / "torch_numbers.json"
    return json.loads(path.read_text(encoding="utf-8"))[part]


class Loss(NamedTuple):
    """A loss of torch.nn.functional (or hinge), its settings, outputs and targets."""

    name: str
    settings: dict[str, Any]
    outputs: list[Any]
    targets: list[Any]

    def __str__(self) -> str:
        kinds = "".join(sorted({type(target).__name__ for target in self.targets}))
        return " ".join([self.name, *map(str, self.settings.values()), kinds])


NUMBERS = [0.3, -1.2, 2.5, 0.0, 4.0, -3.0]
ROWS = [[0.5, -1.0, 2.0], [3.0, 0.1, -0.2], [1000.0, -1000.0, 999.0]]
LOG_PROBABILITIES = [[-0.5, -1.5, -1.8], [-2.0, -0.3, -2.1]]

LOSSES = [
    Loss("mse_loss", {}, NUMBERS, [1.0, -1.0, 2.0, 0.0, -2.0, 0.5]),
    Loss("l1_loss", {}, NUMBERS, [1.0, -1.0, 2.0, 0.0, -2.0, 0.5]),
    Loss("huber_loss", {}, NUMBERS, [1.0, -1.0, 3.5, 0.0, -2.0, 0.5]),
    Loss("huber_loss", {"delta": 2.5}, NUMBERS, [1.0, -1.0, 2.0, 0.0, -2.0, 0.5]),
    Loss("hinge_loss", {}, NUMBERS, [1.0, -1.0, -1.0, 1.0, 1.0, -1.0]),
    Loss("binary_cross_entropy", {}, [0.2, 0.9, 0.5, 1e-7, 0.3], [0.0, 1.0, 1.0, 0.0, 0.75]),
    Loss(
        "binary_cross_entropy_with_logits",
        {},
        [0.3, -1.2, 40.0, -800.0, 800.0, 2.0],
        [1.0, 0.0, 1.0, 0.0, 0.0, 0.25],
    ),
    Loss("cross_entropy", {}, ROWS, [2, 1, 0]),
    Loss("cross_entropy", {}, ROWS, [[0.0, 1.0, 0.0], [0.2, 0.3, 0.5], [0.0, 0.0, 1.0]]),
    Loss("nll_loss", {}, LOG_PROBABILITIES, [0, 2]),
]

START = [1.0, -0.5, 3.0]
STEPS = 200
SHOWN_STEPS = [1, 2, 3, 10, 50, 200]

OPTIMIZERS: list[tuple[str, dict[str, Any]]] = [
    ("SGD", {}),
    ("SGD", {"lr": 0.1, "momentum": 0.9}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "dampening": 0.5}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True}),
    ("SGD", {"lr": 0.1, "weight_decay": 0.5}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.5}),
    ("SGD", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weight_decay": 0.01}),
    ("Adagrad", {}),
    ("Adagrad", {"lr": 0.5, "lr_decay": 0.01, "weight_decay": 0.1}),
    ("Adagrad", {"initial_accumulator_value": 0.1, "eps": 1e-6}),
    ("RMSprop", {}),
    ("RMSprop", {"alpha": 0.9, "momentum": 0.9}),
    ("RMSprop", {"lr": 0.1, "eps": 1e-3, "weight_decay": 0.1}),
    ("Adam", {}),
    ("Adam", {"lr": 0.1, "betas": (0.8, 0.9), "eps": 1e-4}),
    ("Adam", {"lr": 0.1, "weight_decay": 0.1}),
    ("AdamW", {}),
    ("AdamW", {"lr": 0.1, "weight_decay": 0.1, "betas": (0.5, 0.9)}),
]


def gradient(step: int, k: int) -> float:
    """Return the gradient of weight ``k`` at a step: eighths from -9/8 to 9/8, zeros among them."""
    return ((37 * step + 11 * k) % 19 - 9) / 8


EPOCHS = 25
SCHEDULES: list[tuple[str, dict[str, Any]]] = [
    ("StepLR", {"step_size": 4}),
    ("StepLR", {"step_size": 1, "gamma": 0.9}),
    ("CosineAnnealingLR", {"T_max": 10}),
    ("CosineAnnealingLR", {"T_max": 20, "eta_min": 0.1}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.1, "total_iters": 12}),
]

GRADIENTS = [3.0, -4.0, 0.5, 0.0]
CLIPPINGS: list[tuple[float, float]] = [(1.0, 2.0), (1.0, 1.0), (2.0, 3.0), (1.0, float("inf")),
                                        (100.0, 2.0), (0.0, 2.0)]  # fmt: skip

BATCH = [[0.5, -1.0, 2.0], [1.5, 0.25, -0.75], [-2.0, 3.0, 0.1], [0.0, 1.0, 1.0]]
WEIGHT, BIAS = [1.5, -0.5, 2.0], [0.1, 0.2, -0.3]
NORMALIZATIONS: list[tuple[str, str, dict[str, Any]]] = [  # here, there, settings
    ("LayerNorm", "LayerNorm", {}),
    ("LayerNorm", "LayerNorm", {"eps": 0.1}),
    ("RMSNorm", "RMSNorm", {}),
    ("RMSNorm", "RMSNorm", {"eps": 0.1}),
    ("BatchNorm", "BatchNorm1d", {}),
    ("BatchNorm", "BatchNorm1d", {"eps": 0.1, "momentum": 0.5}),
]
SQUARES = [[0.7, -1.3, 0.4], [0.2, 0.9, -0.6], [1.1, -0.1, 0.3], [-0.8, 0.5, 1.7]]
"""The weights by which outputs are summed up, so that every gradient is another."""
