import warnings

import pytest

from shop import payment


class TestOrder:
    def test_number(self):
        assert int("0042") == 42

    def test_needs_ledger(self, ledger):
        raise AssertionError("not reached")

    def test_receipt(self, receipt):
        assert receipt.endswith("7")

    def test_receipt_and_more(self, receipt):
        assert receipt == "receipt-0008"

    class TestRefund:
        def test_nothing(self):
            assert payment is not None

        @pytest.mark.parametrize("cents", [1, -1], ids=["one cent", "minus (one)"])
        def test_refund(self, cents):
            assert payment.refund(cents) == cents


def test_charge():
    payment.charge(1299)


def test_message_of_lines():
    raise ValueError("first line of three\n  second: größe\nassert third")


def test_error_without_message():
    raise RuntimeError


def test_fails_plainly():
    pytest.fail("order 0042 is late", pytrace=False)


def test_warns():
    warnings.warn("shop.payment is deprecated", DeprecationWarning)


def test_no_fixture(warehouse):
    pass
