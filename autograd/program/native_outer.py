"""The kernels of sums over rows: of products in tiles, of pairs, and of single slots."""

from collections.abc import Callable, Sequence
from typing import Any

from llvmlite import ir

from autograd.program.native_code import PAIRS, WIDTH
from autograd.program.native_kernel import Kernel, number
from autograd.program.native_lanes import F64, I32, I64, WHOLES, splat, sums_of_lanes
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
        sums = Sums(k, b.add(first, b.mul(tile, number(m * max(n, 1)))))
        for top in range(0, m, height):
            for left in range(0, max(n, 1), max(width, 1)):
                us = range(top, top + height)
                xs = range(left, left + width)
                _outer_part(k, (code, terms, sums), shape, us, xs)


def _outer_part(
    k: Kernel, operands: tuple[Any, Any, "Sums"], shape: tuple[int, int], us: range, xs: range
) -> None:
    """Write the sums of one part of a tile, which stay in registers."""
    b, (code, terms, sums), (m, n) = k.builder, operands, shape
    places = [u * n + x for u in us for x in xs] or list(us)

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

    sums.put(places, k.accumulated(0, terms, sums.begun(places), term))


def pairs(k: Kernel) -> None:
    """Write Σ u·x over rows and terms, for eight pairs that share nothing."""
    b = k.builder
    tiles, terms, first = (k.word(k.code, place) for place in range(3))
    with k.loop(0, tiles) as tile:
        code = k.at(k.code, b.add(b.mul(b.mul(tile, terms), number(2 * PAIRS)), number(3)))
        sums = Sums(k, b.add(first, b.mul(tile, number(PAIRS))))

        def term(index: Any, carried: list[Any], code: Any = code) -> list[Any]:
            slots = k.at(code, b.mul(index, number(2 * PAIRS)))
            found = [k.word(slots, p) for p in range(2 * PAIRS)]

            def added(lane: Any, so_far: list[Any], keep: Callable[[Any], Any]) -> list[Any]:
                x = [keep(k.lanes_at(k.buffer, slot, lane)) for slot in found]
                return [k.fused(x[p], x[PAIRS + p], so_far[p]) for p in range(PAIRS)]

            return over_rows(k, carried, added)

        sums.put(range(PAIRS), k.accumulated(0, terms, sums.begun(range(PAIRS)), term))


class Sums:
    """Some sums of a workspace, from a place on.

    While rows are summed together, each lane has a sum of its own, which the first block begins and
    the last adds up: then it goes to the totals. So they are the same for any number of lanes.
    """

    def __init__(self, k: Kernel, first: Any) -> None:
        self.k = k
        self.lanes = k.at(k.sums, k.builder.mul(first, number(WIDTH)), F64)
        self.totals = k.at(k.totals, first, F64)

    def begun(self, places: Sequence[int]) -> list[Any]:
        """Return zeros, or in a later block what those before it have left."""
        b, before = self.k.builder, self.k.builder.block
        with b.if_then(b.icmp_signed("==", self.k.begins, number(0))):
            held = [self.k.lanes_at(self.lanes, number(0), number(WIDTH * p)) for p in places]
            inside = b.block
        found = [b.phi(vector.type) for vector in held]
        for phi, vector in zip(found, held, strict=True):
            phi.add_incoming(splat(F64, 0.0), before)
            phi.add_incoming(vector, inside)
        return found

    def put(self, places: Sequence[int], sums: list[Any]) -> None:
        """Keep the sums for the next block, or after the last one add their lanes up."""
        k, b = self.k, self.k.builder
        with b.if_else(b.icmp_signed("!=", k.ends, number(0))) as (last, other):
            with last:
                for start in range(0, len(places), WIDTH):
                    self._add_up(places[start : start + WIDTH], sums[start : start + WIDTH])
            with other:
                for place, vector in zip(places, sums, strict=True):
                    k.put_lanes(vector, self.lanes, number(0), number(WIDTH * place))

    def _add_up(self, places: Sequence[int], sums: list[Any]) -> None:
        """Add the lanes of up to eight sums to their totals."""
        k, b = self.k, self.k.builder
        missing = [splat(F64, 0.0)] * (WIDTH - len(sums))
        found = sums_of_lanes(b, [*sums, *missing])
        if [*places] == [*range(places[0], places[0] + WIDTH)]:
            total = k.lanes_at(self.totals, number(places[0]), 0)
            k.put_lanes(b.fadd(total, found), self.totals, number(places[0]), 0)
            return
        for lane, place in enumerate(places):
            added = b.extract_element(found, I32(lane))
            k.put(b.fadd(k.item(self.totals, place), added), self.totals, place)


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
