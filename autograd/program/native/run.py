"""Instructions with a place in memory, and how they run: in one thread, or in several."""

import ctypes
import os
import struct
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from autograd.program.native.kernels import CHUNK, FIELDS, WIDTH, machine
from autograd.program.native.writer import Array, Instructions
from autograd.program.running import CannotRunError

FIELD = {name: place for place, name in enumerate(FIELDS)}
BYTES = 8  # of a float64, and of a field
NOTHING: Any = ctypes.c_char * 0
FIRST_OF_A_RUN = FIELD["columns"]
OF_A_RUN = struct.Struct(f"{len(FIELDS) - FIRST_OF_A_RUN}q")


class Code:
    """A program that runs on any number of threads: a workspace a thread, and chunks of rows.

    Each chunk has a line of sums, and these are added in order, so that their sum is the same
    for any number of threads.
    """

    def __init__(self, instructions: Instructions) -> None:
        self.instructions = instructions
        self._free = [Workspace(instructions)]

    def run(self, numbers: Array, columns: Array) -> tuple[Array, bool]:
        """Return the means of the results, and whether some operation is undefined."""
        return self._run(numbers, columns, None)

    def evaluate(self, numbers: Array, columns: Array) -> tuple[Array, bool]:
        """Return the outputs, a line for each, and whether some operation is undefined."""
        outputs = np.empty((self.instructions.n_outputs, columns.shape[1]))
        _, outside = self._run(numbers, columns, outputs)
        return outputs, outside

    def _run(self, numbers: Array, columns: Array, outputs: Array | None) -> tuple[Array, bool]:
        columns = in_lines(columns)
        rows = columns.shape[1]
        if rows <= CHUNK:
            space = self._taken()
            space.run(machine().whole, numbers, columns, None, outputs, 0, rows)
            means, outside = space.means.copy(), space.outside
            self._free.append(space)  # for the next run, in whatever thread
            return means, outside
        spaces = self._in_threads(numbers, columns, outputs)
        means, outside = spaces[0].means.copy(), any(space.outside for space in spaces)
        self._free += spaces
        return means, outside

    def _in_threads(
        self, numbers: Array, columns: Array, outputs: Array | None
    ) -> "list[Workspace]":
        """Run all chunks, each thread its share; return the workspaces, the first with means."""
        rows = columns.shape[1]
        n_chunks = -(-rows // CHUNK)
        sums = aligned(n_chunks * self.instructions.n_sums)
        n = min(n_threads(), n_chunks)
        spaces = [self._taken() for _ in range(n)]
        bounds = [min(rows, n_chunks * k // n * CHUNK) for k in range(n + 1)]
        given = (machine().run, numbers, columns, sums, outputs)
        with ThreadPoolExecutor(n) as pool:  # a call of machine code lets other threads run
            running = [
                pool.submit(space.run, *given, *bounds[k : k + 2])
                for k, space in enumerate(spaces[1:], start=1)
            ]
            spaces[0].run(*given, *bounds[:2])
            for thread in running:
                thread.result()
        spaces[0].finish()
        return spaces

    def _taken(self) -> "Workspace":
        """Return a workspace that no other thread has."""
        try:
            return self._free.pop()
        except IndexError:
            return Workspace(self.instructions)


class Workspace:
    """The memory that one thread runs instructions in, and the table of fields that tells where."""

    def __init__(self, instructions: Instructions) -> None:
        lanes, n_parameters = instructions.lanes, instructions.n_parameters
        code, weights = _code(instructions), aligned(len(instructions.pack))
        self.fixed = np.concatenate([np.zeros(n_parameters + instructions.n_once),
                                     instructions.constants])  # fmt: skip
        self._parameters = self.fixed[:n_parameters]
        n_results = -(-instructions.n_results // WIDTH) * WIDTH
        means, sums = aligned(n_results), aligned(instructions.n_sums)
        self.means = means[: instructions.n_results]
        buffer = aligned(instructions.n_slots * lanes)
        self._outside = np.zeros(1, np.int64)
        self._fields = np.zeros(len(FIELDS), np.int64)
        self._at, self._memory = address(self._fields), self._fields.data
        self._means_at, self._sums_at = address(means), address(sums)
        self._held = (instructions, code, weights, buffer, sums)  # fields point at them
        self.once = None if instructions.once is None else Workspace(instructions.once)
        self._fixed_at = address(self.fixed)
        self._once_at = self._fixed_at + BYTES * n_parameters
        pack, spread = instructions.pack, instructions.spread
        result_of, fixed_of = instructions.result_of, instructions.fixed_of
        self._set(
            code=address(code), code_end=address(code) + code.nbytes, size=lanes,
            buffer=address(buffer), fixed=self._fixed_at, weights=address(weights),
            pack=address(pack), n_pack=len(pack),
            spread=address(spread), n_spread=len(spread) // 2, n_sums=instructions.n_sums,
            n_results=n_results, result_of=address(result_of),
            n_result_of=len(result_of) // 2, fixed_of=address(fixed_of),
            n_fixed_of=len(fixed_of) // 2, outside=address(self._outside),
        )  # fmt: skip

    def _set(self, **fields: int) -> None:
        for name, held in fields.items():
            self._fields[FIELD[name]] = held

    @property
    def outside(self) -> bool:
        """Whether some operation was undefined in the last run."""
        return bool(self._outside[0]) or (self.once is not None and self.once.outside)

    def run(
        self, function: Callable[[int], None], numbers: Array, columns: Array,
        sums: Array | None, outputs: Array | None, start: int, stop: int,
    ) -> None:  # fmt: skip
        """Run on the rows from ``start`` to ``stop``; ``start`` is the first of a chunk."""
        self._parameters[:] = numbers
        if self.once is not None:  # with the parameters as the inputs of one row
            self.once.run_at(machine().run, self._fixed_at, 1, 0, self._once_at, 1, 1, 0, 1)
        sums_at = self._sums_at if sums is None else address(sums)
        outputs_at, apart = (0, 0) if outputs is None else (address(outputs), outputs.shape[1])
        self.run_at(
            function, address(columns), columns.strides[0] // BYTES, sums_at, outputs_at, apart,
            columns.shape[1], start, stop,
        )  # fmt: skip

    def run_at(
        self, function: Callable[[int], None], columns: int, stride: int, sums: int,
        outputs: int, outputs_stride: int, rows: int, start: int, stop: int,
    ) -> None:  # fmt: skip
        """Run with arrays that are told by their addresses."""
        self._outside[0] = 0
        OF_A_RUN.pack_into(
            self._memory, FIRST_OF_A_RUN * BYTES, columns, stride, sums, self._means_at, outputs,
            outputs_stride, rows, start, stop,
        )  # fmt: skip
        function(self._at)

    def finish(self) -> None:
        """Make means of the sums of all chunks, whichever thread ran them."""
        machine().finish(self._at)


def _code(instructions: Instructions) -> Array:
    """Return the code with this machine's numbers of the kernels."""
    numbers = machine().numbers
    parts: list[Any] = [np.zeros(0, np.int32)]
    for kernel, words in instructions.code:
        if kernel not in numbers:
            raise CannotRunError(f"there is no kernel for {kernel}")
        parts += [np.array([numbers[kernel], len(words)], np.int32), words]
    return np.concatenate(parts)


def address(array: Array) -> int:
    """Return where an array begins; of one that is whole and writable in a quarter of the time."""
    try:
        return ctypes.addressof(NOTHING.from_buffer(array))
    except (TypeError, ValueError):
        found: int = array.__array_interface__["data"][0]
        return found


def aligned(count: int) -> Array:
    """Return zeros that begin where vectors may."""
    zeros = np.zeros(count + WIDTH)
    start = -address(zeros) // BYTES % WIDTH
    return zeros[start : start + count]


def in_lines(array: Array) -> Array:
    """Return an array whose lines stand in memory as the kernels read them."""
    across, along = array.strides
    is_fine = along == BYTES and across % BYTES == 0 and array.flags.aligned
    return array if is_fine else np.ascontiguousarray(array)


def n_threads() -> int:
    """Return how many threads may run: as many as there are cores, or as OMP_NUM_THREADS says."""
    told = os.environ.get("OMP_NUM_THREADS", "")
    if told.isdecimal() and int(told):
        return int(told)
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
