"""check_engine: does somebody's own engine get the hard cases right?"""

from autograd.conformance.process import check_file
from autograd.conformance.running import SECONDS, Result, check_engine

__all__ = ["SECONDS", "Result", "check_engine", "check_file"]
