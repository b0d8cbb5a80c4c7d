"""Sums over rows as instructions: what are outer products becomes tiles of them.

The gradient of a matrix is Σ u·x for each of its lines and columns: a grid, cut into tiles whose
sums stay in registers. Products that form no grid are summed in eights.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from autograd.program.native.kernels import PAIRS
from autograd.program.native.stage import ZEROS, SlotOf, Stage
from autograd.program.steps import RowSum

Steps = tuple[int, ...]
LEAST_GRID = 4  # products; smaller ones are summed in eights


class Grid(NamedTuple):
    """Σ u·x for all pairs of a line and a column, each a list of as many steps as it has terms."""

    lines: list[Steps]
    columns: list[Steps]
    results: dict[tuple[Steps, Steps], list[int]]


class Sums:
    """The sums of a program: instructions of a stage, and which result is made of which sums."""

    def __init__(self, stage: Stage, sums: Sequence[RowSum]) -> None:
        self.stage = stage
        self.count = 0
        self.result_of: list[tuple[int, int]] = []  # a result, and a sum that is added to it
        pairs: list[tuple[int, int, int]] = []  # u, x, and the result
        for grid in _grids(sums):
            if len(grid.lines) * len(grid.columns) < LEAST_GRID:
                pairs += _pairs_of(grid)
            else:
                self._grid(grid)
        self._pairs(pairs)
        self._singles(sums)

    def _grid(self, grid: Grid) -> None:
        """Write a grid in tiles of 4x4, and what is left over in those of 8x2 and 8x1."""
        lines, columns, results = grid
        is_flat = len(lines) < len(columns) and len(lines) < 4
        if is_flat:
            lines, columns = columns, lines
        ahead = columns
        while ahead:
            m, n = (4, 4) if len(ahead) >= 3 else (8, len(ahead))
            across, ahead = ahead[:n], ahead[n:]
            tiles = [(lines[k : k + m], across) for k in range(0, len(lines), m)]
            for down, _ in tiles:
                for p, line in enumerate(down):
                    for q, column in enumerate(across):
                        key = (column, line) if is_flat else (line, column)
                        self._owned(results[key], p * n + q)
                self.count += m * n
            self._outer(m, n, tiles)

    def _owned(self, results: Sequence[int], place: int) -> None:
        self.result_of += [(result, self.count + place) for result in results]

    def _outer(self, m: int, n: int, tiles: Sequence[tuple[list[Steps], list[Steps]]]) -> None:
        """Write tiles of m by n, which are the last of the sums so far; 0 columns: of singles."""
        terms, first = len(tiles[0][0][0]), self.count - len(tiles) * m * max(n, 1)

        def words(slot: SlotOf) -> list[int]:
            found = [len(tiles), terms, first]
            for down, across in tiles:
                for term in range(terms):
                    found += [slot(line[term]) for line in down] + [slot(ZEROS)] * (m - len(down))
                    found += [slot(c[term]) for c in across] + [slot(ZEROS)] * (n - len(across))
            return found

        reads = [step for tile in tiles for side in tile for steps in side for step in steps]
        self.stage.add(f"outer{m}x{n}", words, reads)

    def _pairs(self, pairs: list[tuple[int, int, int]]) -> None:
        pairs = sorted(pairs, key=lambda pair: self.stage.after(pair[:2]))
        for k in range(0, len(pairs), PAIRS):
            self._eight(pairs[k : k + PAIRS])

    def _eight(self, pairs: Sequence[tuple[int, int, int]]) -> None:
        first, missing = self.count, [ZEROS] * (PAIRS - len(pairs))
        steps = [*[u for u, _, _ in pairs], *missing, *[x for _, x, _ in pairs], *missing]
        for place, (_, _, result) in enumerate(pairs):
            self._owned([result], place)
        self.count += PAIRS
        self.stage.add(
            "pairs",
            lambda slot: [first, *map(slot, steps)],
            [step for step in steps if step != ZEROS],
        )

    def _singles(self, sums: Sequence[RowSum]) -> None:
        """Write the sums of single steps, eight at once."""
        results = defaultdict(list)
        for result, row_sum in enumerate(sums):
            for step in row_sum.singles:
                results[step].append(result)
        steps = sorted(results, key=lambda step: self.stage.after([step]))
        for k in range(0, len(steps), 8):
            eight = steps[k : k + 8]
            for place, step in enumerate(eight):
                self._owned(results[step], place)
            self.count += 8
            self._outer(8, 0, [([(step,) for step in eight], [])])


def _grids(sums: Sequence[RowSum]) -> Iterator[Grid]:
    """Yield the products that are summed, as grids of all lines by all columns."""
    lines: dict[Steps, dict[Steps, list[int]]] = defaultdict(lambda: defaultdict(list))
    for result, row_sum in enumerate(sums):
        if row_sum.products:
            us, xs = zip(*row_sum.products, strict=True)
            lines[us][xs].append(result)
    alike = defaultdict(list)
    for us, of_columns in lines.items():
        alike[frozenset(of_columns)].append(us)
    for names, group in alike.items():
        columns = sorted(names)
        results = {(us, xs): lines[us][xs] for us in group for xs in columns}
        yield Grid(group, columns, results)


def _pairs_of(grid: Grid) -> Iterator[tuple[int, int, int]]:
    for (us, xs), results in grid.results.items():
        for result in results:
            for u, x in zip(us, xs, strict=True):
                yield u, x, result
