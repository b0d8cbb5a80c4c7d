"""Arrays: which leaves form a matrix, a vector or a column, by their labels; and parts of arrays.

``layer0.neuron3.w[1]`` is line 3, column 1 of ``W0``; ``x0`` and ``x1``, or ``x[0]`` and ``x[1]``,
are ``x``.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from math import prod

from autograd.program.steps import Names, identifier

Index = tuple[int, ...]
Place = tuple[int, int]  # the number of an array, and a position in it, counted through


class IrregularError(Exception):
    """There is no array, or no regular part of one, for these numbers."""


def named_arrays(
    labels: Sequence[str | None], unlabelled: str, names: Names
) -> dict[str, tuple[Index, list[int]]]:
    """Return arrays by name: the shape, and for each position which of the leaves it is."""
    members: dict[str, dict[Index, int]] = {}
    for k, label in enumerate(labels):
        base, index = parsed(label) if label else (unlabelled, (k,))
        places = members.setdefault(base, {})
        if index in places:  # two leaves of one label
            places, index = members.setdefault(f"{label} {k}", {}), ()
        places[index] = k
    found = {}
    for base, leaves in members.items():
        shape = _shape(leaves)
        order = list(product(*map(range, shape))) if shape is not None else sorted(leaves)
        shape = (len(leaves),) if shape is None else shape
        found[names.fresh(_name(base, len(shape)) or unlabelled)] = (
            shape,
            [leaves[i] for i in order],
        )
    return found


def parsed(label: str) -> tuple[str, Index]:
    """Return ``("layer0.w", (3, 1))`` for ``layer0.neuron3.w[1]``."""
    base: str = label
    index: Index = ()
    while base.endswith("]") and (digits := base[base.rfind("[") + 1 : -1]).isdecimal():
        base, index = base[: base.rfind("[")], (int(digits), *index)
    base, neuron = _without_neuron(base)
    index = neuron + index
    if not index and (numbered := re.fullmatch(r"(.*\D)(\d+)", base)):
        return numbered[1], (int(numbered[2]),)
    return base, index


@lru_cache(maxsize=4096)
def _without_neuron(label: str) -> tuple[str, Index]:
    """Return ``("layer0.w", (3,))`` for ``layer0.neuron3.w``."""
    if neuron := re.fullmatch(r"(.*?)\.?neuron(\d+)\.(\w+)", label):
        return f"{neuron[1]}.{neuron[3]}".removeprefix("."), (int(neuron[2]),)
    return label, ()


def _shape(leaves: Mapping[Index, int]) -> Index | None:
    """Return the shape of an array that has each of these indices once; None if there is none."""
    if len({len(index) for index in leaves}) > 1:
        return None
    shape = tuple(max(axis) + 1 for axis in zip(*leaves, strict=True))
    return shape if prod(shape) == len(leaves) else None


def _name(base: str, n_axes: int) -> str:
    """Return ``W0`` for ``layer0.w``, ``b0`` for ``layer0.b``."""
    path, _, own = base.rpartition(".")
    own = own.upper() if n_axes == 2 and own == "w" else own
    if layer := re.fullmatch(r"layer(\d+)", path):
        return identifier(own + layer[1])
    return identifier(f"{path}_{own}" if path else own)


def part_of(name: str, shape: Index, positions: Sequence[int], *, spread: bool = True) -> str:
    """Return the lines of an array that are at some positions of its first axis: all, or a slice.

    With ``spread`` one line may stand for equal positions, as where NumPy broadcasts it. Raises
    IrregularError for positions without order.
    """
    first, n = positions[0], len(positions)
    if n == 1 or (spread and all(position == first for position in positions)):
        return name if shape[0] == 1 else f"{name}[{first}:{first + 1}]"
    step = positions[1] - first
    if step < 1 or list(positions) != list(range(first, first + step * n, step)):
        raise IrregularError
    if n == shape[0]:
        return name
    return f"{name}[{first}:{positions[-1] + 1}{f':{step}' if step > 1 else ''}]"


def block_of(name: str, shape: Index, grid: Sequence[Sequence[int]]) -> str:
    """Return the block of a matrix, or of a transposed one, that has these positions.

    Raises IrregularError if there is none.
    """
    m, n = len(grid), len(grid[0])
    if len(shape) == 1:  # a vector, as a line or as a column
        flat = [position for line in grid for position in line]
        if m > 1 and n > 1:
            raise IrregularError
        vector = part_of(name, shape, flat, spread=False)
        return f"{vector}[None]" if m == 1 else f"{vector}[:, None]"
    if len(shape) != 2:
        raise IrregularError
    for transposed in (False, True):
        lines = [list(line) for line in zip(*grid, strict=True)] if transposed else grid
        height, width = (n, m) if transposed else (m, n)
        top, left = divmod(lines[0][0], shape[1])
        block = [[(top + i) * shape[1] + left + j for j in range(width)] for i in range(height)]
        if left + width <= shape[1] and [list(line) for line in lines] == block:
            return name + _within(top, height, left, width, shape) + (".T" if transposed else "")
    raise IrregularError


def _within(top: int, height: int, left: int, width: int, shape: Index) -> str:
    lines = f"{top}:{top + height}" if height < shape[0] else ":"
    if width < shape[1]:
        return f"[{lines}, {left}:{left + width}]"
    return "" if lines == ":" else f"[{lines}]"


def affine(array: str, size: int, positions: Sequence[int], shape: Index) -> str:
    """Return the view of a flat array of ``size`` that has some positions, in a shape.

    Raises IrregularError for positions that no slice gives.
    """
    first, n = positions[0], len(positions)
    if shape == ():
        return f"{array}[{first}]"
    width = shape[-1] if len(shape) == 2 else 1
    lines = [list(positions[k : k + width]) for k in range(0, n, width)]
    stride = lines[1][0] - first if len(lines) > 1 else width
    regular = [
        list(range(first + k * stride, first + k * stride + width)) for k in range(len(lines))
    ]
    if len(shape) > 2 or lines != regular or stride < width:
        raise IrregularError
    if len(shape) == 1:
        step = f":{stride}" if stride > 1 and n > 1 else ""
        return f"{array}[{first}:{positions[-1] + 1}{step}]"
    if first + stride * len(lines) > size:
        raise IrregularError
    taken = f"{array}[{first}:{first + stride * len(lines)}].reshape({len(lines)}, {stride})"
    return taken if stride == width else f"{taken}[:, :{width}]"
