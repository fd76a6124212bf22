package broken

import "testing"

func TestPrice(t *testing.T) {
	if price("mug") != 1299 {
		t.Fatal("wrong price")
	}
}
