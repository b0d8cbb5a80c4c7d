"""A cluster on this machine, which is quiet and leaves Ctrl-C to the process that started it."""

import logging
import signal
from multiprocessing import resource_tracker

from demos.extras import imports_from

with imports_from("distributed"):
    import dask
    from distributed import LocalCluster

dask.config.set({"distributed.scheduler.no-workers-timeout": "20 s"})  # else it waits for ever
logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # what Ctrl-C interrupts says so at length
HOLDS_SIGNALS = hasattr(signal, "pthread_sigmask")  # not on Windows


def local_cluster(n_workers: int) -> LocalCluster:
    """Return a cluster of processes of one thread each.

    While it starts, Ctrl-C is held back, and the threads and processes that it starts keep it so.
    """
    resource_tracker.ensure_running()  # whose start would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if HOLDS_SIGNALS else ()
    try:
        return LocalCluster(
            n_workers=n_workers,
            threads_per_worker=1,
            dashboard_address=":0",  # any free port
            silence_logs=logging.CRITICAL,
        )
    finally:
        if HOLDS_SIGNALS:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
