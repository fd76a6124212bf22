package setup

import (
	"fmt"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	fmt.Println("setup: database shop_test is not there")
	os.Exit(3)
}

func TestNeverRuns(t *testing.T) {}
