"""The contestants of ``demos.race``, a file each, and how they are timed and told."""

from demos.racing.chart import chart
from demos.racing.contestants import CONTESTANTS
from demos.racing.goals import COMPILE_GOALS
from demos.racing.tables import of_compiling, of_goals, of_race
from demos.racing.timing import Race, Settings, race
from demos.racing.workloads import WORKLOADS, Workload, quick

__all__ = [
    "COMPILE_GOALS", "CONTESTANTS", "WORKLOADS", "Race", "Settings", "Workload", "chart",
    "of_compiling", "of_goals", "of_race", "quick", "race",
]  # fmt: skip
