"""Neurons, layers and what trains them, made of ``autograd.Value``, in PyTorch's words.

from nn import MLP, Adam, cross_entropy, fit
model = MLP(2, [16, 16, 3], rng=0)
optimizer = Adam(model.parameters(), lr=0.01)
history = fit(model, rows, classes, loss=cross_entropy, optimizer=optimizer, validation=0.2)

or, with a loop of your own:

for step in range(100):
    optimizer.zero_grad()
    loss = cross_entropy(model.batch(rows), classes)
    loss.backward()
    optimizer.step()
"""

from typing import TYPE_CHECKING, NoReturn

from autograd.other_words import OF_NN, missing
from nn.health import GradientReport, gradient_report
from nn.init import (
    calculate_gain,
    kaiming_normal,
    kaiming_uniform,
    normal,
    uniform,
    xavier_normal,
    xavier_uniform,
    zeros,
)
from nn.interchange import from_torch, to_torch
from nn.layers import MLP, Activation, Layer, Neuron, Sequential
from nn.losses import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    cross_entropy,
    hinge_loss,
    huber_loss,
    l1_loss,
    mse_loss,
    nll_loss,
)
from nn.metrics import accuracy
from nn.module import Module
from nn.normalization import BatchNorm, Dropout, LayerNorm, RMSNorm
from nn.optim import (
    SGD,
    Adagrad,
    Adam,
    AdamW,
    CosineAnnealingLR,
    LinearLR,
    Optimizer,
    RMSprop,
    StepLR,
    clip_grad_norm_,
    clip_grad_value_,
)
from nn.playing import playground
from nn.training import EarlyStopping, History, NonFiniteError, fit

__all__ = [
    "MLP", "SGD", "Activation", "Adagrad", "Adam", "AdamW", "BatchNorm", "CosineAnnealingLR",
    "Dropout", "EarlyStopping", "GradientReport", "History", "Layer", "LayerNorm", "LinearLR",
    "Module", "Neuron", "NonFiniteError", "Optimizer", "RMSNorm", "RMSprop", "Sequential", "StepLR",
    "accuracy", "binary_cross_entropy", "binary_cross_entropy_with_logits", "calculate_gain",
    "clip_grad_norm_", "clip_grad_value_", "cross_entropy", "fit", "from_torch", "gradient_report",
    "hinge_loss", "huber_loss", "kaiming_normal", "kaiming_uniform", "l1_loss", "mse_loss",
    "nll_loss", "normal", "playground", "to_torch", "uniform", "xavier_normal", "xavier_uniform",
    "zeros",
]  # fmt: skip

if not TYPE_CHECKING:  # type checkers find these words to be mistakes by themselves

    def __getattr__(name: str) -> NoReturn:
        """Say what to write instead of a word of PyTorch's."""
        raise missing("nn", name, OF_NN)
