"""A process in a group of its own, which ends as a whole."""

import os
import subprocess
import sys

import pytest

from autograd.system import end_group, start_group
from tests.processes import ends_soon, is_running

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such groups")
STARTS_ANOTHER = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
"""


def test_what_a_process_prints_is_text_in_utf_8():
    command = [sys.executable, "-X", "utf8", "-c", "print('Σ')"]
    process = start_group(command, stdout=subprocess.PIPE)
    told, _ = process.communicate()
    assert (told, process.returncode) == ("Σ\n", 0)


@POSIX_ONLY
def test_a_process_is_out_of_the_reach_of_ctrl_c_in_the_terminal():
    process = start_group([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        assert os.getpgid(process.pid) == process.pid != os.getpgid(0)
    finally:
        end_group(process)


@POSIX_ONLY
@pytest.mark.parametrize("last", ["time.sleep(60)", ""], ids=["running", "ended already"])
def test_a_group_ends_with_all_that_the_process_has_started(last):
    process = start_group([sys.executable, "-c", STARTS_ANOTHER + last], stdout=subprocess.PIPE)
    child = int(process.stdout.readline())
    if not last:
        process.wait()
    assert is_running(child)
    end_group(process)
    process.stdout.close()
    assert ends_soon(child)
    assert process.returncode is not None


def test_a_group_that_has_ended_can_be_ended_again():
    process = start_group([sys.executable, "-c", ""])
    process.wait()
    end_group(process)
    end_group(process)
    assert process.returncode == 0
