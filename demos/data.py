"""Data for the demos, made on the spot or shipped with a package."""

import math
import random
from typing import NamedTuple

from demos.extras import imports_from

Point = tuple[float, float]


def make_moons(n: int = 100, noise: float = 0.1, seed: int = 1) -> tuple[list[Point], list[int]]:
    """Return ``n`` points on two interleaved half circles, and their classes -1 and 1."""
    rng = random.Random(seed)
    points: list[Point] = []
    classes = []
    for k in range(n):
        angle = math.pi * rng.random()
        upper = k % 2 == 0
        x, y = math.cos(angle), math.sin(angle)
        if not upper:
            x, y = 1 - x, 0.5 - y
        points.append((x + rng.gauss(0, noise), y + rng.gauss(0, noise)))
        classes.append(1 if upper else -1)
    return points, classes


class Digits(NamedTuple):
    """Handwritten digits: 64 pixels each, row by row, from 0 to 1; and which digit each one is."""

    images: list[list[float]]
    classes: list[int]


def split_digits(held_out: int = 360, seed: int = 1) -> tuple[Digits, Digits]:
    """Return scikit-learn's 1,797 digits (13 writers, 8 × 8 pixels): those to train on, and others.

    Each digit has the same share in both (Alpaydin and Kaynak, 1998, UCI).
    """
    with imports_from("digits"):  # a second to import: not for the moons
        from sklearn.datasets import load_digits
        from sklearn.model_selection import train_test_split

    digits = load_digits()
    known, unseen, known_classes, unseen_classes = train_test_split(
        digits.data / 16, digits.target,
        test_size=held_out, stratify=digits.target, random_state=seed,
    )  # fmt: skip
    return (
        Digits(known.tolist(), known_classes.tolist()),
        Digits(unseen.tolist(), unseen_classes.tolist()),
    )
