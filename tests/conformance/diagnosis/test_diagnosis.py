"""The most likely mistake: named first for every mutant, in every style, and never without one."""

import copy
import inspect

import pytest

import autograd
from autograd.__main__ import main
from autograd.conformance import (
    MANNERS,
    MUTANTS,
    build_engine,
    check_engine,
    check_file,
    engine_text,
)
from autograd.conformance.diagnosis.diagnosis import PATTERNS, _stored
from autograd.conformance.store_patterns import computed_patterns, fingerprint
from tests.conformance.checked import ENGINE, OnlyAdds
from tests.conformance.one_error import UNKNOWN, engine_of
from tests.conformance.other_engines import DATACLASS, OTHERS, Pairs
from tests.conformance.styles import STYLES, in_style
from tests.engines import VARIANTS, AssignsInsteadOfAdding, Right

SECONDS = 0.5
NAMES = [mutant.name for mutant in MUTANTS]


COMPARES = "    def __eq__(self, other):\n        return self.data == other.data\n\n"
MISTAKES_OF_ONE_EFFECT = {
    ("v._backward()", "v._backward"): "named and not called",
    ("v._backward()", "v._backward()\n            v.grad = 0.0"): "sets each back to 0",
}


def diagnosis_of(engine):
    return check_engine(engine, seconds=SECONDS).diagnosis


def likely(engine):
    diagnosis = diagnosis_of(engine)
    return diagnosis.likely.name if diagnosis else None


# -- the table ---------------------------------------------------------------------------------


def test_there_are_many_mutants_with_names_and_words_of_their_own():
    assert len(set(NAMES)) == len(NAMES) >= 40
    assert len({mutant.says for mutant in MUTANTS}) == len(MUTANTS)
    for mutant in MUTANTS:
        assert mutant.says.isascii()
        assert not mutant.says.endswith(".")
        assert len(mutant.says) < 200


def test_the_stored_patterns_are_those_of_the_table():
    told = "run python -m autograd.conformance.store_patterns"
    assert _stored()["made from"] == fingerprint(), told


@pytest.mark.slow
def test_the_stored_patterns_can_be_computed_again():
    computed, stored = computed_patterns(), copy.deepcopy(_stored())
    # What takes too long on a busy machine is no mistake of an engine.
    for patterns in (computed, stored):
        for of_mutant in patterns["mutants"].values():
            for pattern in of_mutant:
                for name in [name for name, how in pattern.items() if how == "timed out"]:
                    del pattern[name]
    assert computed == stored, PATTERNS


def test_no_two_mutants_fail_alike():
    of_pattern = {}
    for name, patterns in _stored()["mutants"].items():
        assert patterns, f"no case catches {name}"
        for pattern in patterns:
            assert of_pattern.setdefault(tuple(sorted(pattern.items())), name) == name


# -- named first -------------------------------------------------------------------------------


@pytest.mark.parametrize("mutant", MUTANTS, ids=NAMES)
def test_a_mutant_is_named_on_its_own_engine(mutant):
    assert likely(build_engine(engine_text(mutant))) == mutant.name


@pytest.mark.parametrize("style", STYLES)
def test_what_a_style_cannot_make_is_in_a_list(style):
    _, edits, not_there = STYLES[style]
    assert sorted([*edits, *not_there]) == sorted(NAMES)
    assert all(not_there.values())


@pytest.mark.parametrize(
    ("style", "name"), [(style, name) for style, (_, edits, _) in STYLES.items() for name in edits]
)
def test_a_mutant_is_named_in_other_styles(style, name):
    assert likely(in_style(style, name)) == name


# Pairs of mistakes that can be made together: drawn once, by a seed, from 86 mutants.
FORTY_PAIRS = [
    ("class_repository", "-= for +=", "__rtruediv__ reversed"),
    ("micrograd", "= for += in +", "no upstream in **"),
    ("class_repository", "intermediate grads emptied", "no return in negate"),
    ("micrograd", "no return in **", "zero taken for nothing"),
    ("class_repository", "no __rmul__", "+= in place"),
    ("micrograd", "tanh of the input", "grad starts from 1"),
    ("class_repository", "power by division", "order not reversed"),
    ("micrograd", "product by division", "no upstream in +"),
    ("class_repository", "square in /", "power by logarithms"),
    ("micrograd", "power without its factor", "no return in -"),
    ("class_repository", "+= in place", "+ hands nothing on"),
    ("micrograd", "no upstream in **", "order on the way down"),
    ("class_repository", "no return in relu", "numbers not lifted in +"),
    ("micrograd", "numbers not lifted", "relu at its kink"),
    ("class_repository", "intermediate grads emptied", "tanh of the input"),
    ("micrograd", "intermediate grads emptied", "no __rtruediv__"),
    ("class_repository", "no __rtruediv__", "+ hands nothing on"),
    ("micrograd", "intermediate grads emptied", "no return in relu"),
    ("class_repository", "last node made", "factors swapped"),
    ("micrograd", "product by division", "no upstream in **"),
    ("class_repository", "seed is data", "tanh of the input"),
    ("micrograd", "last node made", "order in a queue"),
    ("class_repository", "parents in a set", "sign in /"),
    ("micrograd", "no upstream in **", "tanh without a square"),
    ("class_repository", "not hashable", "numbers not lifted"),
    ("micrograd", "order in a queue", "grad starts from 1"),
    ("class_repository", "order on the way down", "product by division"),
    ("micrograd", "relu at its kink", "no return in *"),
    ("class_repository", "relu in place", "no return in __radd__"),
    ("micrograd", "no upstream", "sign in negate"),
    ("class_repository", "tanh of the input", "power without its factor"),
    ("micrograd", "power by logarithms", "no __rmul__"),
    ("class_repository", "no return in tanh", "intermediate grads emptied"),
    ("micrograd", "no return in -", "power by division"),
    ("class_repository", "no return in negate", "no return in log"),
    ("micrograd", "power without its factor", "seed is data"),
    ("class_repository", "sign in -", "seed for parents only"),
    ("micrograd", "tanh without a square", "nodes equal by number"),
    ("class_repository", "no return in negate", "no __radd__"),
    ("micrograd", "power by logarithms", "product by division"),
]  # fmt: skip


@pytest.mark.parametrize(("style", "first", "second"), FORTY_PAIRS)
def test_of_two_mistakes_one_is_named(style, first, second):
    assert likely(in_style(style, first, second)) in (first, second)


def test_engines_written_in_other_ways_are_named_right():
    named = {engine.__name__: likely(engine) for engine in OTHERS}
    assert len(named) == 10
    assert named == {engine.__name__: mistake for engine, mistake in OTHERS.items()}


# -- never without a mistake ---------------------------------------------------------------------

RIGHT = {
    "ours": autograd.Value, "class_repository": Right, "pairs": Pairs,
    "micrograd": build_engine(STYLES["micrograd"][0]),
    **{engine.__name__: engine for engine in VARIANTS},
    **{manner: build_engine(engine_text(None, manner)) for manner in MANNERS},
}  # fmt: skip


@pytest.mark.parametrize("engine", RIGHT.values(), ids=RIGHT)
def test_a_right_engine_has_no_diagnosis(engine):
    report = check_engine(engine)
    assert report.diagnosis is None
    assert "core: all pass" in str(report)
    assert "ost likely" not in str(report)


def test_a_lecture_s_engine_reads_as_right_with_things_to_know():
    without_exp = STYLES["micrograd"][0].replace("def tanh", "def my_tanh")
    report = check_engine(build_engine(without_exp))
    assert "core: all pass; robustness: 6 to know about" in str(report).splitlines()


def test_what_no_known_mistake_explains_has_no_diagnosis():
    class Strange(Right):
        def receive(self, contribution):
            self.grad += 7 * contribution + 0.1

    assert not check_engine(Strange).ok
    assert diagnosis_of(Strange) is None


@pytest.mark.parametrize("name", UNKNOWN)
def test_one_error_everywhere_is_not_a_known_mistake_if_only_its_type_is_the_same(name):
    report = check_engine(engine_of(name), seconds=SECONDS)
    said, _ = UNKNOWN[name]
    errors = [str(r.received) for r in report.failures if r.verdict == "raised"]
    alike = [error for error in errors if error.startswith("TypeError: ") and said in error]
    assert len(alike) > 0.8 * len(report.failures) > 30
    assert report.diagnosis is None


def test_what_is_not_written_yet_is_not_called_a_mistake():
    diagnosis = diagnosis_of(OnlyAdds)
    assert diagnosis.likely.name == "numbers not lifted"
    assert diagnosis.next.name == "numbers not lifted in +"


# -- the line ----------------------------------------------------------------------------------


def line_of(method):
    return inspect.getsourcelines(method)[1]


def test_the_line_is_where_the_faulty_method_begins():
    guess = diagnosis_of(AssignsInsteadOfAdding).likely
    line = line_of(AssignsInsteadOfAdding.receive)
    assert (guess.method, guess.line) == ("receive", line)
    assert f"(receive at line {line})" in str(check_engine(AssignsInsteadOfAdding)).splitlines()[0]


def test_numbers_that_are_not_lifted_are_looked_for_in_the_first_operator():
    guess = diagnosis_of(OnlyAdds).likely
    assert (guess.method, guess.line) == ("__add__", line_of(OnlyAdds.__add__))


def test_without_source_no_line_is_told():
    guess = diagnosis_of(in_style("micrograd", "no seed")).likely
    assert (guess.method, guess.line) == ("backward", 0)
    assert "line" not in str(guess)


def test_a_method_that_is_missing_has_no_line(tmp_path):
    text = ENGINE.replace("def __rsub__", "def rsub")
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    guess = check_file(str(tmp_path / "mine.py")).diagnosis.likely
    assert (guess.name, guess.line) == ("no __rsub__", 0)


def test_a_dataclass_has_no_hash_and_its_eq_has_no_line(tmp_path):
    (tmp_path / "mine.py").write_text(DATACLASS, encoding="utf-8")
    guess = check_file(str(tmp_path / "mine.py"), seconds=SECONDS).diagnosis.likely
    assert (guess.name, guess.method, guess.line) == ("not hashable", "__eq__", 0)
    assert "@dataclass(eq=False)" in str(guess)


def test_an_eq_that_takes_the_hash_away_has_its_line(tmp_path):
    text = ENGINE.replace("    def order(self)", f"{COMPARES}    def order(self)")
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    guess = check_file(str(tmp_path / "mine.py"), seconds=SECONDS).diagnosis.likely
    line = 1 + next(k for k, line in enumerate(text.splitlines()) if "def __eq__" in line)
    assert (guess.name, guess.method, guess.line) == ("not hashable", "__eq__", line)


@pytest.mark.parametrize(("old", "new"), MISTAKES_OF_ONE_EFFECT)
def test_mistakes_of_one_effect_are_named_in_one_sentence(old, new):
    """No case can tell them apart, so the sentence has both."""
    text = STYLES["micrograd"][0]
    assert old in text
    diagnosis = diagnosis_of(build_engine(text.replace(old, new)))
    assert MISTAKES_OF_ONE_EFFECT[old, new] in str(diagnosis.likely)


def test_another_guess_is_told_if_it_is_close():
    told = str(diagnosis_of(next(e for e, name in OTHERS.items() if name == "no seed")))
    assert told.startswith("Most likely: ")
    assert ". If not: " in told


def test_the_command_tells_the_line_of_the_file_first_and_last(tmp_path, capsys):
    text = ENGINE.replace("self.lift(other) - self", "self - other")
    (tmp_path / "mine.py").write_text(text, encoding="utf-8")
    assert main(["check", str(tmp_path / "mine.py")]) == 1
    lines = capsys.readouterr().out.splitlines()
    number = 1 + next(k for k, line in enumerate(text.splitlines()) if "def __rsub__" in line)
    assert lines[0] == lines[-1]
    assert lines[0].startswith("Most likely: __rsub__ has its operands the wrong way round")
    assert lines[0].endswith(f"(__rsub__ at line {number})")
    assert "\x1b" not in lines[0]


def test_a_class_that_raises_when_it_is_asked_for_a_method_is_checked_all_the_same():
    class Angry:
        def __get__(self, node, kind):
            raise ZeroDivisionError

    assert diagnosis_of(type("Odd", (AssignsInsteadOfAdding,), {"odd": Angry()})) is not None
