"""The kernels of sums over rows: of products in tiles, of pairs, and of single slots."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from autograd.program.native.kernels.code import PAIRS, WIDTH
from autograd.program.native.kernels.kernel import Kernel, number
from autograd.program.native.kernels.lanes import F64, I32, I64, WHOLES, splat
from autograd.program.native.kernels.products import Blocking


def outer(k: Kernel, shape: tuple[int, int], blocking: Blocking) -> None:
    """Write Σ u·x over rows and terms for m slots u by n slots x, or Σ u of m slots if n is 0."""
    b, (m, n) = k.builder, shape
    height, width = blocking.tile if n > 1 else (blocking.tile[0] * blocking.tile[1], max(n, 1))
    tiles, terms, first = (k.word(k.code, place) for place in range(3))
    with k.loop(0, tiles) as tile:
        code = k.at(k.code, b.add(b.mul(b.mul(tile, terms), number(m + n)), number(3)))
        place = b.add(first, b.mul(tile, number(m * max(n, 1))))
        ahead: list[Any] = []
        for top in range(0, m, height):
            sums: dict[tuple[int, int], Any] = {}
            for left in range(0, n or 1, width):
                us, xs = range(m)[top : top + height], range(n)[left : left + width]
                sums |= _outer_part(k, (code, terms), shape, us, xs)
            ahead += [sums[key] for key in sorted(sums)]
            if len(ahead) % WIDTH == 0:  # as soon as they can be added: registers are few
                add_to_sums(k, place, ahead)
                place, ahead = b.add(place, number(len(ahead))), []


def _outer_part(
    k: Kernel, operands: tuple[Any, Any], shape: tuple[int, int], us: range, xs: range
) -> dict[tuple[int, int], Any]:
    """Return the sums of one part of a tile, which stay in registers."""
    b, (code, terms), (m, n) = k.builder, operands, shape
    places = [(u, x) for u in us for x in xs or [0]]

    def term(index: Any, carried: list[Any]) -> list[Any]:
        slots = k.at(code, b.mul(index, number(m + n)))
        u_slots = [k.word(slots, u) for u in us]
        x_slots = [k.word(slots, m + x) for x in xs]

        def added(lane: Any, so_far: list[Any], keep: Callable[[Any], Any]) -> list[Any]:
            left = [keep(k.lanes_at(k.buffer, slot, lane)) for slot in u_slots]
            right = [keep(k.lanes_at(k.buffer, slot, lane)) for slot in x_slots]
            if not right:
                return [b.fadd(total, u) for total, u in zip(so_far, left, strict=True)]
            totals = iter(so_far)
            return [k.fused(u, x, next(totals)) for u in left for x in right]

        return over_rows(k, carried, added)

    zeros = [splat(F64, 0.0)] * len(places)
    return dict(zip(places, k.accumulated(0, terms, zeros, term), strict=True))


def pairs(k: Kernel) -> None:
    """Write Σ u·x over rows, for eight pairs that share nothing."""
    place, slots = k.word(k.code, 0), k.at(k.code, 1)
    found = [k.word(slots, p) for p in range(2 * PAIRS)]

    def added(lane: Any, so_far: list[Any], keep: Callable[[Any], Any]) -> list[Any]:
        x = [keep(k.lanes_at(k.buffer, slot, lane)) for slot in found]
        return [k.fused(x[p], x[PAIRS + p], so_far[p]) for p in range(PAIRS)]

    add_to_sums(k, place, over_rows(k, [splat(F64, 0.0)] * PAIRS, added))


def add_to_sums(k: Kernel, place: Any, vectors: list[Any]) -> None:
    """Write the sum over the lanes of each vector, eight at once, to what is summed so far."""
    for start in range(0, len(vectors), WIDTH):
        more = _sums_of_lanes(k.builder, vectors[start : start + WIDTH])
        so_far = k.lanes_at(k.sums, place, start)
        k.put_lanes(k.builder.fadd(so_far, more), k.sums, place, start)


def _sums_of_lanes(b: ir.IRBuilder, vectors: list[Any]) -> Any:
    """Return the sums of the lanes of eight vectors, as the lanes of one.

    Two vectors become one with half as many terms of each: first sums of two, then of four, eight.
    """
    size = 1
    while len(vectors) > 1:
        starts = [lane + of for lane in range(0, WIDTH, 2 * size) for of in (0, WIDTH)]
        first = [start + k for start in starts for k in range(size)]
        even, odd = (
            ir.Constant(ir.VectorType(I32, WIDTH), [I32(p + more) for p in first])
            for more in (0, size)
        )
        vectors = [
            b.fadd(b.shuffle_vector(x, y, even), b.shuffle_vector(x, y, odd))
            for x, y in zip(vectors[::2], vectors[1::2], strict=True)
        ]
        size *= 2
    return vectors[0]


def over_rows(k: Kernel, carried: list[Any], added: Callable[..., list[Any]]) -> list[Any]:
    """Write a sum over the rows of a block: whole vectors, and one with zeros beyond the last."""
    b = k.builder
    whole = b.and_(k.count, number(-WIDTH))
    with k.looping(0, whole, WIDTH, carried) as (lane, so_far, following):
        following.extend(added(lane, so_far, lambda vector: vector))
    with k.looping(whole, k.count, WIDTH, so_far) as (lane, so_far, following):
        left = k.in_all_lanes(b.sub(k.count, lane), WHOLES)
        inside = b.icmp_signed("<", ir.Constant(WHOLES, [I64(p) for p in range(WIDTH)]), left)
        zeros = splat(F64, 0.0)
        following.extend(added(lane, so_far, lambda vector: b.select(inside, vector, zeros)))
    return so_far
