package sdjwt

import (
	"cmp"
	"crypto"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
)

// saltSize is that which RFC 9901, 9.3, recommends.
const saltSize = 16

// Options say how an SD-JWT is issued.
type Options struct {
	Header proof.JWSHeader
	// Disclosable are what the holder may withhold: JSON Pointers to members and
	// items of the payload (RFC 6901), in any order. Those inside of another can be
	// shown only with that.
	Disclosable []string
	// Rand makes the salts. The order of digests follows from them, and tells
	// nothing of that of the claims.
	Rand io.Reader
}

// Issue signs a payload, a JSON object of at most 1 MiB that Parse would take, and
// returns it with all its disclosures. Pointers to nothing or to the whole, two that
// are equal, and the names that an SD-JWT keeps for itself are errors. What was made
// is parsed again before it is returned.
func Issue(payload []byte, o Options, key crypto.Signer) (string, error) {
	claims, err := jsonld.ParseObject(payload)
	if err != nil {
		return "", err
	}
	var plain SDJWT
	if err := plain.disclose(claims, nil); err != nil {
		return "", err
	}
	if plain.Hidden > 0 {
		return "", errors.New("the payload has digests in it already")
	}
	pointers := slices.Clone(o.Disclosable)
	// The innermost first, so that what is outside holds their digests.
	slices.SortFunc(pointers, func(a, b string) int {
		return cmp.Or(strings.Count(b, "/")-strings.Count(a, "/"), strings.Compare(a, b))
	})
	var disclosures strings.Builder
	for _, pointer := range pointers {
		written, err := hide(claims, pointer, o.Rand)
		if err != nil {
			return "", fmt.Errorf("make %q disclosable: %w", pointer, err)
		}
		disclosures.WriteString(written + "~")
	}
	if len(pointers) > 0 {
		claims[algorithmName] = algorithm
	}
	data, err := json.Marshal(claims, json.Deterministic(true))
	if err != nil {
		return "", fmt.Errorf("write the payload: %w", err)
	}
	jwt, err := proof.SignJWS(data, o.Header, key)
	if err != nil {
		return "", err
	}
	made := jwt + "~" + disclosures.String()
	if _, err := Parse(made); err != nil {
		return "", fmt.Errorf("check the SD-JWT just made: %w", err)
	}
	return made, nil
}

// hide puts a digest in the place of what pointer points to, and returns the
// disclosure.
func hide(claims map[string]any, pointer string, random io.Reader) (string, error) {
	cut := strings.LastIndexByte(pointer, '/')
	if cut < 0 {
		return "", errors.New("it is the whole, or no JSON Pointer")
	}
	value, found := jsonld.At(claims, pointer)
	if !found {
		return "", errors.New("it points to nothing")
	}
	parent, _ := jsonld.At(claims, pointer[:cut])
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(random, salt); err != nil {
		return "", fmt.Errorf("make a salt: %w", err)
	}
	parts := []any{base64.RawURLEncoding.EncodeToString(salt), value}
	token := jsonld.PointerName(pointer[cut+1:])
	object, isObject := parent.(map[string]any)
	if isObject {
		parts = slices.Insert(parts, 1, any(token))
	}
	data, err := json.Marshal(parts, json.Deterministic(true))
	if err != nil {
		return "", fmt.Errorf("write a disclosure: %w", err)
	}
	written := base64.RawURLEncoding.EncodeToString(data)
	if !isObject {
		i, err := strconv.Atoi(token)
		if err != nil {
			return "", err
		}
		parent.([]any)[i] = map[string]any{elementName: digest(written)}
		return written, nil
	}
	delete(object, token)
	digests, _ := object[digestsName].([]any)
	digests = append(digests, digest(written))
	slices.SortFunc(digests, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	object[digestsName] = digests
	return written, nil
}

// Present returns the SD-JWT with only those disclosures that show what reveal points
// to: JSON Pointers into Claims (RFC 6901). Of a pointer to what holds several, all
// are shown; of one to what is inside of a disclosure, that one too. A key binding JWT
// is left out: it was for another choice. A pointer to nothing is an *jsonld.Error with
// code pointer-missing.
func (s *SDJWT) Present(reveal []string) (string, error) {
	show := make([]bool, len(s.Disclosures))
	for _, pointer := range reveal {
		if _, ok := jsonld.At(s.Claims, pointer); !ok {
			return "", &jsonld.Error{Code: "pointer-missing", Pointer: pointer, Detail: "there is nothing at this pointer"}
		}
		for i, d := range s.Disclosures {
			if !under(d.Pointer, pointer) && !under(pointer, d.Pointer) {
				continue
			}
			for ; i >= 0; i = s.Disclosures[i].within {
				show[i] = true
			}
		}
	}
	var b strings.Builder
	b.WriteString(s.signed + "~")
	for i, d := range s.Disclosures {
		if show[i] {
			b.WriteString(d.text + "~")
		}
	}
	return b.String(), nil
}

// Always returns JSON Pointers to what of the claims every presentation shows: to the
// outermost members that nothing may be withheld of.
func (s *SDJWT) Always() []string {
	var pointers []string
	var walk func(v any, place *jsonld.Place)
	member := func(v any, place *jsonld.Place) {
		pointer := place.Pointer()
		switch {
		case slices.ContainsFunc(s.Disclosures, func(d Disclosure) bool { return d.Pointer == pointer }):
		case slices.ContainsFunc(s.Disclosures, func(d Disclosure) bool { return under(d.Pointer, pointer) }):
			walk(v, place)
		default:
			pointers = append(pointers, pointer)
		}
	}
	walk = func(v any, place *jsonld.Place) {
		switch v := v.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(v)) {
				member(v[name], place.Member(name))
			}
		case []any:
			for i, item := range v {
				member(item, place.Item(i))
			}
		}
	}
	walk(s.Claims, new(jsonld.Place))
	return pointers
}

// under tells whether a JSON Pointer is another, or leads to something inside of
// what that leads to.
func under(pointer, outer string) bool {
	rest, ok := strings.CutPrefix(pointer, outer)
	return ok && (rest == "" || rest[0] == '/')
}
