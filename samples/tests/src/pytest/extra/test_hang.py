import time

import pytest


def test_before():
    assert True


@pytest.mark.timeout(0.5)
def test_waits_for_stock():
    print("waiting for stock.example.internal")
    time.sleep(30)


def test_after():
    assert True
