package shop;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("the stock of the shop")
class StockTest {
    @Test
    @DisplayName("there are twelve mugs - größe XL")
    void mugs() {
        assertEquals(12, 0, "mugs");
    }

    @ParameterizedTest(name = "label {0}")
    @ValueSource(strings = {"two  blanks", "a::b", "x - y", "[1] of [2]", "größe XL", "日本語"})
    void label(String text) {
        assertFalse(text.contains(" - "));
    }

    @RepeatedTest(2)
    void again() {
    }

    @TestFactory
    Stream<DynamicTest> made() {
        return Stream.of("handle", "body").map(s -> DynamicTest.dynamicTest(s, () -> assertEquals("handle", s)));
    }

    @Test
    @Disabled("no printer: receipts - see SHOP-12")
    void receipt() {
    }

    @Test
    void assumes() {
        assumeTrue(false, "stage is not 'prod'");
    }

    @Test
    void all() {
        assertAll("parts", () -> assertEquals(1, 2), () -> assertEquals(3, 4));
    }

    @Nested
    @DisplayName("when it is empty")
    class Empty {
        @AfterEach
        void close() {
            throw new IllegalStateException("receipt printer is still busy");
        }

        @Test
        void closes() {
        }
    }
}
