"""The numbers a compiled training moves: in the model's Values, or all together in flat arrays."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from autograd import Value
from autograd.numeric import Number
from nn.optim import Optimizer, scale_to_norm
from nn.training.columns import OF_ARRAYS
from nn.training.eager import Eager

Memories = dict[str, Any]


class InValues:
    """The numbers are in the Values at all times, and move as in an eager training."""

    def __init__(self, parameters: Sequence[Value], eager: Eager) -> None:
        self.parameters, self.eager = parameters, eager
        self.own = set(eager.guard.names)

    @property
    def numbers(self) -> Any:
        """The parameters' numbers, as a program runs on them."""
        return [parameter.data for parameter in self.parameters]

    def numbers_of(self, parameters: Sequence[Value]) -> Any:
        """Return the numbers of some parameters."""
        return [parameter.data for parameter in parameters]

    def state(self) -> Mapping[str, Any]:
        """Return the model's state."""
        return self.eager.state()

    def step(self, gradient: Sequence[Number]) -> None:
        """Move by the gradient of each parameter; if it raises, nothing moves."""
        with self.eager.guard.undoing():
            self.eager.guard.zero_grad()
            for parameter, number in zip(self.parameters, gradient, strict=True):
                if parameter in self.own:
                    parameter.grad = number
            self.eager.step()

    def show(self) -> None:
        """Bring the numbers into the Values, where they are."""

    show_weights = show


class InArrays:
    """The numbers are in arrays from the first step until ``show`` brings them into the Values.

    The optimizer's parameters are the first ``n_moved``. Arrays are never changed in place, so that
    what was before a step that fails is still there.
    """

    def __init__(self, parameters: Sequence[Value], n_moved: int, eager: Eager) -> None:
        self.parameters, self.n_moved, self.eager = parameters, n_moved, eager
        optimizer, own = eager.settings.optimizer, eager.guard.names
        state = {p: k for k, p in enumerate(optimizer.parameters)}
        self.moved = parameters[:n_moved]
        self.own = [(k, p) for k, p in enumerate(parameters) if p in own]
        self.places = [state[p] for p in self.moved]
        self._others: dict[str, Any] = {}  # what does not move: buffers, and what is in no graph
        self._places = {own[p]: k for k, p in self.own if k < n_moved}
        self._order: dict[tuple[Value, ...], Any] = {}
        self._arrays: tuple[Any, Memories] | None = None
        self.gradient: Any = None

    @property
    def numbers(self) -> Any:
        """The parameters' numbers, as a program runs on them."""
        return self._loaded()[0]

    def _loaded(self) -> tuple[Any, Memories]:
        if self._arrays is None:
            import numpy as np

            numbers = np.array([p.data for p in self.parameters], np.float64)
            self._arrays = numbers, self.memory() or {}
            self._others = dict(self.eager.state())
        return self._arrays

    def numbers_of(self, parameters: Sequence[Value]) -> Any:
        """Return the numbers of some parameters, in their order."""
        if self._arrays is None:
            return [parameter.data for parameter in parameters]
        import numpy as np

        key = tuple(parameters)
        if key not in self._order:  # where each stands, or behind them all
            places = {p: k for k, p in enumerate(self.parameters)}
            others = [p for p in parameters if p not in places]
            places |= {p: len(places) + k for k, p in enumerate(others)}
            order = np.array([places[p] for p in parameters], np.intp)
            self._order[key] = order, np.array([p.data for p in others], np.float64)
        order, fixed = self._order[key]
        return np.concatenate([self._arrays[0], fixed])[order]

    def state(self) -> Mapping[str, Any]:
        """Return the model's state, as it is now; its numbers are looked up when they are read."""
        if self._arrays is None:
            return self.eager.state()
        return StateInArray(self._places, self._arrays[0], self._others)

    def memory(self) -> Memories | None:
        """Return what the optimizer remembers in the Values' memories, as one; see flat_memory."""
        state = self.eager.settings.optimizer.state
        return flat_memory([state[k] for k in self.places])

    def step(self, gradient: Any) -> None:
        """Move by the gradient of each parameter; if it raises, nothing moves."""
        import numpy as np

        settings, guard, n = self.eager.settings, self.eager.guard, self.n_moved
        numbers, memory = self._loaded()
        memory, self.gradient = dict(memory), gradient
        moving = gradient[:n]
        if settings.clip_value is not None:
            moving = np.clip(moving, -settings.clip_value, settings.clip_value)
        if not np.isfinite(moving).all():
            guard.require_finite_gradients(zip(self.moved, moving.tolist(), strict=True))
        if settings.clip_norm is not None:
            moving = moving * scale_to_norm(_norm_of(moving), settings.clip_norm)
        self.gradient = moving if n == len(gradient) else np.concatenate([moving, gradient[n:]])
        with np.errstate(all="ignore"):
            weights = settings.optimizer.updated(numbers[:n], moving, memory)
        if not np.isfinite(weights).all():
            guard.require_finite_weights(zip(self.moved, weights.tolist(), strict=True))
        if n < len(numbers):
            weights = np.concatenate([weights, numbers[n:]])
        self._arrays = weights, memory

    def show_weights(self) -> None:
        """Bring the weights alone into the Values."""
        if self._arrays is not None:
            for parameter, number in zip(self.moved, self._arrays[0].tolist(), strict=False):
                parameter.data = number

    def show(self) -> None:
        """Bring weights, gradients, and what the optimizer remembers into the Values."""
        if self._arrays is None or self.gradient is None:
            return
        self.show_weights()
        self.eager.guard.zero_grad()
        gradient = self.gradient.tolist()
        for k, parameter in self.own:
            parameter.grad = gradient[k]
        state = self.eager.settings.optimizer.state
        for place, memory in zip(
            self.places, memories(self._arrays[1], len(self.places)), strict=True
        ):
            state[place] = memory
        self._arrays = None


class StateInArray(Mapping[str, Any]):
    """A state of a model whose parameters' numbers are in an array, which nobody changes."""

    def __init__(self, places: dict[str, int], numbers: Any, others: Mapping[str, Any]) -> None:
        self.places, self.numbers, self.others = places, numbers, others

    def __getitem__(self, name: str) -> Any:
        place = self.places.get(name)
        return self.others[name] if place is None else self.numbers[place].item()

    def __iter__(self) -> Iterator[str]:
        return iter(self.others)

    def __len__(self) -> int:
        return len(self.others)


def _norm_of(moving: Any) -> float:
    """Return the root of the sum of squares, without overflow."""
    import numpy as np

    largest = float(np.abs(moving).max())
    return largest and largest * float(np.sqrt(np.square(moving / largest).sum()))


def weights_in(
    backend: str, parameters: Sequence[Value], n_moved: int, eager: Eager
) -> InValues | InArrays:
    """Return where the numbers are: in arrays, if NumPy runs the program and the formula too."""
    if backend in OF_ARRAYS and _takes_arrays(eager.settings.optimizer, n_moved):
        in_arrays = InArrays(parameters, n_moved, eager)
        if in_arrays.memory() is not None:
            return in_arrays
    return InValues(parameters, eager)


def _takes_arrays(optimizer: Optimizer, n: int) -> bool:
    """Tell whether a step is one formula, and works on arrays, as those of nn do."""
    import numpy as np

    if type(optimizer).step is not Optimizer.step:
        return False
    try:
        with np.errstate(all="ignore"):
            weights = optimizer.updated(np.ones(n), np.ones(n), {})
    except (TypeError, ValueError):
        return False
    return np.shape(weights) == (n,)


def flat_memory(states: Sequence[Memories]) -> Memories | None:
    """Return the memories of all parameters as one, of arrays; None where they are not alike.

    A number that is the same for all, such as the count of steps, stays a number.
    """
    import numpy as np

    names = list(states[0])
    if any(list(memory) != names for memory in states):
        return None
    flat: Memories = {}
    for name in names:
        numbers = [memory[name] for memory in states]
        same = all(type(x) is type(numbers[0]) and x == numbers[0] for x in numbers)
        flat[name] = numbers[0] if same else np.array(numbers, np.float64)
    return flat


def memories(flat: Memories, n: int) -> list[Memories]:
    """Return the memory of each of ``n`` parameters."""
    columns = {
        name: held.tolist() if hasattr(held, "tolist") else [held] * n
        for name, held in flat.items()
    }
    return [{name: column[k] for name, column in columns.items()} for k in range(n)]
