import logging
import time

log = logging.getLogger("shop.stock")


def test_live_log():
    log.info("asking stock.example.internal")
    time.sleep(0.01)
    log.warning("stock.example.internal answers slowly")


def test_live_log_fails():
    log.error("stock.example.internal: 503")
    assert 503 == 200
