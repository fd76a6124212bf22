import os
import signal
import time

import pytest


@pytest.mark.parametrize("n", range(4))
def test_before(n):
    assert n != 2, f"number {n}"


def test_is_killed():
    time.sleep(0.1)
    os.kill(os.getpid(), signal.SIGKILL)


def test_after():
    assert True
