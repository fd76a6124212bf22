// Package cart is the cart of the shop: prices in cents.
package cart

type Line struct {
	Name         string
	Cents, Count int
}

func Total(lines ...Line) int {
	sum := 0
	for _, l := range lines {
		sum += l.Cents * l.Count
	}
	return sum
}
