"""Payments, which fail in three layers."""


class PaymentError(RuntimeError):
    pass


def connect(host):
    raise ConnectionRefusedError(111, f"Connection refused: {host}:5432")


def open_ledger(host):
    try:
        connect(host)
    except OSError as error:
        raise LookupError("ledger is not reachable") from error


def charge(cents, host="ledger.example.internal"):
    try:
        open_ledger(host)
    except LookupError as error:
        raise PaymentError(f"cannot charge {cents} cents") from error


def refund(cents):
    try:
        return {}["refund"]
    except KeyError:
        return cents / 0
