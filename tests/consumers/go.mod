module example

go 1.22

require (
	github.com/MicahParks/keyfunc/v3 v3.7.0
	github.com/go-jose/go-jose/v4 v4.1.3
	github.com/golang-jwt/jwt/v5 v5.3.1
)
