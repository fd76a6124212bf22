module shop.example.internal/checkout

go 1.19
