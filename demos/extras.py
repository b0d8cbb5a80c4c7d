"""The packages that not every demo needs come in extras, and a demo without its own names it."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def imports_from(extra: str) -> Iterator[None]:
    """Import an extra's packages inside of this: where one is missing, the demo ends in one line.

    Raises SystemExit with the command that brings it.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise SystemExit(
            f'{error.name} is missing: python -m pip install -e ".[{extra}]"'
        ) from None
