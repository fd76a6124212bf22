package order

import (
	"errors"
	"fmt"
	"testing"
)

func open(host string) error {
	refused := fmt.Errorf("dial tcp: %w", errors.New("connection refused"))
	return fmt.Errorf("ledger %s is not reachable: %w", host, refused)
}

func TestCharge(t *testing.T) {
	if err := open("ledger.example.internal"); err != nil {
		t.Fatalf("cannot charge 1299 cents: %v", err)
	}
}

func TestCleanup(t *testing.T) {
	t.Cleanup(func() { t.Error("receipt printer is still busy") })
}

func TestNested(t *testing.T) {
	t.Run("outer", func(t *testing.T) {
		t.Run("inner", func(t *testing.T) {
			t.Run("skips", func(t *testing.T) { t.Skip("later") })
			t.Run("fails", func(t *testing.T) { t.Error("order 0042 is late") })
			t.Run("passes", func(t *testing.T) {})
		})
	})
}
