"""The library: every operation is written in every language."""

from autograd.operation import OPERATIONS
from autograd.program.library.texts import functions_of


def test_every_operation_is_written_in_every_language():
    for name, row in OPERATIONS.items():
        is_ours = name in ("total", "mean", "dot")  # what tracing takes apart
        for language in ("python", "numpy", "javascript"):
            formula = getattr(row.notation, language)
            is_function = name in functions_of(language) or name == "abs"
            assert is_ours or formula or row.notation.sign or is_function, (name, language)
