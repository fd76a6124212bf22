import pytest


def test_before():
    assert True


def test_gives_up():
    pytest.exit("stock.example.internal is gone", returncode=7)


def test_after():
    assert True
