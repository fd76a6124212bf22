import unittest


class Parts(unittest.TestCase):
    """Subtests as unittest has them."""

    def test_sizes(self):
        for size in ("S", "M - medium", "L::large"):
            with self.subTest("size", size=size):
                self.assertNotEqual(size, "M - medium")

    @unittest.skip("colours come later")
    def test_colours(self):
        self.fail("not reached")

    @unittest.expectedFailure
    def test_weights(self):
        self.assertEqual(1, 2)


def test_parts(subtests):
    for part in ("handle", "body [main]", "lid"):
        with subtests.test(msg="part", part=part):
            assert part != "body [main]"
