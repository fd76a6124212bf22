from shop.pricing import price


def test_price():
    assert price("mug") == 1299
