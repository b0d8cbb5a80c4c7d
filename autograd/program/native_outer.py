"""The kernels of sums over rows: of products in tiles, of pairs, and of single slots."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from autograd.program.native_code import PAIRS, WIDTH
from autograd.program.native_kernel import Kernel, number
from autograd.program.native_lanes import F64, I64, WHOLES, splat
from autograd.program.native_products import Blocking


def outer(k: Kernel, shape: tuple[int, int], blocking: Blocking) -> None:
    """Write Σ u·x over rows and terms for m slots u by n slots x, or Σ u of m slots if n is 0."""
    b, (m, n) = k.builder, shape
    most = blocking.tile[0] * blocking.tile[1]
    height = min(m, blocking.tile[0] if n > 1 else most)
    width = min(n, blocking.tile[1])
    tiles, terms, first = (k.word(k.code, place) for place in range(3))
    with k.loop(0, tiles) as tile:
        code = k.at(k.code, b.add(b.mul(b.mul(tile, terms), number(m + n)), number(3)))
        place = b.mul(b.add(first, b.mul(tile, number(m * max(n, 1)))), number(WIDTH))
        sums = k.at(k.sums, place, F64)
        for top in range(0, m, height):
            for left in range(0, max(n, 1), max(width, 1)):
                us = range(top, top + height)
                xs = range(left, left + width)
                _outer_part(k, (code, terms, sums), shape, us, xs)


def _outer_part(
    k: Kernel, operands: tuple[Any, ...], shape: tuple[int, int], us: range, xs: range
) -> None:
    """Write the sums of one part of a tile, which stay in registers."""
    b, (code, terms, sums), (m, n) = k.builder, operands, shape
    places = [number(WIDTH * (u * n + x)) for u in us for x in xs] or [
        number(WIDTH * u) for u in us
    ]
    first = [k.lanes_at(sums, number(0), place) for place in places]

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

    for place, total in zip(places, k.accumulated(0, terms, first, term), strict=True):
        k.put_lanes(total, sums, number(0), place)


def pairs(k: Kernel) -> None:
    """Write Σ u·x over rows and terms, for eight pairs that share nothing."""
    b = k.builder
    tiles, terms, first = (k.word(k.code, place) for place in range(3))
    with k.loop(0, tiles) as tile:
        code = k.at(k.code, b.add(b.mul(b.mul(tile, terms), number(2 * PAIRS)), number(3)))
        place = b.mul(b.add(first, b.mul(tile, number(PAIRS))), number(WIDTH))
        sums = k.at(k.sums, place, F64)

        def term(index: Any, carried: list[Any], code: Any = code) -> list[Any]:
            slots = k.at(code, b.mul(index, number(2 * PAIRS)))
            found = [k.word(slots, p) for p in range(2 * PAIRS)]

            def added(lane: Any, so_far: list[Any], keep: Callable[[Any], Any]) -> list[Any]:
                x = [keep(k.lanes_at(k.buffer, slot, lane)) for slot in found]
                return [k.fused(x[p], x[PAIRS + p], so_far[p]) for p in range(PAIRS)]

            return over_rows(k, carried, added)

        starts = [k.lanes_at(sums, number(0), number(WIDTH * p)) for p in range(PAIRS)]
        for p, total in enumerate(k.accumulated(0, terms, starts, term)):
            k.put_lanes(total, sums, number(0), number(WIDTH * p))


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
