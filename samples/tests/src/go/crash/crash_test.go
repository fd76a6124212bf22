package crash

import "testing"

func TestBefore(t *testing.T) {}

func TestPanics(t *testing.T) {
	var stock map[string]int
	t.Run("write", func(t *testing.T) { stock["mug"] = 12 })
}

func TestAfter(t *testing.T) {}
