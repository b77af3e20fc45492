package jsonld

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"
)

// Parse is the one reader of JSON that came from outside (P2). It takes UTF-8
// of at most 1 MiB and 64 levels, one value with nothing after it, and refuses
// equal names in an object, names that differ only in case (which other
// readers take for each other) but for the terms of a context, lone surrogates, and numbers that a float64
// cannot hold without losing digits. Results are map[string]any, []any, string,
// float64, bool and nil.
func Parse(data []byte) (any, error) {
	return ParseLimit(data, MaxSize)
}

// ParseLimit is Parse for documents of at most max bytes.
func ParseLimit(data []byte, max int) (any, error) {
	return parse(data, max, false)
}

// ParseAnyCase is Parse for what is no credential, such as an issuer's keys: names that
// differ only in case are two.
func ParseAnyCase(data []byte) (any, error) { return parse(data, MaxSize, true) }

func parse(data []byte, max int, anyCase bool) (any, error) {
	if len(data) > max {
		return nil, &Error{Code: "json-too-large", Detail: fmt.Sprintf("more than %d bytes", max)}
	}
	r := reader{jsontext.NewDecoder(bytes.NewBuffer(data))}
	v, err := r.value(0, anyCase)
	if err != nil {
		return nil, r.wrap(err)
	}
	if _, err := r.ReadToken(); !errors.Is(err, io.EOF) {
		return nil, &Error{Code: "json-syntax", Detail: "data after the value", Err: err}
	}
	return v, nil
}

// ParseObject is Parse for a document that must be an object.
func ParseObject(data []byte) (map[string]any, error) {
	v, err := Parse(data)
	if err != nil {
		return nil, err
	}
	m, ok := v.(map[string]any)
	if !ok {
		return nil, &Error{Code: "json-syntax", Detail: "not an object"}
	}
	return m, nil
}

type reader struct{ *jsontext.Decoder }

func (r reader) wrap(err error) error {
	var known *Error
	if errors.As(err, &known) {
		return known
	}
	e := &Error{Code: "json-syntax", Pointer: string(r.StackPointer()), Detail: "not well-formed JSON in UTF-8", Err: err}
	switch {
	case errors.Is(err, jsontext.ErrDuplicateName):
		e.Code, e.Detail = "json-duplicate-name", "a name occurs twice in an object"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		e.Detail = "ends too early"
	}
	return e
}

func (r reader) fail(code, detail string) error {
	return &Error{Code: code, Pointer: string(r.StackPointer()), Detail: detail}
}

// value reads a value. In a context, terms may differ in case alone, as Achievement
// and achievement do: nobody looks there for members of the document.
func (r reader) value(depth int, context bool) (any, error) {
	switch r.PeekKind() {
	case '{':
		return r.object(depth+1, context)
	case '[':
		return r.array(depth+1, context)
	case '0':
		text, err := r.ReadValue()
		if err != nil {
			return nil, err
		}
		f, ok := exactFloat(string(text))
		if !ok {
			return nil, r.fail("json-number", "a number that cannot be kept exactly")
		}
		return f, nil
	}
	token, err := r.ReadToken()
	if err != nil {
		return nil, err
	}
	switch token.Kind() {
	case '"':
		return token.String(), nil
	case 't', 'f':
		return token.Bool(), nil
	case 'n':
		return nil, nil
	}
	return nil, r.fail("json-syntax", "a value is missing")
}

func (r reader) open(depth int) error {
	if depth > maxDepth {
		return r.fail("json-too-deep", fmt.Sprintf("more than %d levels", maxDepth))
	}
	_, err := r.ReadToken()
	return err
}

func (r reader) array(depth int, context bool) ([]any, error) {
	if err := r.open(depth); err != nil {
		return nil, err
	}
	list := []any{}
	for r.PeekKind() != ']' {
		v, err := r.value(depth, context)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := r.ReadToken()
	return list, err
}

func (r reader) object(depth int, context bool) (map[string]any, error) {
	if err := r.open(depth); err != nil {
		return nil, err
	}
	m := make(map[string]any)
	names := make([]string, 0, 8)
	for r.PeekKind() != '}' {
		token, err := r.ReadToken()
		if err != nil {
			return nil, err
		}
		name := token.String()
		v, err := r.value(depth, context || name == "@context")
		if err != nil {
			return nil, err
		}
		m[name] = v
		names = append(names, name)
	}
	if _, err := r.ReadToken(); err != nil {
		return nil, err
	}
	if !context && foldedTwice(names) {
		return nil, r.fail("json-duplicate-name", "two names in an object differ only in case")
	}
	return m, nil
}

// foldedTwice tells whether two names are equal under Unicode case folding:
// encoding/json takes "Issuer" and even "iſſuer" for "issuer".
func foldedTwice(names []string) bool {
	if len(names) <= 12 {
		for i, a := range names {
			for _, b := range names[:i] {
				if strings.EqualFold(a, b) {
					return true
				}
			}
		}
		return false
	}
	seen := make(map[string]struct{}, len(names))
	for _, name := range names {
		folded := strings.Map(foldRune, name)
		if _, twice := seen[folded]; twice {
			return true
		}
		seen[folded] = struct{}{}
	}
	return false
}

// foldRune returns the least rune that r equals under simple folding, as
// strings.EqualFold sees it.
func foldRune(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return least
}

// exactFloat reads a JSON number; ok is false when it is out of range, negative
// zero, or is neither the value of a float64 nor what one is written as.
func exactFloat(text string) (f float64, ok bool) {
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsInf(f, 0) || f == 0 && text[0] == '-' {
		return 0, false
	}
	if len(text) <= 15 && !strings.ContainsAny(text, "eE") {
		return f, true // at most 15 digits always come back
	}
	digits, exponent, ok := decimal(text)
	if !ok {
		return 0, false
	}
	for _, precision := range []int{-1, 766} { // written shortest, and in full
		want, wantExponent, _ := decimal(strconv.FormatFloat(f, 'e', precision, 64))
		if digits == want && exponent == wantExponent {
			return f, true
		}
	}
	return 0, false
}

// decimal splits a number without regard to its sign into its significant
// digits and the exponent of the first of them. Zero has no digits.
func decimal(text string) (digits string, exponent int, ok bool) {
	mantissa, power, hasPower := strings.Cut(strings.ToLower(strings.TrimLeft(text, "-")), "e")
	if hasPower {
		var err error
		if exponent, err = strconv.Atoi(power); err != nil {
			return "", 0, false
		}
	}
	whole, fraction, _ := strings.Cut(mantissa, ".")
	exponent += len(whole) - 1
	digits = whole + fraction
	trimmed := strings.TrimLeft(digits, "0")
	exponent -= len(digits) - len(trimmed)
	trimmed = strings.TrimRight(trimmed, "0")
	if trimmed == "" {
		return "", 0, true
	}
	return trimmed, exponent, true
}
