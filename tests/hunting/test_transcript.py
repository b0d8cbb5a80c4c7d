"""The line of a hunt: what a teacher can verify in it."""

import re

import pytest

from autograd import hunt
from autograd.errors import HuntError
from autograd.hunting import verify
from autograd.hunting.transcript import points
from tests.hunting.hunters import false_number, smallest_graph, true_number


def line_of(level=19, seed="Ada Lovelace", wrong=1):
    hunted = hunt(level, seed=seed)
    hunted.hint()
    for _ in range(wrong):
        hunted.guess(false_number(hunted), "a; a=1")
    hunted.guess(true_number(hunted), smallest_graph(hunted))
    return hunted.line


def test_a_line_says_all_that_is_needed_to_play_it_again():
    hunted = hunt(19, seed="Ada Lovelace")
    number = true_number(hunted)
    assert re.fullmatch(
        rf"hunt \| level 19 \| seed ada lovelace \| bug {number} \| hints 1 \| wrong 1"
        r" \| graph [^|]+ \| score 60",
        line_of(),
    )


@pytest.mark.parametrize("seed", ["", "7", "Ada Lovelace", "Zoë", "李", "x" * 80, "'\"$&;"])
def test_a_line_of_every_seed_is_verified(seed):
    assert verify(line_of(seed=seed)).startswith("right: level 19, seed ")


def test_a_line_may_be_wrapped_by_a_mail():
    assert verify(line_of().replace(" | ", " |\r\n ")) == verify(line_of())


@pytest.mark.parametrize(
    ("part", "forged", "reason"),
    [
        (r"score \d+", "score 100", "the score 100 does not follow: it is 60"),
        (r"hints \d", "hints 0", "the score 60 does not follow: it is 80"),
        (r"hints \d", "hints 9", "hints 9: there are 3"),
        (r"wrong \d", "wrong 0", "the score 60 does not follow: it is 80"),
        (r"seed [^|]+ \|", "seed Eve |", "is not the one of level 19 and seed 'eve'"),
        (r"level \d+", "level 18", "is not the one of level 18"),
        (r"level \d+", "level 99", "99 is not a level"),
        (r"bug \d", "bug 0", "bug 0 is not the one"),
        (r"bug \d", "bug 9", "bug 9 is not the one"),
        (r"graph [^|]+ \|", "graph a; a=1 |", "the graph a; a=1 does not show the bug"),
        (r"graph [^|]+ \|", "graph a*; a=1 |", "the graph cannot be read"),
        (r"graph [^|]+ \|", "graph 1/a; a=0 |", "the graph cannot be read"),
        (r"^hunt", "hint", "is not the line of a hunt"),
    ],
)
def test_a_line_that_was_changed_is_refused(part, forged, reason):
    changed = re.sub(part, forged, line_of())
    if "eve" in reason:  # each number is right for one seed in six
        right_for_eve = true_number(hunt(19, seed="Eve"))
        changed = re.sub(r"bug \d", f"bug {right_for_eve % 6 + 1}", changed)
    with pytest.raises(HuntError) as refused:
        verify(changed)
    assert reason in str(refused.value)


@pytest.mark.parametrize(
    "line", ["", "hunt", "x" * 10_000, "\x1b[31m", "hunt | level 1 | score 100"]
)
def test_what_is_not_a_line_is_told_in_one(line):
    with pytest.raises(HuntError, match="is not the line of a hunt") as refused:
        verify(line)
    assert len(str(refused.value)) < 200


def test_points_are_never_negative():
    assert [points(0, 0, 0), points(1, 1, 1), points(3, 2, 0), points(3, 9, 9)] == [100, 50, 0, 0]
