"""The kernels of operations on any number of operands: sums, dots and logs of sums."""

from collections.abc import Callable
from math import inf
from typing import Any, NamedTuple

from autograd.program.native.kernels.functions import exp, log1p
from autograd.program.native.kernels.kernel import Kernel, number
from autograd.program.native.kernels.lanes import F64, I64, WHOLES, Lanes, fused, splat, where


class Many(NamedTuple):
    """An operation on any number of operands; ``write`` returns its result for some lanes.

    Its operands are some first ones and so many lists, equally long.
    """

    write: Callable[..., Any]
    vectors: int  # at once
    lists: int = 1
    first: int = 0


def of_many(k: Kernel, operation: Many) -> None:
    """Write an operation on any number of operands, for members of any number."""
    b = k.builder

    def member(code: Any) -> Any:
        out, count, slots = k.word(code, 0), k.word(code, 1), k.at(code, 2)

        def lanes_of(place: Any, lane: Any) -> Lanes:
            return Lanes(b, k.lanes_at(k.buffer, k.word(slots, place), lane))

        def written(lanes: list[Any]) -> None:
            results = operation.write(k, count, lanes_of, lanes)
            for lane, result in zip(lanes, results, strict=True):
                k.put_lanes(result, k.buffer, out, lane)

        k.in_lanes(operation.vectors, written)
        size = b.mul(count, number(operation.lists))
        return k.at(slots, b.add(size, number(operation.first)))

    k.members(member)


def _total(k: Kernel, count: Any, x: Callable[..., Lanes], lanes: list[Any]) -> list[Any]:
    def term(place: Any, carried: list[Any]) -> list[Any]:
        pairs_of = zip(lanes, carried, strict=True)
        return [(x(place, lane) + Lanes(k.builder, total)).value for lane, total in pairs_of]

    return k.accumulated(0, count, [splat(F64, 0.0)] * len(lanes), term)


def _dot(k: Kernel, count: Any, x: Callable[..., Lanes], lanes: list[Any]) -> list[Any]:
    def term(place: Any, carried: list[Any]) -> list[Any]:
        other = k.builder.add(place, count)
        pairs_of = zip(lanes, carried, strict=True)
        return [
            fused(x(place, lane), x(other, lane), Lanes(k.builder, s)).value for lane, s in pairs_of
        ]

    return k.accumulated(0, count, [splat(F64, 0.0)] * len(lanes), term)


def _logsumexp(k: Kernel, count: Any, x: Callable[..., Lanes], lanes: list[Any]) -> list[Any]:
    return [_log_of_sum(k, count, lambda place: x(place, lanes[0])).value]


def _cross_entropy(k: Kernel, count: Any, x: Callable[..., Lanes], lanes: list[Any]) -> list[Any]:
    """Write logsumexp(x) - chosen, as that of the differences, which cancels nothing."""
    (lane,) = lanes
    chosen = x(0, lane)
    shift = where((chosen == inf) | (chosen == -inf), 0.0, chosen)
    result = _log_of_sum(k, count, lambda place: x(k.builder.add(place, number(1)), lane) - shift)
    return [(result - (chosen - shift)).value]


def _log_of_sum(k: Kernel, count: Any, x: Callable[[Any], Lanes]) -> Any:
    """Return log Σ exp(x) as the largest x and the log of what the others add to it.

    That one counts as 1 at its first place alone: among the others it would hide those below 1e-16.
    """
    b = k.builder
    first = x(number(0))

    def larger(place: Any, carried: list[Any]) -> list[Any]:
        so_far, at_place, candidate = Lanes(b, carried[0]), carried[1], x(place)
        is_larger = (so_far == so_far) & ((candidate > so_far) | (candidate != candidate))
        places = k.in_all_lanes(place, WHOLES)
        return [
            where(is_larger, candidate, so_far).value,
            b.select(is_larger.value, places, at_place),
        ]

    largest, at_place = k.accumulated(1, count, [first.value, splat(I64, 0)], larger)
    largest = Lanes(b, largest)
    is_infinite = (largest == inf) | (largest == -inf)
    shift = where(is_infinite, 0.0, largest)

    def others(place: Any, carried: list[Any]) -> list[Any]:
        itself = b.icmp_signed("==", k.in_all_lanes(place, WHOLES), at_place)
        grown = Lanes(b, carried[0]) + exp(x(place) - shift)
        return [b.select(itself, carried[0], grown.value)]

    (total,) = k.accumulated(0, count, [splat(F64, 0.0)], others)
    return where(is_infinite, largest, largest + log1p(Lanes(b, total)))


OF_MANY = {
    "total": Many(_total, vectors=2),
    "dot": Many(_dot, vectors=2, lists=2),
    "logsumexp": Many(_logsumexp, vectors=1),
    "cross_entropy": Many(_cross_entropy, vectors=1, first=1),
}
