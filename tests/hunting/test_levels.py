"""Which bug a hunt has, from easy to hard, the same on every machine."""

import hashlib
import os
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest

from autograd.conformance import MUTANTS
from autograd.errors import HuntError
from autograd.hunting.engines import numbers_of, shows_bug
from autograd.hunting.language import read_graph, size
from autograd.hunting.levels import (
    CHOICES,
    LEVELS,
    bugs_of,
    choices_for,
    chosen_bug,
    chosen_level,
    normal_seed,
    stored,
)
from autograd.hunting.search import graphs_of
from autograd.hunting.store_levels import computed_levels, fingerprint

PROJECT = Path(__file__).parents[2]
ALL = [bug for level in range(1, LEVELS + 1) for bug in bugs_of(level)]
every_bug = pytest.mark.parametrize("bug", ALL, ids=[bug.mutant.name for bug in ALL])


def test_the_stored_levels_are_those_of_the_mutants():
    told = "run python -m autograd.hunting.store_levels"
    assert stored()["made from"] == fingerprint(), told


@pytest.mark.slow
def test_the_stored_levels_can_be_computed_again():
    assert computed_levels() == stored()


def test_every_bug_that_numbers_show_has_a_level():
    hidden = {mutant.name for mutant in MUTANTS} - {bug.mutant.name for bug in ALL}
    assert hidden == {
        "path by path",  # is only slow
        "list of all nodes",  # frees nothing
        "grads not cleared",  # a second pass shows it
        "last node made",  # a node that is made later
        "data read late",  # an edit
        "+= in place",
    }


@pytest.mark.parametrize("level", range(1, LEVELS + 1))
def test_every_level_has_bugs_to_choose_from(level):
    assert len(bugs_of(level)) >= 3


@every_bug
def test_the_stored_graph_shows_the_bug(bug):
    graph = read_graph(bug.graph)
    assert size(graph) == bug.nodes
    assert shows_bug(bug.mutant.name, graph)


@pytest.mark.parametrize("nodes", [1, 2, 3])
def test_no_smaller_graph_shows_it(nodes):
    for graph in graphs_of(nodes):
        right = numbers_of("", graph)
        for bug in ALL:
            if bug.nodes > nodes:
                assert not numbers_of(bug.mutant.name, graph).differ_from(right), bug.graph


def test_bugs_that_larger_and_fewer_graphs_show_come_later():
    difficulties = [(row["nodes"], -row["share"]) for row in stored()["bugs"]]
    assert difficulties == sorted(difficulties)
    assert [row["bug"] for row in stored()["bugs"]] == [bug.mutant.name for bug in ALL]


def test_any_two_bugs_have_other_numbers_on_some_graph():
    graphs = [*graphs_of(1), *graphs_of(2), *islice(graphs_of(3), 0, None, 20)]
    graphs.append(read_graph("b*c; a=2; b=-a; c=-b"))
    seen = {}
    for bug in ALL:
        numbers = [numbers_of(bug.mutant.name, graph) for graph in graphs]
        told = str([(found.rows, found.failure) for found in numbers])
        assert told not in seen, f"{bug.mutant.name} and {seen.get(told)}"
        seen[told] = bug.mutant.name


# -- seeds -------------------------------------------------------------------------------------


def test_a_seed_chooses_the_same_on_every_machine():
    assert [chosen_level(None, seed) for seed in ("ada", "7")] == [13, 3]
    digest = hashlib.sha256(b"bug|5|ada").digest()
    bugs = bugs_of(5)
    assert chosen_bug(5, "ada") == bugs[int.from_bytes(digest[:8], "big") % len(bugs)]


def test_a_seed_chooses_the_same_in_every_process():
    program = (
        "from autograd.hunting import *; from autograd.hunting.levels import *;"
        "b = chosen_bug(5, 'ada'); print(b.mutant.name, [m.name for m in choices_for(b, 5, 'ada')])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program], cwd=PROJECT, check=True, capture_output=True,
            text=True, env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("0", "1")
    }  # fmt: skip
    bug = chosen_bug(5, "ada")
    names = [mutant.name for mutant in choices_for(bug, 5, "ada")]
    assert told == {f"{bug.mutant.name} {names}\n"}


def test_a_class_gets_all_bugs_of_a_level():
    names = {chosen_bug(7, f"student {k}").mutant.name for k in range(60)}
    assert names == {bug.mutant.name for bug in bugs_of(7)}


def test_without_a_level_a_seed_chooses_among_all():
    assert {chosen_level(None, f"student {k}") for k in range(400)} == {*range(1, LEVELS + 1)}
    assert chosen_level(None, "") == 1


@pytest.mark.parametrize("seed", ["Ada", " ada ", "ADA"])
def test_a_name_is_one_seed_however_it_is_written(seed):
    assert normal_seed(seed) == "ada"


def test_a_composed_letter_is_the_same_seed():
    assert normal_seed("Zoe\u0308  Kay") == normal_seed("Zo\u00eb Kay")


@pytest.mark.parametrize("seed", [None, 1.5, True, "a|b", "a\x1bb", "x" * 81, "\udc80", b"ada"])
def test_what_is_not_a_seed_is_told(seed):
    with pytest.raises(HuntError, match="is not a seed"):
        normal_seed(seed)


@pytest.mark.parametrize("level", [0, 21, -1, 10**30, 1.0, True, "3"])
def test_what_is_not_a_level_is_told(level):
    with pytest.raises(HuntError, match="there are the levels 1 to 20"):
        chosen_level(level, "")


# -- choices -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", ["", "ada", "7"])
@pytest.mark.parametrize("level", range(1, LEVELS + 1))
def test_six_descriptions_are_offered_and_one_is_true(level, seed):
    bug = chosen_bug(level, seed)
    choices = choices_for(bug, level, seed)
    assert len({mutant.says for mutant in choices}) == len(choices) == CHOICES
    assert choices.count(bug.mutant) == 1


def test_the_true_one_stands_anywhere():
    bug = bugs_of(7)[0]
    places = {choices_for(bug, 7, f"{k}").index(bug.mutant) for k in range(80)}
    assert places == {*range(CHOICES)}


@pytest.mark.parametrize("seed", ["ada", "7"])
def test_the_place_of_the_bug_is_not_given_away_by_the_other_descriptions(seed):
    for level in range(1, LEVELS + 1):
        bug = chosen_bug(level, seed)
        methods = [mutant.method for mutant in choices_for(bug, level, seed)]
        assert methods.count(bug.mutant.method) <= 2
        assert len(set(methods)) >= 3
