package flaky

import (
	"os"
	"testing"
)

const count = "/tmp/shop-flaky-go"

func TestSteady(t *testing.T) {}

func TestSecondTimeLucky(t *testing.T) {
	if _, err := os.Stat(count); err != nil {
		_ = os.WriteFile(count, nil, 0o600)
		t.Fatal("cold at the first try")
	}
}
