"""Worked derivations and evaluation traces, to hand out."""

from autograd.show.handout.evaluation_trace import EvaluationTrace, TraceRow, trace
from autograd.show.handout.handout import derivation

__all__ = ["EvaluationTrace", "TraceRow", "derivation", "trace"]
