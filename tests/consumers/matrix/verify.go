// The libraries of Go. See matrix.py for what goes in and out.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"time"

	"github.com/MicahParks/keyfunc/v3"
	"github.com/go-jose/go-jose/v4"
	josejwt "github.com/go-jose/go-jose/v4/jwt"
	"github.com/golang-jwt/jwt/v5"
)

type input struct {
	Issuer    string            `json:"issuer"`
	Audience  string            `json:"audience"`
	Algorithm string            `json:"algorithm"`
	KeySet    string            `json:"jwks_uri"`
	Tokens    map[string]string `json:"tokens"`
}

type result struct {
	Version  string            `json:"version"`
	ByHand   []string          `json:"by_hand"`
	Accepted []string          `json:"accepted"`
	Errors   map[string]string `json:"errors"`
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func golangJWT(given input) func(string) error {
	keys, err := keyfunc.NewDefaultCtx(context.Background(), []string{given.KeySet})
	check(err)
	parser := jwt.NewParser(jwt.WithValidMethods([]string{given.Algorithm}), jwt.WithIssuer(given.Issuer),
		jwt.WithAudience(given.Audience), jwt.WithExpirationRequired(), jwt.WithLeeway(30*time.Second))
	return func(text string) error {
		token, err := parser.Parse(text, keys.Keyfunc)
		if err == nil && token.Header["typ"] != "at+jwt" {
			return errors.New("refused")
		}
		return err
	}
}

func goJose(given input) func(string) error {
	answer, err := http.Get(given.KeySet)
	check(err)
	body, err := io.ReadAll(answer.Body)
	check(err)
	var keys jose.JSONWebKeySet
	check(json.Unmarshal(body, &keys))
	algorithms := []jose.SignatureAlgorithm{jose.SignatureAlgorithm(given.Algorithm)}
	return func(text string) error {
		token, err := josejwt.ParseSigned(text, algorithms)
		if err != nil {
			return err
		}
		var claims josejwt.Claims
		if err := token.Claims(&keys, &claims); err != nil {
			return err
		}
		if token.Headers[0].ExtraHeaders[jose.HeaderType] != "at+jwt" || claims.Expiry == nil {
			return errors.New("refused")
		}
		expected := josejwt.Expected{Issuer: given.Issuer, AnyAudience: []string{given.Audience}, Time: time.Now()}
		return claims.ValidateWithLeeway(expected, 30*time.Second)
	}
}

func main() {
	var given input
	check(json.NewDecoder(os.Stdin).Decode(&given))
	versions := map[string]string{}
	if build, ok := debug.ReadBuildInfo(); ok {
		for _, module := range build.Deps {
			versions[module.Path] = module.Version
		}
	}
	libraries := map[string]result{}
	add := func(name, module string, byHand []string, verify func(string) error) {
		made := result{Version: versions[module], ByHand: byHand, Accepted: []string{}, Errors: map[string]string{}}
		for name, token := range given.Tokens {
			if err := verify(token); err == nil {
				made.Accepted = append(made.Accepted, name)
			} else {
				made.Errors[name] = err.Error()
			}
		}
		libraries[name] = made
	}
	add("golang-jwt with keyfunc", "github.com/golang-jwt/jwt/v5", []string{"typ"}, golangJWT(given))
	add("go-jose", "github.com/go-jose/go-jose/v4", []string{"typ", "exp is there"}, goJose(given))
	check(json.NewEncoder(os.Stdout).Encode(map[string]any{"language": "Go", "libraries": libraries}))
}
