"""What all optimizers share: parameters, settings in range, and what is remembered, to be saved."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

import autograd
from autograd import Value
from autograd.numeric import as_number
from nn.checks import ANY, DIVISOR, NOT_NEGATIVE, SHARE, UP_TO_ONE, checked_number

Numbers = Any  # a number, a NumPy array of numbers, or a Value
Memory = dict[str, Numbers]  # what is remembered of one parameter, under PyTorch's names

RANGES = {
    "dampening": ANY, "momentum": UP_TO_ONE, "alpha": SHARE, "betas": SHARE, "eps": DIVISOR,
}  # fmt: skip  # others are NOT_NEGATIVE


class Optimizer:
    """The base of optimizers: define ``updated``, name what it ``remembers``, call ``step``.

    Settings are attributes (``optimizer.lr``), which may change between steps. Raises ValueError
    for an empty list of parameters and for settings out of range, also when they are changed.
    """

    remembers: tuple[str, ...] = ()  # the names in a parameter's memory
    lr: float
    weight_decay: float

    def __init__(self, parameters: Iterable[Value], **settings: Any) -> None:
        self.parameters = checked_parameters(type(self).__name__, parameters)
        self.state: list[Memory] = [{} for _ in self.parameters]
        self._settings = tuple(settings)
        for name, setting in settings.items():
            setattr(self, name, setting)

    def __setattr__(self, name: str, held: Any) -> None:
        is_setting = name in vars(self).get("_settings", ())
        super().__setattr__(name, _in_range(name, held) if is_setting else held)

    def __repr__(self) -> str:
        """Show the learning rate, and the other settings that are not zero."""
        settings = {name: getattr(self, name) for name in self._settings}
        told = [f"{name}={held}" for name, held in settings.items() if held or name == "lr"]
        count = len(self.parameters)
        told.append(f"{count} parameter{'s' * (count != 1)}")
        return f"{type(self).__name__}({', '.join(told)})"

    def updated(self, weight: Numbers, gradient: Numbers, memory: Memory) -> Numbers:
        """Return the weight after a step, and bring what is remembered of it up to date.

        One formula for a number, for a NumPy array of all weights with a memory of arrays, and for
        Values: it takes roots by ``sqrt`` of this module and never asks how large a number is.
        """
        raise NotImplementedError(f"{type(self).__name__} has no formula: define updated")

    def step(self) -> None:
        """Move every parameter that has a gradient; the others stay."""
        for parameter, memory in zip(self.parameters, self.state, strict=True):
            if parameter.has_grad:
                parameter.data = self.updated(parameter.data, parameter.grad, memory)

    def zero_grad(self) -> None:
        """Forget the gradients of all parameters; a backward pass adds to what they hold."""
        for parameter in self.parameters:
            del parameter.grad

    def decayed(self, gradient: Numbers, weight: Numbers) -> Numbers:
        """Add the gradient of weight_decay·weight²/2, which pulls the weight to zero."""
        return gradient + self.weight_decay * weight if self.weight_decay else gradient

    def state_dict(self) -> dict[str, Any]:
        """Return settings, and what is remembered of each parameter in turn; JSON can hold it."""
        settings = {name: getattr(self, name) for name in self._settings}
        memories = [dict(memory) for memory in self.state]
        return {"optimizer": type(self).__name__, "settings": settings, "state": memories}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Set all that ``state_dict`` returns.

        Raises ValueError, and changes nothing, if it is of another optimizer, of other parameters,
        or broken.
        """
        settings, memories = _parts_of(self, state)
        checked = {name: _in_range(name, settings[name]) for name in self._settings}
        fresh = [_checked_memory(k, memory, self.remembers) for k, memory in enumerate(memories)]
        vars(self).update(checked, state=fresh)


def sqrt(x: Numbers) -> Numbers:
    """Return the root of a number, of a Value, or of each number of a NumPy array."""
    if isinstance(x, Value):
        return autograd.sqrt(x)
    if hasattr(x, "__array__"):
        import numpy

        return numpy.sqrt(x)
    return math.sqrt(x)


def checked_parameters(name: str, parameters: Any) -> list[Value]:
    """Return the parameters as a list; raises, saying what to pass, for what cannot be one."""
    if not isinstance(parameters, Iterable):
        raise TypeError(
            f"{name} takes a list of parameters: pass model.parameters(), not {parameters!r:.60}"
        )
    listed = list(parameters)
    if not listed:
        raise ValueError(f"{name} got no parameters: pass model.parameters()")
    for parameter in listed:
        if not isinstance(parameter, Value):
            raise TypeError(f"parameters are Values; {parameter!r:.60} is not one")
    if len(set(listed)) < len(listed):
        raise ValueError(f"{name} got a parameter twice: give each once")
    return listed


def _in_range(name: str, setting: Any) -> Any:
    """Return a setting; raises ValueError, with the range, for one out of it."""
    if name == "nesterov":
        if not isinstance(setting, bool):
            raise ValueError(f"nesterov = {setting!r:.60}: it must be True or False")
        return setting
    if name == "betas":
        if not isinstance(setting, list | tuple) or len(setting) != 2:
            raise ValueError(f"betas = {setting!r}: they must be two numbers, as in (0.9, 0.999)")
        return tuple(checked_number(name, beta, RANGES[name], within=setting) for beta in setting)
    return checked_number(name, setting, RANGES.get(name, NOT_NEGATIVE))


def _parts_of(optimizer: Optimizer, state: Any) -> tuple[Mapping[str, Any], list[Any]]:
    """Return the settings and the memories of a state for this optimizer."""
    name, names = type(optimizer).__name__, optimizer._settings
    found = state if isinstance(state, Mapping) else {}
    settings, memories = found.get("settings"), found.get("state")
    if not isinstance(settings, Mapping) or not isinstance(memories, list):
        raise ValueError(f"this is not a state of an optimizer: {state!r:.60}")
    if found.get("optimizer") != name or set(settings) != set(names):
        raise ValueError(
            f"the state is from {found.get('optimizer')!r} with {', '.join(map(str, settings))}; "
            f"this is {name} with {', '.join(names)}"
        )
    if len(memories) != len(optimizer.parameters):
        raise ValueError(
            f"the state has {len(memories)} parameters; this {name} has {len(optimizer.parameters)}"
        )
    return settings, memories


def _checked_memory(k: int, memory: Any, names: tuple[str, ...]) -> Memory:
    if not isinstance(memory, Mapping) or set(memory) not in (set(), set(names)):
        wanted = ", ".join(names) or "nothing"
        raise ValueError(f"the state of parameter {k} is {memory!r:.60}; it must hold {wanted}")
    try:
        return {name: as_number(number) for name, number in memory.items()}
    except TypeError as error:
        raise ValueError(f"the state of parameter {k}: {error}") from error
