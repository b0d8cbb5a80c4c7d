"""Lanes: the code of a kernel, written with the operators of Python.

``Lanes`` are eight numbers, of eight rows, and ``Mask`` is eight truth values. What is computed
with them is not computed but written down, as LLVM's instructions on vectors of eight; LLVM makes
of each vector as many registers as the processor needs.
"""

import struct
from collections.abc import Sequence
from math import isnan
from typing import Any

from llvmlite import ir

from autograd.program.native.kernels.code import WIDTH

F64, I64, I32, I1 = ir.DoubleType(), ir.IntType(64), ir.IntType(32), ir.IntType(1)
POINTER, NOTHING = ir.PointerType(), ir.VoidType()
VECTOR, WHOLES, TRUTHS = (ir.VectorType(kind, WIDTH) for kind in (F64, I64, I1))
ALIGNMENT = 8 * WIDTH
ONES = 1.5 * 2.0**52  # of the floats whose last digit is 1, in the middle
ONES_AS_BITS = int.from_bytes(struct.pack("<d", ONES), "little")


def splat(kind: ir.Type, number: Any) -> ir.Constant:
    """Return a vector that holds one number eight times."""
    return ir.Constant(ir.VectorType(kind, WIDTH), [ir.Constant(kind, number)] * WIDTH)


def intrinsic(builder: ir.IRBuilder, name: str, kinds: Sequence[ir.Type], suffix: str) -> Any:
    """Return a function of LLVM's own, ``llvm.sqrt`` on vectors say."""
    return function(builder, f"llvm.{name}.{suffix}", kinds)


def function(
    builder: ir.IRBuilder, name: str, kinds: Sequence[ir.Type], returned: ir.Type | None = None
) -> Any:
    """Return a function by its name, declared once; most return what their first operand is."""
    known = builder.module.globals.get(name)
    kind = ir.FunctionType(returned or kinds[0], kinds)
    return known or ir.Function(builder.module, kind, name)


class Written:
    """A vector that is computed by code written so far."""

    def __init__(self, builder: ir.IRBuilder, value: Any) -> None:
        self.builder, self.value = builder, value


class Mask(Written):
    """Eight truth values."""

    def __and__(self, other: Any) -> "Mask":
        return Mask(self.builder, self.builder.and_(self.value, _truths(other)))

    def __or__(self, other: Any) -> "Mask":
        return Mask(self.builder, self.builder.or_(self.value, _truths(other)))

    def __invert__(self) -> "Mask":
        return Mask(self.builder, self.builder.xor(self.value, splat(I1, 1)))

    __rand__, __ror__ = __and__, __or__


def _truths(mask: Any) -> Any:
    return mask.value if isinstance(mask, Mask) else splat(I1, int(mask))


class Lanes(Written):
    """Eight numbers; operators take numbers too, which stand for eight equal ones."""

    __hash__ = None  # type: ignore[assignment]

    def _of(self, other: Any) -> Any:
        return lifted(self.builder, other).value

    def _made(self, name: str, x: Any, y: Any) -> "Lanes":
        return Lanes(self.builder, getattr(self.builder, name)(self._of(x), self._of(y)))

    def _compared(self, sign: str, other: Any) -> Mask:
        compare = self.builder.fcmp_unordered if sign == "!=" else self.builder.fcmp_ordered
        return Mask(self.builder, compare(sign, self.value, self._of(other)))

    def __add__(self, other: Any) -> "Lanes":
        return self._made("fadd", self, other)

    def __sub__(self, other: Any) -> "Lanes":
        return self._made("fsub", self, other)

    def __rsub__(self, other: Any) -> "Lanes":
        return self._made("fsub", other, self)

    def __mul__(self, other: Any) -> "Lanes":
        return self._made("fmul", self, other)

    def __truediv__(self, other: Any) -> "Lanes":
        return self._made("fdiv", self, other)

    def __rtruediv__(self, other: Any) -> "Lanes":
        return self._made("fdiv", other, self)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> "Lanes":
        return Lanes(self.builder, self.builder.fneg(self.value))

    def __eq__(self, other: Any) -> Mask:  # type: ignore[override]
        return self._compared("==", other)

    def __ne__(self, other: Any) -> Mask:  # type: ignore[override]
        return self._compared("!=", other)

    def __lt__(self, other: Any) -> Mask:
        return self._compared("<", other)

    def __le__(self, other: Any) -> Mask:
        return self._compared("<=", other)

    def __gt__(self, other: Any) -> Mask:
        return self._compared(">", other)

    def __ge__(self, other: Any) -> Mask:
        return self._compared(">=", other)

    def bits(self) -> "Wholes":
        """Return the bits of each number as a whole number."""
        return Wholes(self.builder, self.builder.bitcast(self.value, WHOLES))

    def rounded(self) -> "Wholes":
        """Return each number, which is whole and not large, as a whole number.

        Added to a number whose last digit is 1 it stands in the last digits, and NaN is anything.
        """
        return (self + ONES).bits() + -ONES_AS_BITS


class Wholes(Written):
    """Eight whole numbers of 64 bits."""

    def _made(self, name: str, number: int) -> "Wholes":
        return Wholes(self.builder, getattr(self.builder, name)(self.value, splat(I64, number)))

    def __add__(self, number: int) -> "Wholes":
        return self._made("add", number)

    def __and__(self, number: int) -> "Wholes":
        return self._made("and_", number)

    def __or__(self, number: int) -> "Wholes":
        return self._made("or_", number)

    def __lshift__(self, number: int) -> "Wholes":
        return self._made("shl", number)

    def __rshift__(self, number: int) -> "Wholes":
        return self._made("lshr", number)

    def as_bits(self) -> Lanes:
        """Return the numbers that have these bits."""
        return Lanes(self.builder, self.builder.bitcast(self.value, VECTOR))

    def as_lanes(self) -> Lanes:
        """Return the numbers themselves, which are not large."""
        return (self + ONES_AS_BITS).as_bits() - ONES


# -- functions that are instructions ---------------------------------------------------------------


def where(mask: Any, x: Any, y: Any) -> Any:
    """Return x where the mask holds, else y; one that is known already chooses for all lanes."""
    if not isinstance(mask, Mask):
        return x if mask else y
    x, y = (lifted(mask.builder, operand) for operand in (x, y))
    return Lanes(mask.builder, mask.builder.select(mask.value, x.value, y.value))


def lifted(builder: ir.IRBuilder, operand: Any) -> Lanes:
    """Return a number, a mask, or lanes, as lanes."""
    if isinstance(operand, Lanes):
        return operand
    if isinstance(operand, Mask):
        ones, zeros = splat(F64, 1.0), splat(F64, 0.0)
        return Lanes(builder, builder.select(operand.value, ones, zeros))
    return Lanes(builder, splat(F64, float(operand)))


def fused(x: Any, y: Any, z: Any) -> Lanes:
    """Return x*y + z, rounded once where the processor can, else twice."""
    builder = next(operand.builder for operand in (x, y, z) if isinstance(operand, Lanes))
    operands = [lifted(builder, operand).value for operand in (x, y, z)]
    return Lanes(builder, builder.call(_of_vectors(builder, "fmuladd", 3), operands))


def _of_vectors(builder: ir.IRBuilder, name: str, count: int) -> Any:
    return intrinsic(builder, name, [VECTOR] * count, f"v{WIDTH}f64")


def one_operand(name: str) -> Any:
    """Return LLVM's function of one vector, as one of lanes, or of a number."""

    def called(x: Any) -> Any:
        return Lanes(x.builder, x.builder.call(_of_vectors(x.builder, name, 1), [x.value]))

    return called


root, absolute, nearest, floor = map(one_operand, ("sqrt", "fabs", "rint", "floor"))


def copysign(size: Any, sign: Any) -> Any:
    """Return numbers of one's size with the other's sign."""
    builder = (sign if isinstance(sign, Lanes) else size).builder
    operands = [lifted(builder, operand).value for operand in (size, sign)]
    return Lanes(builder, builder.call(_of_vectors(builder, "copysign", 2), operands))


def polynomial(x: Lanes, coefficients: Sequence[float]) -> Lanes:
    """Return c₀ + c₁·x + c₂·x² + ..., by Horner's rule."""
    result: Any = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        result = fused(result, x, coefficient)
    return lifted(x.builder, result)


def in_each_lane(name: str, *operands: Any) -> Lanes:
    """Return what a function of the C library gives for each lane, one after the other."""
    builder = next(operand.builder for operand in operands if isinstance(operand, Lanes))
    vectors = [lifted(builder, operand).value for operand in operands]
    called = function(builder, f"each lane {name}", [VECTOR] * len(operands))
    if not called.blocks:
        _write_each_lane(called, name)
    return Lanes(builder, builder.call(called, vectors))


def _write_each_lane(called: Any, name: str) -> None:
    called.linkage = "internal"
    called.attributes.add("noinline")
    builder = ir.IRBuilder(called.append_basic_block())
    of_one = function(builder, name, [F64] * len(called.args))
    result: Any = ir.Constant(VECTOR, ir.Undefined)
    for lane in range(WIDTH):
        place = ir.Constant(I32, lane)
        numbers = [builder.extract_element(vector, place) for vector in called.args]
        result = builder.insert_element(result, builder.call(of_one, numbers), place)
    builder.ret(result)


def is_number(x: Any) -> bool:
    """Tell whether an operand is known while the code is written."""
    return not isinstance(x, Written)


def is_nan(x: Any) -> Any:
    return isnan(x) if is_number(x) else x != x
