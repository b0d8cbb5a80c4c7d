"""What this engine is to reach: how many times as fast as which contestant, in one run."""

from typing import NamedTuple

from demos.racing.contestants import CONTESTANTS
from demos.racing.timing import Race


class Goal(NamedTuple):
    """``faster`` is to be ``least`` times as fast as the fastest of ``slower``."""

    workload: str
    slower: tuple[str, ...]
    least: float
    faster: str = "native"

    def found(self, race: Race) -> float | None:
        """Return the ratio in a race, None where one of the two was not in it."""
        raced = [key for key in self.slower if key in race.seconds]
        if not raced or self.faster not in race.seconds:
            return None
        return min(race.ratio(key, self.faster) for key in raced)

    def __str__(self) -> str:
        first, *_ = self.slower
        slower = "NumPy by hand" if first == "numpy_first" else CONTESTANTS[first].title
        return f"{CONTESTANTS[self.faster].title}, against {slower}"


NUMPY = ("numpy_first", "numpy_last")
GOALS = (
    Goal("moons", ("torch",), 14),
    Goal("moons", NUMPY, 3),
    Goal("moons", ("c_rows",), 1.4),
    Goal("moons", ("c_lanes",), 1),
    Goal("moons", ("c_lanes512",), 1),
    Goal("moons", ("micrograd",), 40_000),
    Goal("moons", ("micrograd",), 10_000, faster="numpy"),
    Goal("moons", ("micrograd",), 300, faster="python"),
    Goal("moons", ("micrograd",), 33, faster="fused"),
    Goal("moons", ("micrograd",), 5.5, faster="elementary"),
    Goal("moons", ("torch",), 4, faster="values"),
    Goal("many", ("torch",), 5),
    Goal("many", NUMPY, 5),
    Goal("many", ("c_rows",), 3),
    Goal("many", ("c_lanes",), 1.3),
    Goal("many", ("c_lanes512",), 1),
    Goal("many", ("native",), 1.7, faster="native_threads"),
    Goal("wide", ("torch",), 2.4),
    Goal("wide", NUMPY, 2.4),
    Goal("wide", ("c_rows",), 3),
    Goal("wide", ("c_lanes",), 1.6),
    Goal("wide", ("c_lanes512",), 1.2),
    Goal("name", ("torch",), 7),
    Goal("name", NUMPY, 1.8),
    Goal("name", ("microgpt",), 3_000),
    Goal("names8", ("torch",), 9),
    Goal("names8", NUMPY, 3.5),
    Goal("names32", ("torch",), 6),
    Goal("names32", NUMPY, 3.5),
    Goal("names32", ("microgpt",), 30_000),
    Goal("sgd", ("torch",), 10, faster="loop"),
    Goal("sgd", ("torch",), 10, faster="fit"),
    Goal("adam", ("torch",), 10, faster="loop"),
    Goal("adam", ("torch",), 10, faster="fit"),
)

COMPILE_GOALS = {  # milliseconds, at most
    "moons, 2-16-16-1": 10.0,
    "16-64-64-1": 100.0,
    "GPT of 8 positions": 500.0,
    "kernels, from their folder": 5.0,
}
