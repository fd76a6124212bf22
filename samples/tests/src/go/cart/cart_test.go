package cart

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

func TestEmpty(t *testing.T) {
	if Total() != 0 {
		t.Fatal("not free")
	}
}

func TestTotalOfTwo(t *testing.T) {
	got := Total(Line{"mug", 1299, 1}, Line{"postage", 499, 1})
	if got != 2598 {
		t.Errorf("Total() = %d, want %d", got, 2598)
	}
	t.Logf("checked:\n  %q", "größe")
}

func TestNames(t *testing.T) {
	for _, name := range []string{"two  blanks", "a::b", "x - y", "[1] of [2]", "größe XL", "a/b", "日本語", ""} {
		t.Run(name, func(t *testing.T) {
			if strings.Contains(name, " - ") {
				t.Fatalf("name %q holds a dash", name)
			}
		})
	}
}

func TestSlow(t *testing.T) {
	time.Sleep(60 * time.Millisecond)
}

func TestSkips(t *testing.T) {
	t.Skip("no printer: receipts - see SHOP-12")
}

func TestPrints(t *testing.T) {
	fmt.Println("Infrastructure Status: UNAVAILABLE")
	fmt.Fprintln(os.Stderr, "warning: größe of the mug is unknown")
	fmt.Print("no line break at the end")
}

func TestPrintsAndFails(t *testing.T) {
	fmt.Print("GET https://checkout-api.staging.example.internal/health ")
	t.Log("status 503")
	t.FailNow()
}

func TestParallel(t *testing.T) {
	for _, name := range []string{"first", "second"} {
		name := name
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			t.Log("runs beside the other")
			time.Sleep(5 * time.Millisecond)
			if name == "second" {
				t.Error("second of two\nwith a second line")
			}
		})
	}
}

func ExampleTotal() {
	fmt.Println(Total(Line{"mug", 1299, 2}))
	// Output: 2599
}

func BenchmarkTotal(b *testing.B) {
	for i := 0; i < b.N; i++ {
		Total(Line{"mug", 1299, 2})
	}
}
