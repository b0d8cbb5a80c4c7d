"""The formulas of optimizers in JavaScript, traced from those of ``nn.optim``."""

import copy
from collections.abc import Sequence
from inspect import signature
from typing import Any

from autograd import Value
from autograd.program import compile
from nn.optim import SGD, Adam, Optimizer

SETTINGS = ("lr", "weight_decay")  # those that a page changes


class Setting(Value):
    """A setting that may be any number later: a formula that asks takes it for not zero."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return True


def offered(parameters: Sequence[Value], given: Optimizer) -> dict[str, Optimizer]:
    """Return by name the optimizers that a page offers: the one that was given comes first."""
    others = [SGD(parameters), SGD(parameters, momentum=0.9), Adam(parameters)]
    first = {name_of(given): given}
    return first | {name_of(other): other for other in others if name_of(other) not in first}


def name_of(optimizer: Optimizer) -> str:
    """Return the class, with the settings that are not its defaults, as "SGD, momentum 0.9"."""
    taken = signature(type(optimizer)).parameters
    defaults = {name: parameter.default for name, parameter in taken.items()}
    settings = optimizer.state_dict()["settings"]
    told = [
        f"{name} {setting}".replace("_", " ")
        for name, setting in settings.items()
        if name not in SETTINGS and setting != defaults.get(name)
    ]
    return ", ".join([type(optimizer).__name__, *told])


def formula(optimizer: Optimizer) -> dict[str, Any]:
    """Return the formula of a step as two programs: of the first one, and of all later ones.

    Each is a function of the ``SETTINGS`` and what is shared, and of columns: the weights, their
    gradients, and what is remembered of each. For each weight it returns where it moves to, then
    all that is remembered of it. A number in the memory that is the same for every weight, such as
    a count of steps, is ``shared``; ``start`` has its numbers after the first step, which returns
    the others only.
    """
    first, memory = _traced(optimizer, {})
    start = {name: held for name, held in memory.items() if not isinstance(held, Value)}
    later, _ = _traced(optimizer, {name: Value(start.get(name, 0.25)) for name in memory}, start)
    return {
        "first": first, "later": later, "names": list(memory), "shared": list(start),
        "start": list(start.values()),
    }  # fmt: skip


def _traced(
    optimizer: Optimizer, memory: dict[str, Any], shared: Sequence[str] | dict[str, Any] = ()
) -> tuple[str, dict[str, Any]]:
    """Return the program of a step that begins with ``memory``, and the memory after it."""
    settings = [Setting(0.1, label=name) for name in SETTINGS]
    weight, gradient = Value(1.0, label="weight"), Value(0.5, label="gradient")
    before, twin = dict(memory), copy.copy(optimizer)
    vars(twin).update(zip(SETTINGS, settings, strict=True))
    moved = twin.updated(weight, gradient, memory)
    for name, held in before.items():
        held.label = name
    columns = [held for name, held in before.items() if name not in shared]
    after = [held for held in memory.values() if isinstance(held, Value)]
    parameters = [*settings, *(before[name] for name in shared)]
    return evaluation([moved, *after], [weight, gradient, *columns], parameters), memory


def evaluation(
    outputs: Sequence[Value], inputs: Sequence[Value], parameters: Sequence[Value]
) -> str:
    """Return the JavaScript of ``evaluate``, which a program of several outputs has.

    Of one output it would be ``run``, with its gradient; so a single one stands there twice.
    """
    several = list(outputs) if len(outputs) > 1 else [*outputs, *outputs]
    return compile(several, inputs=inputs, parameters=parameters, backend="python").javascript
