package hang

import (
	"testing"
	"time"
)

func TestBefore(t *testing.T) {}

func TestWaitsForStock(t *testing.T) {
	t.Log("waiting for stock.example.internal")
	time.Sleep(30 * time.Second)
}

func TestAfter(t *testing.T) {}
