"""The kernels of products: of a matrix by what varies from row to row, and of two such lists."""

from typing import Any, NamedTuple

from autograd.program.native.kernels.code import DOTS
from autograd.program.native.kernels.kernel import Kernel, number
from autograd.program.native.kernels.lanes import F64, Lanes, splat
from autograd.program.native.kernels.operations import Elementwise


class Blocking(NamedTuple):
    """How many vectors the registers hold at once: results of a product by vectors, and a tile."""

    results: int
    vectors: int
    tile: tuple[int, int]


WIDE = Blocking(8, 2, (4, 4))  # 32 registers of 512 bits
NARROW = Blocking(4, 1, (2, 2))  # 16 of 256 bits, or 32 of 128


def product(k: Kernel, size: int, blocking: Blocking, end: Elementwise | None) -> None:
    """Write W @ x + b, ``size`` results in a pass; a panel is b, then a line of W for each x.

    ``end`` is what is done to each result before it is stored, so that it is not read again.
    """
    b, results = k.builder, min(size, blocking.results)
    count, panels = k.word(k.code, 0), k.word(k.code, 1)
    slots = k.at(k.code, 3)
    ends = k.at(slots, count)
    step = b.mul(b.add(count, number(1)), number(size))
    all_results = b.mul(panels, number(size))
    with k.loop(0, panels) as panel:
        first = b.add(k.word(k.code, 2), b.mul(panel, step))
        for part in range(0, size, results):
            weights = k.at(k.weights, b.add(first, number(part)), F64)
            place = k.at(ends, b.add(b.mul(panel, number(size)), number(part)))

            def write(lanes: list[Any], weights: Any = weights, place: Any = place) -> None:
                sums = iter(_products(k, (count, slots, weights), (size, results), lanes))
                for r in range(results):
                    for lane in lanes:
                        total = next(sums)
                        if end:
                            total = _ended(k, end, total, (place, all_results, r), lane)
                        k.put_lanes(total, k.buffer, k.word(place, r), lane)

            k.in_lanes(blocking.vectors, write)


def _products(
    k: Kernel, operands: tuple[Any, ...], shape: tuple[int, int], lanes: list[Any]
) -> list[Any]:
    """Return so many results, for some vectors of lanes, which stay in registers."""
    b, (count, slots, weights), (size, results) = k.builder, operands, shape
    first = [k.spread(weights, r) for r in range(results) for _ in lanes]

    def term(place: Any, carried: list[Any]) -> list[Any]:
        slot = k.word(slots, place)
        x = [k.lanes_at(k.buffer, slot, lane) for lane in lanes]
        line = k.at(weights, b.mul(b.add(place, number(1)), number(size)), F64)
        sums = iter(carried)
        return [
            k.fused(w, vector, next(sums))
            for w in (k.spread(line, r) for r in range(results))
            for vector in x
        ]

    return k.accumulated(0, count, first, term)


def _ended(k: Kernel, end: Elementwise, total: Any, place: tuple[Any, Any, int], lane: Any) -> Any:
    """Return what becomes of a result; its other operands have their slots in lists behind."""
    ends, apart, r = place
    slots = [
        k.word(k.at(ends, k.builder.mul(apart, number(q))), r) for q in range(1, end.n_operands)
    ]
    operands = [total, *[k.lanes_at(k.buffer, slot, lane) for slot in slots]]
    return end.function(*[Lanes(k.builder, operand) for operand in operands]).value


def affine(k: Kernel) -> None:
    """Write w·x + b for members that share nothing; of weights there is b, then one for each x."""
    b = k.builder

    def member(code: Any) -> Any:
        out, count = k.word(code, 0), k.word(code, 1)
        weights, slots = k.at(k.weights, k.word(code, 2), F64), k.at(code, 3)

        def write(lanes: list[Any]) -> None:
            def term(place: Any, carried: list[Any]) -> list[Any]:
                w, slot = k.spread(weights, b.add(place, number(1))), k.word(slots, place)
                return [
                    k.fused(w, k.lanes_at(k.buffer, slot, lane), total)
                    for lane, total in zip(lanes, carried, strict=True)
                ]

            sums = k.accumulated(0, count, [k.spread(weights, 0) for _ in lanes], term)
            for lane, total in zip(lanes, sums, strict=True):
                k.put_lanes(total, k.buffer, out, lane)

        k.in_lanes(4, write)
        return k.at(slots, count)

    k.members(member)


def dots(k: Kernel, blocking: Blocking) -> None:
    """Write Σ x·y for members of four results, which have the same x and each their own y."""
    b = k.builder

    def member(code: Any) -> Any:
        count, shared = k.word(code, DOTS), k.at(code, DOTS + 1)
        others = k.at(shared, count)

        def write(lanes: list[Any]) -> None:
            def term(place: Any, carried: list[Any]) -> list[Any]:
                x_slot, sums = k.word(shared, place), iter(carried)
                x = [k.lanes_at(k.buffer, x_slot, lane) for lane in lanes]
                four = k.at(others, b.mul(place, number(DOTS)))
                return [
                    k.fused(vector, k.lanes_at(k.buffer, slot, lane), next(sums))
                    for slot in (k.word(four, r) for r in range(DOTS))
                    for lane, vector in zip(lanes, x, strict=True)
                ]

            zeros = [splat(F64, 0.0)] * (DOTS * len(lanes))
            sums = iter(k.accumulated(0, count, zeros, term))
            for r in range(DOTS):
                for lane in lanes:
                    k.put_lanes(next(sums), k.buffer, k.word(code, r), lane)

        k.in_lanes(blocking.vectors, write)
        return k.at(others, b.mul(count, number(DOTS)))

    k.members(member)
