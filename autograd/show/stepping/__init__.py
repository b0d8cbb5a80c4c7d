"""Stepper: both passes of a live graph, one step at a time."""

from autograd.show.stepping.frames import WidestLabels
from autograd.show.stepping.prediction import VERDICTS
from autograd.show.stepping.stepper import Stepper

__all__ = ["VERDICTS", "Stepper", "WidestLabels"]
