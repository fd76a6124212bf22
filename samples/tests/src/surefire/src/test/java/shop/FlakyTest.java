package shop;

import static org.junit.Assert.assertTrue;

import org.junit.Test;

public class FlakyTest {
    private static int failures;
    private static int errors;

    @Test
    public void steady() {
    }

    @Test
    public void thirdTimeLucky() {
        System.out.println("try " + failures);
        assertTrue("cold at try " + failures, failures++ >= 2);
    }

    @Test
    public void secondTimeLucky() {
        if (errors++ < 1) {
            throw new IllegalStateException("connection reset by stock.example.internal");
        }
    }

    @Test
    public void neverLucky() {
        throw new AssertionError("order 0042 is late");
    }

    @Test
    public void neverReached() throws Exception {
        throw new java.io.IOException("connection reset by stock.example.internal");
    }
}
