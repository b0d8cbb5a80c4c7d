"""The matrices that are found in a scalar graph."""

import pytest

from tests.program.graphs import NETWORKS, compiled


@pytest.mark.parametrize("name", NETWORKS)
def test_networks_are_written_as_matrices_without_tables_of_indices(name: str) -> None:
    text = compiled(NETWORKS[name](), "numpy").source
    assert "def program(" in text
    assert "np.array([[" not in text


def test_a_network_is_at_most_twenty_lines() -> None:
    text = compiled(NETWORKS["moons"](), "numpy").source
    program = text[text.index("def program") : text.index("def run")].strip()
    assert len(program.splitlines()) <= 20
