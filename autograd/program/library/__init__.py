"""The library: the functions that a program calls, as text that stands in it."""

from autograd.program.library.texts import alias, formulas_of_numpy, functions_of, library, script

__all__ = ["alias", "formulas_of_numpy", "functions_of", "library", "script"]
