"""What the tests of this room share."""

import pytest

from tests.conformance.checked import ENGINE


@pytest.fixture(autouse=True)
def engines_that_recurse_for_ever_do_so_alone(no_callbacks_of_the_collector):
    """Nothing of the tests' own runs at the end of their stack."""


@pytest.fixture
def file(tmp_path):
    """Write the right engine and more lines after it; return the path."""

    def write(more: str = "", text: str = ENGINE) -> str:
        (tmp_path / "repository").mkdir(exist_ok=True)
        path = tmp_path / "repository" / "my_engine.py"
        path.write_text(f"{text}\n{more}\n", encoding="utf-8")
        return str(path)

    return write
