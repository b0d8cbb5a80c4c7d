"""The kernels as machine code: made once for a kind of processor, and kept in a folder.

What is kept is named after all that it depends on, and holds a checksum of its name and content: a
file that was cut, changed or renamed, or is of other versions, is made again. Where nothing can be
kept, each process makes the code anew.
"""

import ctypes
import ctypes.util
import hashlib
import json
import os
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import llvmlite
from llvmlite import binding as llvm

from autograd.program.native.kernels.code import C_FUNCTIONS
from autograd.program.running import CannotRunError
from autograd.system import write_whole

# The code depends on the files beside this one, on the formulas, and on the table of operations.
FORMULAS = "program/library/numpy_functions.py"
TABLE = ("ops.py", "operation.py", "notation.py")  # their domains and signs


class Processor(NamedTuple):
    """What machine code is made for."""

    triple: str
    name: str
    features: str

    def has(self, feature: str) -> bool:
        return f"+{feature}" in self.features.split(",")


class Machine(NamedTuple):
    """Machine code that is ready to run; ``numbers`` has the number of each kernel."""

    run: Callable[[int], None]
    finish: Callable[[int], None]
    whole: Callable[[int], None]
    numbers: dict[str, int]
    engine: Any  # which owns the code


def this_processor() -> Processor:
    """Return the processor that this runs on, with 512 bits in use where it has them."""
    features = llvm.get_host_cpu_features().flatten()
    processor = Processor(llvm.get_process_triple(), llvm.get_host_cpu_name(), features)
    if processor.has("avx512f"):
        return processor._replace(features=f"{features},-prefer-256-bit")
    return processor


def made_for(processor: Processor) -> tuple[list[str], bytes]:
    """Return the names of the kernels, and their code as an object file."""
    from autograd.program.native.kernels.interpreter import written

    text, names = written(processor.triple, is_wide=processor.has("avx512f"))
    module = llvm.parse_assembly(text)
    module.verify()
    target = _target_machine(processor)
    tuning = llvm.create_pipeline_tuning_options(speed_level=2)
    tuning.loop_vectorization = tuning.slp_vectorization = tuning.loop_unrolling = False
    builder = llvm.create_pass_builder(target, tuning)
    builder.getModulePassManager().run(module, builder)
    return names, target.emit_object(module)


def _target_machine(processor: Processor) -> Any:
    return llvm.Target.from_triple(processor.triple).create_target_machine(
        cpu=processor.name, features=processor.features, opt=2, jit=True, reloc="pic"
    )


@cache
def machine() -> Machine:
    """Return the kernels for this processor, from the folder if they are there."""
    try:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        processor = this_processor()
        names, code = _kept_or_made(processor)
        nothing = llvm.parse_assembly("")  # LLVM starts with a module; compiling it takes 1.4 ms
        engine = llvm.create_mcjit_compiler(nothing, _target_machine(processor))
        engine.remove_module(nothing)
        engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        _add_c_functions()
        engine.finalize_object()
    except (RuntimeError, OSError, AttributeError) as error:  # of LLVM, or of the C library
        raise CannotRunError(f"LLVM makes no code for this machine: {error}") from error
    kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p)  # a call lets other threads of Python run
    run, finish, whole = (
        kind(engine.get_function_address(name)) for name in ("run", "finish", "whole")
    )
    return Machine(run, finish, whole, {name: k for k, name in enumerate(names)}, engine)


def _add_c_functions() -> None:
    """Tell LLVM where the functions of the C library are, where it does not find them itself."""
    unknown = [name for name in C_FUNCTIONS if llvm.address_of_symbol(name) is None]
    if unknown:
        library = ctypes.CDLL(ctypes.util.find_library("m") or "ucrtbase")
        for name in unknown:
            found = ctypes.cast(getattr(library, name), ctypes.c_void_p)
            llvm.add_symbol(name, found.value)


# -- the folder ------------------------------------------------------------------------------------


def folder() -> Path:
    """Return the user's folder for what can be made again."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "chalkgrad"


def _key(processor: Processor) -> str:
    """Return a name that differs for another processor, other versions, and other kernels."""
    found = hashlib.sha256(
        repr((*processor, llvmlite.__version__, llvm.llvm_version_info)).encode()
    )
    here, package = Path(__file__).parent, Path(__file__).parents[3]
    beside = sorted(name for name in os.listdir(here) if name.endswith(".py"))  # glob is slow
    for path in (*map(here.joinpath, beside), *map(package.joinpath, (FORMULAS, *TABLE))):
        found.update(path.read_bytes())
    return found.hexdigest()[:32]


def _kept_or_made(processor: Processor) -> tuple[list[str], bytes]:
    try:
        file = folder() / f"{_key(processor)}.kernels"
    except RuntimeError:  # the user has no home
        return made_for(processor)
    return kept(file) or _made_and_kept(file, processor)


def kept(file: Path) -> tuple[list[str], bytes] | None:
    """Return the names and the code that a file holds, None where it is not as it was written."""
    try:
        checksum, _, content = file.read_bytes().partition(b"\n")
    except OSError:
        return None
    if checksum.decode("ascii", "replace") != _checksum(file, content):
        return None
    names, _, code = content.partition(b"\n")
    return json.loads(names), code


def _made_and_kept(file: Path, processor: Processor) -> tuple[list[str], bytes]:
    names, code = made_for(processor)
    content = json.dumps(names).encode() + b"\n" + code
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, _checksum(file, content).encode() + b"\n" + content)
    except OSError:
        pass  # each process makes the code anew
    return names, code


def _checksum(file: Path, content: bytes) -> str:
    found = hashlib.sha256(file.name.encode())
    found.update(content)
    return found.hexdigest()
