"""Data for the demos, made on the spot."""

import math
import random

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
