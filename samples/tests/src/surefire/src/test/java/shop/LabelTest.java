package shop;

import static org.junit.Assert.assertFalse;

import org.junit.Test;
import org.junit.runner.RunWith;
import org.junit.runners.Parameterized;
import org.junit.runners.Parameterized.Parameter;
import org.junit.runners.Parameterized.Parameters;

@RunWith(Parameterized.class)
public class LabelTest {
    @Parameters(name = "{0}")
    public static Object[] texts() {
        return new Object[] {"two  blanks", "a::b", "x - y", "[1] of [2]", "größe XL", "日本語", "a(b)"};
    }

    @Parameter
    public String text;

    @Test
    public void label() {
        assertFalse(text.contains(" - "));
    }
}
