"""What the parts of the native backend agree on: the shapes of kernels, and the fields of a run."""

WIDTH = 8  # lanes of a vector, on every processor, so that sums have the same order on each
CHUNK = 4096  # rows that are summed together, whatever number of threads there is
OUTER = [(4, 4), (8, 2), (8, 1), (8, 0)]  # the shapes of tiles; with 0, the sums of single slots
PAIRS = 8  # of a tile of independent products
DOTS = 4  # at once, of one list of operands with others
PANELS = (8, 4)  # how many results a product has in one pass over its operands
ENDS = ("relu", "gate")  # what a product may become before it is stored
FIELDS = [
    "code", "code_end",  # words of instructions: a kernel's number, how many follow, and these
    "size",  # lanes of a slot
    "buffer", "fixed", "weights",  # of a workspace
    "pack", "n_pack",  # weights[k] = fixed[pack[k]]
    "spread", "n_spread",  # pairs of a slot and what is fixed, which all its lanes hold
    "n_sums", "n_results",  # both in whole vectors
    "result_of", "n_result_of",  # pairs of a result and a sum
    "fixed_of", "n_fixed_of",  # pairs of a result and what is fixed, which is added to its mean
    "outside",  # set where an operation is undefined
    "columns", "stride",  # of the inputs: a column begins every so many numbers
    "sums", "means",  # a line for each chunk; and the results, which are made of them
    "outputs", "outputs_stride",
    "rows",  # all of them
    "start", "stop",  # those of this thread
]  # fmt: skip

# Of the C library: called lane by lane, and for memory, where LLVM takes a loop for them.
C_FUNCTIONS = ["sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "log", "pow"]
C_FUNCTIONS += ["memset", "memcpy", "memmove"]

N_CONSTANTS = {"normal_density": 1, "power_log": 1, "power_partial": 2}  # the last operands
SPECIAL_EXPONENTS = {"**": [-0.5], "power_derivative": [-0.5]}  # that have a kernel of their own


def kernel_name(kind: str, constants: tuple[float, ...] = ()) -> str:
    """Return the name of the kernel of an operation whose last operands are these numbers."""
    return ":".join([kind, *(f"{number:g}" for number in constants)])


def product_name(size: int, end: str) -> str:
    """Return the name of the kernel of products in panels of this size."""
    return f"product{size} {end}".strip()
