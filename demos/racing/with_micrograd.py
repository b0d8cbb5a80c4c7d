"""micrograd 0.1.0 (Karpathy, 2020): the network as its readers write it."""

from demos.extras import imports_from
from demos.racing.elementary import network_of
from demos.racing.step import Step
from demos.racing.workloads import Network

with imports_from("race"):
    from micrograd.engine import Value


def network(workload: Network) -> Step:
    return network_of(Value, workload)
