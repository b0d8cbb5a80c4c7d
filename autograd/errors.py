"""The exceptions of the engine. Each derives from the builtin that a caller would expect.

ValueError
 ├─ DomainError                an operation outside its domain: log(-1)
 │   └─ DivisionByZeroError    1/0 and 0**-1; also a ZeroDivisionError
 ├─ PictureError               a picture that cannot be drawn or saved as asked
 ├─ ExpressionError            a typed expression that is not plain arithmetic
 ├─ HuntError                  a level, a guess or a line that the bug hunt does not take
 ├─ EngineFileError            somebody's own engine that cannot be loaded to be checked
 ├─ PointsFileError            a file of points that the check cannot use
 └─ FrozenBranchError          a program is not the graph that these numbers make
TypeError
 └─ NotAGraphError             a view was given something without data and parents
RuntimeError
 ├─ StaleGraphError            data was edited since the forward pass
 ├─ NoForwardRuleError         a one-off node was asked to compute itself again
 └─ LayoutError                no Graphviz engine could lay the graph out
"""


class DomainError(ValueError):
    """An operation was given operands for which it is undefined."""


class DivisionByZeroError(DomainError, ZeroDivisionError):
    """A division by zero, or zero to a negative power."""


class PictureError(ValueError):
    """A picture cannot be drawn or saved as asked."""


class ExpressionError(ValueError):
    """A typed expression is not plain arithmetic on the given names."""


class HuntError(ValueError):
    """A level, a seed, a guess or a line to verify is not one that the bug hunt takes."""


class EngineFileError(ValueError):
    """A file, or a module, has no engine that could be checked."""


class PointsFileError(ValueError):
    """A file of points names what there is not, or gives points that are none."""


class FrozenBranchError(ValueError):
    """A compiled program differs from the graph that is built for the same numbers."""


class NotAGraphError(TypeError):
    """A view needs nodes with ``data`` and ``parents`` (or micrograd's ``_prev``)."""


class StaleGraphError(RuntimeError):
    """Data was edited since the forward pass, so the recorded graph no longer describes it."""


class NoForwardRuleError(RuntimeError):
    """A one-off node knows its local derivatives but not how to compute itself again."""


class LayoutError(RuntimeError):
    """No Graphviz engine could lay the graph out."""
