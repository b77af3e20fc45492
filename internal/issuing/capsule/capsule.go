// Package capsule seals awards for who has their link. A capsule is a JWE of
// one learner's signed credentials, published under a random name; its key is
// in the fragment of the claim link, and nowhere on the site.
//
// The package fixes the form, which is read by browsers as well and never
// changes for what is out: compact serialization, alg dir, enc A256GCM, no
// other header (RFC 7516; RFC 7518, section 4.5), around the JSON of Contents.
// It knows no credential's meaning. It refuses to open what Seal would not
// have made.
package capsule

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	jose "github.com/go-jose/go-jose/v4"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Version is the form of Contents.
const Version = 1

// Sizes of a capsule's plaintext, in bytes.
const (
	// Step is what it is filled up to a multiple of, so that its size does not
	// tell a long name from a short one.
	Step = 4096
	// Least is what it has at least. One signed credential takes 3 to 7 KB:
	// of one step only, the forms that say little would stand out from those
	// that say more, and so would the achievements with short texts. So all
	// capsules of one credential look the same, with a learner's name or not.
	Least = 2 * Step
)

// Sizes of what New draws, in bytes.
const (
	nameSize = 16
	keySize  = 32
)

// Contents are what a capsule holds.
type Contents struct {
	Version int `json:"version"`
	// Credentials are the forms of one award, the fullest first.
	Credentials []Credential `json:"credentials"`
}

// Credential is one variant of an award, in every form it was signed in.
type Credential struct {
	Variant string `json:"variant"` // "full", "no-name", …
	// Documents are at least one, that with an embedded proof first.
	Documents []Document `json:"documents"`
	// Share is "<name>.<key>" of the capsule that holds this credential alone;
	// empty where this capsule is that one.
	Share string `json:"share,omitzero"`
}

// Document is one secured form of a credential: compact JSON, kept byte for
// byte, an object for an embedded proof, a string for a compact JOSE form.
type Document struct {
	Format    string         `json:"format"`
	MediaType string         `json:"mediaType"`
	Document  jsontext.Value `json:"document"`
}

// New draws the name of a capsule, 32 digits of lower-case hex, and its key,
// 256 bits as 43 characters of base64url.
func New(random io.Reader) (name, key string, err error) {
	var b [nameSize + keySize]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		return "", "", fmt.Errorf("draw a capsule's name and key: %w", err)
	}
	return hex.EncodeToString(b[:nameSize]), base64.RawURLEncoding.EncodeToString(b[nameSize:]), nil
}

// Seal returns the contents as a compact JWE. A key seals one capsule only:
// its initialisation vector is drawn by go-jose.
func Seal(c Contents, key string) (string, error) {
	raw, err := decodeKey(key)
	if err != nil {
		return "", fmt.Errorf("seal a capsule: %w", err)
	}
	if err := c.check(); err != nil {
		return "", fmt.Errorf("seal a capsule: %w", err)
	}
	plain, err := encode(c)
	if err != nil {
		return "", err
	}
	e, err := jose.NewEncrypter(jose.A256GCM, jose.Recipient{Algorithm: jose.DIRECT, Key: raw}, nil)
	if err != nil {
		return "", fmt.Errorf("seal a capsule: %w", err)
	}
	jwe, err := e.Encrypt(plain)
	if err != nil {
		return "", fmt.Errorf("seal a capsule: %w", err)
	}
	return jwe.CompactSerialize()
}

// encode is the JSON of the contents, and spaces up to the next step, or up to
// Least: JSON may end in white space, so whatever opens JWE and reads JSON reads
// a capsule.
func encode(c Contents) ([]byte, error) {
	b, err := json.Marshal(c, jsontext.PreserveRawStrings(true))
	if err != nil {
		return nil, errors.New("seal a capsule: a document is not JSON") // the cause may quote it
	}
	size := max(Least, (len(b)+Step-1)/Step*Step)
	return append(b, bytes.Repeat([]byte{' '}, size-len(b))...), nil
}

// errKey is all that can be told of a capsule that does not open: the cipher
// tells a wrong key from a changed capsule as little as anybody can.
var errKey = errors.New("open a capsule: the key does not fit, or the capsule was changed")

// Open reads a capsule. The error says whether it is none, or the key does not
// fit; it quotes nothing of either.
func Open(jwe, key string) (*Contents, error) {
	raw, err := decodeKey(key)
	if err != nil {
		return nil, fmt.Errorf("open a capsule: %w", err)
	}
	if err := checkHeader(jwe); err != nil {
		return nil, fmt.Errorf("open a capsule: not a capsule: %w", err)
	}
	parsed, err := jose.ParseEncryptedCompact(jwe, []jose.KeyAlgorithm{jose.DIRECT}, []jose.ContentEncryption{jose.A256GCM})
	if err != nil {
		return nil, errors.New("open a capsule: not a capsule: a part of it is not base64url")
	}
	plain, err := parsed.Decrypt(raw)
	if err != nil {
		return nil, errKey
	}
	c, err := decode(plain)
	if err != nil {
		return nil, fmt.Errorf("open a capsule: not a capsule: %w", err)
	}
	return c, nil
}

// checkHeader allows no header but Seal's: no compression, which tells by its
// size what is inside, no other algorithm, no URL to follow.
func checkHeader(jwe string) error {
	parts := strings.Split(jwe, ".")
	if len(parts) != 5 || parts[1] != "" {
		return errors.New("it has not the parts of a compact JWE with a direct key")
	}
	for _, p := range parts {
		if _, err := base64.RawURLEncoding.Strict().DecodeString(p); err != nil || strings.ContainsAny(p, "\r\n") {
			return errors.New("a part of it is not base64url")
		}
	}
	var h struct {
		Alg string `json:"alg"`
		Enc string `json:"enc"`
	}
	b, _ := base64.RawURLEncoding.DecodeString(parts[0])
	if err := json.Unmarshal(b, &h, json.RejectUnknownMembers(true)); err != nil || h.Alg != "dir" || h.Enc != "A256GCM" {
		return errors.New("its header is not alg dir and enc A256GCM alone")
	}
	return nil
}

// decode reads what encode writes, and the capsules of one step that were made
// before there was a Least.
func decode(plain []byte) (*Contents, error) {
	value := bytes.TrimRight(plain, " ")
	switch {
	case len(plain)%Step != 0 || len(plain) > Least && len(plain)-len(value) >= Step:
		return nil, errors.New("it is not filled up as a capsule is")
	case len(value) == 0 || value[0] != '{' || value[len(value)-1] != '}':
		return nil, errors.New("what is around its JSON is not spaces at the end")
	}
	var c Contents
	if err := json.Unmarshal(value, &c, json.RejectUnknownMembers(true)); err != nil {
		return nil, errors.New("its contents are not those of a capsule")
	}
	return &c, c.check()
}

func (c *Contents) check() error {
	if c.Version != Version {
		return fmt.Errorf("its version is %d, not %d", c.Version, Version)
	}
	if len(c.Credentials) == 0 {
		return errors.New("it holds no credential")
	}
	seen := make(map[string]bool, len(c.Credentials))
	for i, one := range c.Credentials {
		if one.Variant == "" || seen[one.Variant] {
			return fmt.Errorf("credentials[%d] has no name of its own", i)
		}
		seen[one.Variant] = true
		if err := one.check(); err != nil {
			return fmt.Errorf("credentials[%d]: %w", i, err)
		}
	}
	return nil
}

func (c *Credential) check() error {
	if c.Share != "" {
		name, key, _ := strings.Cut(c.Share, ".")
		if b, err := hex.DecodeString(name); err != nil || len(b) != nameSize || strings.ToLower(name) != name {
			return errors.New("its share link has no capsule's name")
		}
		if _, err := decodeKey(key); err != nil {
			return errors.New("its share link has no capsule's key")
		}
	}
	if len(c.Documents) == 0 {
		return errors.New("no documents")
	}
	for i, d := range c.Documents {
		if k := d.Document.Kind(); d.Format == "" || d.MediaType == "" || k != '{' && k != '"' {
			return fmt.Errorf("documents[%d] is no signed document", i)
		}
	}
	return nil
}

// decodeKey reads a key, strictly: two texts never are the same key.
func decodeKey(key string) ([]byte, error) {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(key)
	if err != nil || len(raw) != keySize || len(key) != base64.RawURLEncoding.EncodedLen(keySize) {
		return nil, errors.New("the key is not 43 characters of base64url")
	}
	return raw, nil
}
