"""The interpreter: runs the instructions of a program on block after block of rows.

Its functions take a table of whole numbers and pointers, ``FIELDS``: ``run`` runs some rows,
``finish`` makes means of what all threads summed, and ``whole`` does both. Rows are summed in
chunks, so that the sums do not depend on how many threads share the chunks.
"""

from typing import Any

from llvmlite import ir

from autograd.program.native.kernels.catalogue import ARGUMENTS, Kernels
from autograd.program.native.kernels.code import CHUNK, FIELDS, WIDTH
from autograd.program.native.kernels.kernel import Kernel, number
from autograd.program.native.kernels.lanes import F64, I32, I64, VECTOR, splat
from autograd.program.native.kernels.products import NARROW, WIDE


def written(triple: str, *, is_wide: bool) -> tuple[str, list[str]]:
    """Return all kernels and ``run`` as LLVM's text, and the names of the kernels, in order."""
    module = ir.Module("chalkgrad")
    module.triple = triple
    kernels = Kernels(module, WIDE if is_wide else NARROW).functions
    for name, write in (("load", _load), ("store", _store)):
        moving = Kernel(module, f"move {name}", ["buffer", "columns", "code", "lanes", "count"])
        moving.function.linkage = "internal"
        write(moving)
        moving.finish()
        kernels[name] = moving.function
    _write_block(module, kernels)
    _write_run(module)
    _write_finish(module)
    whole = Kernel(module, "whole", ["fields"])
    for name in ("run", "finish"):
        whole.builder.call(module.globals[name], [whole.fields])
    whole.finish()
    return str(module), list(kernels)


def _load(k: Kernel) -> None:
    """Copy columns into slots; ``columns`` points at two fields and has the first row."""
    b = k.builder
    columns, stride = (
        b.inttoptr(k.item(k.columns, 0, I64), k.columns.type),
        k.item(k.columns, 1, I64),
    )
    row = k.item(k.columns, 4, I64)
    last = b.sub(k.count, number(1))
    with k.loop(0, k.word(k.code, 0)) as member:
        place = b.add(b.mul(member, number(2)), number(1))
        start = b.add(b.mul(k.word(k.code, place), stride), row)
        column = k.at(columns, start, F64)
        slot = k.at(k.buffer, k.word(k.code, b.add(place, number(1))), F64)
        with k.loop(0, k.count) as lane:
            k.put(k.item(column, lane), slot, lane)
        with k.loop(k.count, k.lanes) as lane:
            k.put(k.item(column, last), slot, lane)


def _store(k: Kernel) -> None:
    """Copy slots into outputs."""
    b = k.builder
    outputs, stride = (
        b.inttoptr(k.item(k.columns, 2, I64), k.columns.type),
        k.item(k.columns, 3, I64),
    )
    row = k.item(k.columns, 4, I64)
    with k.loop(0, k.word(k.code, 0)) as member:
        place = b.add(b.mul(member, number(2)), number(1))
        output = k.at(outputs, b.add(b.mul(k.word(k.code, place), stride), row), F64)
        slot = k.at(k.buffer, k.word(k.code, b.add(place, number(1))), F64)
        with k.loop(0, k.count) as lane:
            k.put(k.item(slot, lane), output, lane)


def _write_block(module: ir.Module, kernels: dict[str, Any]) -> None:
    """Write ``block``, which runs all instructions on one block of rows."""
    k = Kernel(
        module, "block",
        ["buffer", "weights", "sums", "code", "lanes", "count", "outside", "columns", "end"],
    )  # fmt: skip
    k.function.linkage = "internal"
    b = k.builder
    entry, head, body, following, done = b.block, *(b.append_basic_block() for _ in range(4))
    b.branch(head)
    b.position_at_end(head)
    code = b.phi(k.code.type)
    code.add_incoming(k.code, entry)
    b.cbranch(b.icmp_unsigned("<", code, k.end), body, done)
    b.position_at_end(body)
    rest = k.at(code, 2)
    choice = b.switch(k.item(code, 0, I32), following)
    for place, (name, function) in enumerate(kernels.items()):
        case = b.append_basic_block()
        choice.add_case(I32(place), case)
        b.position_at_end(case)
        if name in ("load", "store"):
            b.call(function, [k.buffer, k.columns, rest, k.lanes, k.count])
        else:
            given = {**{name: getattr(k, name) for name in ARGUMENTS}, "code": rest}
            b.call(function, list(given.values()))
        b.branch(following)
    b.position_at_end(following)
    code.add_incoming(k.at(rest, k.word(code, 1)), following)
    b.branch(head)
    b.position_at_end(done)
    k.finish()


def _write_run(module: ir.Module) -> None:
    """Write ``run``: pack and spread what is fixed, then chunk after chunk, block after block."""
    k = Kernel(module, "run", ["fields"])
    b, (field, pointer) = k.builder, _fields(k)
    fixed, weights, buffer = map(pointer, ("fixed", "weights", "buffer"))
    pack, spread = map(pointer, ("pack", "spread"))
    size = field("size")
    with k.loop(0, field("n_pack"), WIDTH) as place:
        k.put_lanes(k.gathered(fixed, pack, place), weights, place, 0)
    with k.loop(0, field("n_spread")) as member:
        place = b.mul(member, number(2))
        slot = k.at(buffer, k.word(spread, place), F64)
        held = k.item(fixed, k.word(spread, b.add(place, number(1))))
        with k.loop(0, size) as lane:
            k.put(held, slot, lane)
    columns = b.alloca(I64, 5)  # what load and store need: where, how far apart, and the row
    for place, name in enumerate(("columns", "stride", "outputs", "outputs_stride")):
        k.put(field(name), columns, place)
    stop = field("stop")
    with k.loop(field("start"), stop, CHUNK) as start:
        end = _least(b, b.add(start, number(CHUNK)), stop)
        n_sums = field("n_sums")
        sums = k.at(pointer("sums"), b.mul(b.sdiv(start, number(CHUNK)), n_sums), F64)
        with k.loop(0, n_sums, WIDTH) as place:
            k.put_lanes(splat(F64, 0.0), sums, place, 0)
        with k.loop(start, end, size) as row:
            count = _least(b, b.sub(end, row), size)
            lanes = b.and_(b.add(count, number(WIDTH - 1)), number(-WIDTH))
            k.put(row, columns, 4)
            b.call(module.globals["block"], [
                buffer, weights, sums, pointer("code"), lanes, count, pointer("outside"), columns,
                pointer("code_end"),
            ])  # fmt: skip
    k.finish()


def _fields(k: Kernel) -> tuple[Any, Any]:
    """Return functions that read a field by its name: as a number, and as a pointer."""

    def field(name: str) -> Any:
        return k.item(k.fields, FIELDS.index(name), I64)

    return field, lambda name: k.builder.inttoptr(field(name), k.fields.type)


def _write_finish(module: ir.Module) -> None:
    """Write ``finish``: the sums of all chunks in their order, by the rows, and what is fixed."""
    k = Kernel(module, "finish", ["fields"])
    b, (field, pointer) = k.builder, _fields(k)
    sums, n_sums, rows = pointer("sums"), field("n_sums"), field("rows")
    with k.loop(1, b.sdiv(b.add(rows, number(CHUNK - 1)), number(CHUNK))) as chunk:
        line = b.mul(chunk, n_sums)
        with k.loop(0, n_sums, WIDTH) as place:
            total = b.fadd(k.lanes_at(sums, place, 0), k.lanes_at(sums, line, place))
            k.put_lanes(total, sums, place, 0)
    means, n_results = pointer("means"), field("n_results")
    with k.loop(0, n_results, WIDTH) as place:
        k.put_lanes(splat(F64, 0.0), means, place, 0)
    _add_pairs(k, means, pointer("result_of"), field("n_result_of"), sums)
    all_rows = k.in_all_lanes(b.sitofp(rows, F64), VECTOR)
    with k.loop(0, n_results, WIDTH) as place:
        k.put_lanes(b.fdiv(k.lanes_at(means, place, 0), all_rows), means, place, 0)
    _add_pairs(k, means, pointer("fixed_of"), field("n_fixed_of"), pointer("fixed"))
    k.finish()


def _add_pairs(k: Kernel, results: Any, pairs: Any, count: Any, numbers: Any) -> None:
    """Write ``results[result] += numbers[place]`` for pairs of a result and a place."""
    b = k.builder
    with k.loop(0, count) as member:
        pair = b.mul(member, number(2))
        result = k.word(pairs, pair)
        more = k.item(numbers, k.word(pairs, b.add(pair, number(1))))
        k.put(b.fadd(k.item(results, result), more), results, result)


def _least(b: ir.IRBuilder, x: Any, y: Any) -> Any:
    return b.select(b.icmp_signed("<", x, y), x, y)
