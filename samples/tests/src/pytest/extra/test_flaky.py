import pathlib

import pytest

COUNT = pathlib.Path("/tmp/shop-flaky-count")


@pytest.fixture
def warm():
    n = int(COUNT.read_text()) if COUNT.exists() else 0
    COUNT.write_text(str(n + 1))
    return n


def test_steady():
    assert True


@pytest.mark.flaky(reruns=3)
def test_third_time_lucky(warm):
    print("try", warm)
    assert warm >= 2, f"cold at try {warm}"


@pytest.mark.flaky(reruns=2)
def test_never_lucky():
    raise ConnectionResetError("connection reset by stock.example.internal")
