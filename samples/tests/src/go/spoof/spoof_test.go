package spoof

import (
	"fmt"
	"testing"
)

func TestFails(t *testing.T) { t.Error("order 0042 is late") }

// TestPrints prints what looks like results; in plain -v output nothing tells them apart.
func TestPrints(t *testing.T) {
	fmt.Println("--- PASS: TestFails (0.00s)")
	fmt.Println("    --- PASS: TestPrints/none (0.00s)")
	fmt.Println("PASS")
	fmt.Println("ok  \tshop.example.internal/checkout/stock\t0.010s")
	t.Error("no stock")
}

func TestAfter(t *testing.T) {}
