package shop;

import static org.junit.Assert.assertEquals;
import static org.junit.Assert.assertTrue;
import static org.junit.Assume.assumeTrue;

import org.junit.Ignore;
import org.junit.Test;

public class CartTest {
    @Test
    public void emptyCartIsFree() {
        assertEquals(0, 0);
    }

    @Test
    public void totalOfTwo() {
        assertEquals("two mugs were ordered", 2598, 1299 + 499);
    }

    @Test
    public void plainAssertion() {
        assertTrue(1 > 2);
    }

    @Test
    public void charge() {
        try {
            try {
                throw new java.net.ConnectException("Connection refused: ledger.example.internal:5432");
            } catch (java.io.IOException e) {
                throw new IllegalStateException("ledger is not reachable", e);
            }
        } catch (IllegalStateException e) {
            throw new RuntimeException("cannot charge 1299 cents: <größe> & \"more\"", e);
        }
    }

    @Test
    public void isSlow() throws Exception {
        Thread.sleep(60);
    }

    @Test
    @Ignore("no printer: receipts - see SHOP-12")
    public void receipt() {
        throw new AssertionError("not reached");
    }

    @Test
    public void assumes() {
        assumeTrue("stage is not 'prod'", false);
    }

    @Test
    public void prints() {
        System.out.println("Infrastructure Status: UNAVAILABLE");
        System.out.println("Tests run: 9, Failures: 0, Errors: 0, Skipped: 0 ]]> <b>");
        System.err.println("warning: größe of the mug is unknown");
    }

    @Test(timeout = 80)
    public void neverAnswers() throws Exception {
        Thread.sleep(5000);
    }

    @Test(expected = IllegalStateException.class)
    public void expectsAnException() {
    }
}
