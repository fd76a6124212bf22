package shop;

import org.junit.BeforeClass;
import org.junit.Test;

public class OrderTest {
    @BeforeClass
    public static void open() {
        throw new IllegalStateException("database shop_test is not there");
    }

    @Test
    public void first() {
    }

    @Test
    public void second() {
    }
}
