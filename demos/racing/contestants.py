"""Who races: its name, the file that has its step, and what it needs."""

import shutil
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from sysconfig import get_path
from typing import NamedTuple

from demos.racing.step import Step
from demos.racing.workloads import Names, Network, Training, Workload

MOST_ROWS_OF_OBJECTS = 1000  # a graph of Python objects for each row: more is a matter of minutes
COMPILERS = {"C": ("cc", "gcc", "clang"), "C++": ("c++", "g++", "clang++")}
KINDS = {Network: "network", Names: "names", Training: "training"}


class Contestant(NamedTuple):
    """One of the race; ``how`` is handed to the function of its file for the kind of workload."""

    title: str
    file: str
    how: str | None = None
    kinds: tuple[str, ...] = ("network", "names")
    packages: tuple[str, ...] = ()
    program: str | None = None  # that it needs beside Python: C, C++ or node
    has_all_threads: bool = False
    makes_objects: bool = False

    def takes(self, workload: Workload) -> bool:
        """Return whether it has a step for this workload, and takes no minutes over it."""
        is_small = not self.makes_objects or workload.n <= MOST_ROWS_OF_OBJECTS
        return KINDS[type(workload)] in self.kinds and is_small

    def lacks(self) -> str | None:
        """Return what is not installed here that it needs, if anything."""
        for package in self.packages:
            if find_spec(package) is None:
                return f"{package} is not installed"
        if self.program in COMPILERS and not compiler(self.program):
            return f"there is no {self.program} compiler ({', '.join(COMPILERS[self.program])})"
        if self.program == "C++" and not (Path(get_path("include")) / "Python.h").exists():
            return "Python's headers are not installed"
        if self.program == "node" and not node():
            return "Node.js is not installed"
        return None

    def step(self, workload: Workload) -> Step:
        """Return its step, ready to run; it imports what it needs."""
        make = getattr(import_module(f"demos.racing.{self.file}"), KINDS[type(workload)])
        step: Step = make(workload) if self.how is None else make(workload, self.how)
        return step


def compiler(language: str) -> str | None:
    """Return the command of a compiler of this system, if there is one."""
    return next(filter(None, map(shutil.which, COMPILERS[language])), None)


def node() -> str | None:
    """Return the command of Node.js, if there is one."""
    return shutil.which("node") or shutil.which("nodejs")


ALL_KINDS = ("network", "names", "training")
NETWORK, TRAINING = ("network",), ("training",)
FAST, NUMPY, TORCH = ("llvmlite", "numpy"), ("numpy",), ("torch",)

CONTESTANTS = {
    "micrograd": Contestant(
        "micrograd 0.1.0", "with_micrograd", kinds=NETWORK, packages=("micrograd",),
        makes_objects=True,
    ),
    "microgpt": Contestant(
        "numeric local gradients, as in microgpt", "with_local_gradients",
        makes_objects=True,
    ),
    "elementary": Contestant(
        "graphs of Values, + and * only", "with_chalkgrad", "elementary", NETWORK,
        makes_objects=True,
    ),
    "fused": Contestant(
        "graphs of Values, a dot a neuron", "with_chalkgrad", "fused", makes_objects=True
    ),
    "python": Contestant("writer python", "with_chalkgrad", "python"),
    "javascript": Contestant("writer javascript, in Node.js", "with_node", program="node"),
    "numpy": Contestant("writer numpy", "with_chalkgrad", "numpy", packages=NUMPY),
    "native": Contestant("writer native", "with_chalkgrad", "native", packages=FAST),
    "native_threads": Contestant(
        "writer native, all threads", "with_chalkgrad", "native", packages=FAST,
        has_all_threads=True,
    ),
    "values": Contestant(
        "writer native, through the Values", "with_chalkgrad", "values", packages=FAST
    ),
    "loop": Contestant(
        "writer native, program.run and an optimizer", "with_chalkgrad", "loop", TRAINING, FAST
    ),
    "fit": Contestant(
        "nn.fit, backend native, compiling included", "with_chalkgrad", "fit", TRAINING, FAST
    ),
    "torch": Contestant("PyTorch", "with_torch", "eager", ALL_KINDS, TORCH),
    "torch_threads": Contestant(
        "PyTorch, all threads", "with_torch", "eager", ALL_KINDS, TORCH, has_all_threads=True
    ),
    "torch_compiled": Contestant(
        "PyTorch, torch.compile", "with_torch", "compiled", ALL_KINDS, TORCH, program="C++"
    ),
    "jax": Contestant("JAX, jit", "with_jax", None, ALL_KINDS, ("jax",)),
    "numpy_first": Contestant(
        "NumPy by hand, rows first", "with_numpy", "rows first", packages=NUMPY
    ),
    "numpy_last": Contestant("NumPy by hand, rows last", "with_numpy", "rows last", NETWORK, NUMPY),
    "c_rows": Contestant("C, row by row", "with_c", "rows", NETWORK, NUMPY, "C"),
    "c_lanes": Contestant(
        "C, rows in lanes of 256 bits", "with_c", "lanes 256", NETWORK, NUMPY, "C"
    ),
    "c_lanes512": Contestant(
        "C, rows in lanes of 512 bits", "with_c", "lanes 512", NETWORK, NUMPY, "C"
    ),
}  # fmt: skip
