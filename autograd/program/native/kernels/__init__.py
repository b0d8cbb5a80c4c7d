"""The kernels: machine code for vectors of eight rows, made once a machine."""

from autograd.program.native.kernels.code import (
    CHUNK,
    DOTS,
    ENDS,
    FIELDS,
    N_CONSTANTS,
    PAIRS,
    SPECIAL_EXPONENTS,
    WIDTH,
    kernel_name,
    product_name,
)
from autograd.program.native.kernels.machine_code import machine

__all__ = [
    "CHUNK",
    "DOTS",
    "ENDS",
    "FIELDS",
    "N_CONSTANTS",
    "PAIRS",
    "SPECIAL_EXPONENTS",
    "WIDTH",
    "kernel_name",
    "machine",
    "product_name",
]
