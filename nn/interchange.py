"""Interchange: modules as their PyTorch twins, and back, for whoever moves on to tensors.

    ===========================  ==========================================================
    here                         in torch.nn, in float64
    ===========================  ==========================================================
    Layer(m, n, "linear")        Linear(m, n)
    Layer(m, n, "relu")          Sequential(Linear(m, n), ReLU())
    Sequential, MLP              Sequential, with the twins of all layers in a row
    Activation                   ReLU LeakyReLU ELU GELU SiLU Softplus Sigmoid Tanh Identity
    Dropout LayerNorm RMSNorm    Dropout LayerNorm RMSNorm
    BatchNorm                    BatchNorm1d
    ===========================  ==========================================================

``erf`` and ``sin`` have no module there. PyTorch itself (extra ``parity``) is loaded by the call.
"""

import random
from collections.abc import Iterator
from typing import Any

from autograd import Value
from autograd.numeric import saturated
from nn.checks import as_random
from nn.init import SLOPE
from nn.layers import MLP, Activation, Layer, Sequential
from nn.module import Module
from nn.normalization import BatchNorm, Dropout, LayerNorm, RMSNorm

# What a layer and its twin both have, by the same names.
SHARED: dict[type, tuple[str, ...]] = {
    Layer: ("weight", "bias"),
    LayerNorm: ("weight", "bias"),
    RMSNorm: ("weight",),
    BatchNorm: ("weight", "bias", "running_mean", "running_var"),
}


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        raise ImportError('PyTorch is missing: pip install ".[parity]"') from error
    return torch


def _activations(torch: Any) -> dict[str, Any]:
    """Return the twin of each activation that has one, with the settings ours has."""
    nn = torch.nn
    return {
        "linear": nn.Identity(), "relu": nn.ReLU(), "leaky_relu": nn.LeakyReLU(SLOPE),
        "elu": nn.ELU(1.0), "gelu": nn.GELU("none"), "silu": nn.SiLU(),
        "softplus": nn.Softplus(1.0, threshold=100.0),  # by default it is off by 2e-9 past 20
        "sigmoid": nn.Sigmoid(), "tanh": nn.Tanh(),
    }  # fmt: skip


SETTINGS = ("negative_slope", "alpha", "approximate", "beta")  # of activations: those that matter


# -- to PyTorch ----------------------------------------------------------------------------------


def to_torch(module: Module) -> Any:
    """Return the module's twin, a torch.nn.Module in float64 with the same weights and modes.

    It takes a tensor of rows, as ``module.batch`` takes a list; where an MLP unwraps its one
    output, the twin has a column. Raises TypeError, naming the part, for what has no twin or is
    there twice, and ImportError where PyTorch is missing.
    """
    torch = _torch()
    _require_untied(list(_layers_of(module)))
    with torch.random.fork_rng(devices=[]):  # PyTorch would draw weights from its global state
        twins = list(_twins(torch, module))
    if len(twins) == 1 and not isinstance(module, Sequential):
        return twins[0]
    model = torch.nn.Sequential(*twins)
    model.training = module.training
    return model


def _layers_of(module: Any) -> Iterator[Any]:
    """Yield the layers of a Sequential, and of those within it, in a row."""
    if isinstance(module, Sequential):
        for layer in module.layers:
            yield from _layers_of(layer)
    elif module.parameters():
        yield module


def _require_untied(layers: list[Any]) -> None:
    for layer in layers:
        if sum(layer is other for other in layers) > 1:
            raise TypeError(f"{layer!r:.60} is there twice: its twins would not share weights")


def _twins(torch: Any, module: Any) -> Iterator[Any]:
    """Yield the twins of a module, or of its layers one by one."""
    nn, kind = torch.nn, type(module)
    if kind in (Sequential, MLP):
        for layer in module.layers:
            yield from _twins(torch, layer)
    elif kind is Layer:
        yield _alike(torch, nn.Linear(len(module.weight[0]), len(module.bias)), module)
        if module.activation != "linear":
            yield from _twins(torch, Activation(module.activation))
    elif kind is Activation and module.activation in _activations(torch):
        yield _activations(torch)[module.activation]
    elif kind is Dropout:
        yield _alike(torch, nn.Dropout(module.p), module)
    elif kind is LayerNorm:
        yield _alike(torch, nn.LayerNorm(len(module.weight), module.eps), module)
    elif kind is RMSNorm:
        yield _alike(torch, nn.RMSNorm(len(module.weight), module.eps), module)
    elif kind is BatchNorm:
        twin = nn.BatchNorm1d(len(module.weight), module.eps, module.momentum)
        yield _alike(torch, twin, module)
    else:
        raise TypeError(f"{module!r:.60} has no twin in PyTorch; help(nn.interchange) lists all")


def _alike(torch: Any, twin: Any, module: Module) -> Any:
    """Return the twin with the module's numbers and mode."""
    twin = twin.double().train(module.training)
    for name in SHARED.get(type(module), ()):
        numbers = torch.tensor(_floats(getattr(module, name)), dtype=torch.float64)
        getattr(twin, name).data.copy_(numbers)
    return twin


def _floats(held: Any) -> Any:
    if isinstance(held, list):
        return [_floats(item) for item in held]
    return saturated(held.data if isinstance(held, Value) else held)


# -- from PyTorch --------------------------------------------------------------------------------


def from_torch(twin: Any, *, rng: int | random.Random = 0) -> Module:
    """Return a module with the same weights and modes as a torch.nn.Module.

    A Linear and the activation after it become one Layer. A Sequential becomes a Sequential, or an
    MLP where it is one: Linears with the same activation between them. ``rng`` is for Dropout.
    Raises TypeError, naming the part, for what has no twin here, such as a Linear without bias.
    """
    torch = _torch()
    generator = as_random(rng)
    parts = list(_flat(torch, twin))
    modules = [_module(torch, part, generator) for part in parts]
    _require_untied([part for part in parts if list(part.parameters())])
    if not isinstance(twin, torch.nn.Sequential):
        return modules[0]
    model = Sequential(*_joined(modules))
    model = _as_mlp(model) or model
    model.training = twin.training
    return model


def _flat(torch: Any, twin: Any) -> Iterator[Any]:
    """Yield the parts of a Sequential, and of those within it, in a row."""
    if isinstance(twin, torch.nn.Sequential):
        for part in twin:
            yield from _flat(torch, part)
    else:
        yield twin


def _module(torch: Any, twin: Any, rng: random.Random) -> Module:
    """Return the module of which this is the twin."""
    module = _new_module(torch, twin, rng)
    if module is None:
        raise TypeError(f"{twin!r:.60} has no twin here; help(nn.interchange) lists all that have")
    for name in SHARED.get(type(module), ()):
        _fill(getattr(module, name), getattr(twin, name).tolist())
    return module.train(twin.training)


def _new_module(torch: Any, twin: Any, rng: random.Random) -> Module | None:
    """Return a module of the kind and size of the twin, or None if there is none."""
    nn, kind = torch.nn, type(twin)
    if kind is nn.Linear and twin.bias is not None:
        return Layer(twin.in_features, twin.out_features, "linear")
    if kind is nn.Dropout:
        return Dropout(twin.p, rng=rng)
    if kind is nn.BatchNorm1d and None not in (twin.bias, twin.running_mean, twin.momentum):
        return BatchNorm(twin.num_features, twin.eps, twin.momentum)
    if kind is nn.LayerNorm and twin.bias is not None and len(twin.normalized_shape) == 1:
        return LayerNorm(twin.normalized_shape[0], twin.eps)
    if kind is nn.RMSNorm and twin.weight is not None and len(twin.normalized_shape) == 1:
        eps = torch.finfo(twin.weight.dtype).eps if twin.eps is None else twin.eps
        return RMSNorm(twin.normalized_shape[0], eps)
    if kind is nn.Softplus and twin.threshold < 20:
        return None  # beyond it theirs is a straight line
    for name, other in _activations(torch).items():
        if kind is type(other) and all(
            getattr(twin, setting, None) == getattr(other, setting, None) for setting in SETTINGS
        ):
            return Activation(name)
    return None


def _fill(held: list[Any], numbers: list[Any]) -> None:
    for k, number in enumerate(numbers):
        if isinstance(number, list):
            _fill(held[k], number)
        elif isinstance(held[k], Value):
            held[k].data = number
        else:
            held[k] = number


def _joined(modules: list[Module]) -> list[Module]:
    """Return the modules with each activation that follows a linear Layer as part of that."""
    joined: list[Module] = []
    for module in modules:
        last = joined[-1] if joined else None
        if (
            isinstance(module, Activation)
            and isinstance(last, Layer)
            and last.activation == "linear"
        ):
            last.activation = module.activation
        else:
            joined.append(module)
    return joined


def _as_mlp(model: Sequential) -> MLP | None:
    """Return the model as an MLP, or None if it is not one."""
    layers = [layer for layer in model.layers if isinstance(layer, Layer)]
    activations = [layer.activation for layer in layers]
    if len(layers) < len(model.layers) or activations[-1] != "linear":
        return None
    if len(set(activations[:-1])) > 1:
        return None
    sizes = [len(layer.bias) for layer in layers]
    mlp = MLP(len(layers[0].weight[0]), sizes, activations[0])
    mlp.load_state_dict(model.state_dict())
    return mlp
