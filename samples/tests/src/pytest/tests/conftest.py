import pytest

from shop.payment import open_ledger


def pytest_report_header(config):
    return ["base url: https://checkout-api.staging.example.internal", "environment: staging"]


@pytest.fixture
def ledger():
    open_ledger("ledger.example.internal")


@pytest.fixture
def receipt():
    yield "receipt-0007"
    raise RuntimeError("receipt printer is still busy")
