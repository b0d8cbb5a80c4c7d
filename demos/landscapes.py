"""Losses of two weights, to look at from above and to descend on."""

from collections.abc import Callable
from typing import Any, NamedTuple

from autograd import Value, compile, cos

Point = tuple[float, float]


class Landscape(NamedTuple):
    """A loss, where to start, how low a loss is home, and how many steps there are to get there."""

    name: str
    loss: Callable[[Any, Any], Any]  # of two Values, or of two numbers
    start: Point
    home: float
    limit: int
    view: tuple[float, float, float, float]  # left, right, bottom, top of a picture

    def slope(self, x: Value, y: Value, backend: str) -> Callable[[], Any]:
        """Return a function that adds the gradient where x and y are now to their ``grad``."""
        if backend == "eager":
            return lambda: self.loss(x, y).backward()
        program = compile(self.loss(x, y), parameters=[x, y], backend=backend)
        return lambda: program([])


def beale(x: Any, y: Any) -> Any:
    return (1.5 - x + x * y) ** 2 + (2.25 - x + x * y**2) ** 2 + (2.625 - x + x * y**3) ** 2


VALLEY = Landscape(
    "Rosenbrock's curved valley", lambda x, y: (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    start=(-1.2, 1.0), home=0.01, limit=400, view=(-2, 2, -1, 2.5),
)  # fmt: skip
PLATEAUS = Landscape(
    "Beale's plateaus", beale,
    start=(1.0, 1.5), home=0.01, limit=400, view=(-0.5, 4, -2, 2),
)  # fmt: skip
SADDLE = Landscape(
    "A saddle", lambda x, y: x**2 - y**2 + y**4 / 4,
    start=(-1.5, 0.001), home=-0.99, limit=100, view=(-2, 2, -2, 2),
)  # fmt: skip
BUMPS = Landscape(
    "Bumps: many local minima",
    lambda x, y: (x**2 + y**2) / 10 + (1 - cos(2 * x) * cos(2 * y)) / 2,
    start=(-4.0, 3.0), home=0.01, limit=200, view=(-5, 5, -5, 5),
)  # fmt: skip
RAVINE = Landscape(
    "A ravine", lambda x, y: (x**2 + 20 * y**2) / 2,
    start=(-4.0, 1.0), home=0.01, limit=60, view=(-5, 5, -2, 2),
)  # fmt: skip
