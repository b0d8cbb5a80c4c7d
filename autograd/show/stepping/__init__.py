"""Stepper: both passes of a live graph, one step at a time."""

from autograd.show.stepping.frames import WidestLabels
from autograd.show.stepping.stepper import Stepper

__all__ = ["Stepper", "WidestLabels"]
