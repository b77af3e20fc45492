// Package capsule encrypts awards for who has their link. A capsule is a JWE of
// one learner's signed credentials, published under a random name; its key is
// in the fragment of the claim link, and nowhere on the site. Beside it is a
// second file, the page of the award as it is shown, under a key that is derived
// from the capsule's.
//
// The package fixes the form of both, which browsers read as well: compact
// serialization, alg dir, enc A256GCM, zip DEF (RFC 7516; RFC 7518, section
// 4.5), around the JSON of Contents, or HTML. It knows neither a credential's
// meaning nor a page's. It refuses to open what it would not have made.
package capsule

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/material/text"
)

// Version is the form of Contents.
const Version = 1

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
	// Files are those of the award's evidence, only with its full credential, which
	// has their digests.
	Files []File `json:"files,omitempty"`
	// Share is "<name>.<key>" of the capsule that holds this credential alone;
	// empty where this capsule is that one.
	Share string `json:"share,omitzero"`
}

// Formats are the names of its forms, in the order of Documents.
func (c *Credential) Formats() []string {
	names := make([]string, len(c.Documents))
	for i, d := range c.Documents {
		names[i] = d.Format
	}
	return names
}

// Document is one secured form of a credential: compact JSON, kept byte for
// byte, an object for an embedded proof, a string for a compact JOSE form.
type Document struct {
	Format    string         `json:"format"`
	MediaType string         `json:"mediaType"`
	Document  jsontext.Value `json:"document"`
}

// File is one that goes with an award.
type File struct {
	Name      string `json:"name"` // of a file, without folders
	MediaType string `json:"mediaType"`
	Data      string `json:"data"` // base64url
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

// Pack compresses contents, as the ledger keeps them: base64url, of what Seal
// fills up and encrypts.
func Pack(c Contents) (string, error) {
	if err := c.check(); err != nil {
		return "", fmt.Errorf("seal a capsule: %w", err)
	}
	plain, err := json.Marshal(c, jsontext.PreserveRawStrings(true))
	if err != nil {
		return "", errors.New("seal a capsule: a document is not JSON") // the cause may quote it
	}
	if len(plain) > most {
		return "", fmt.Errorf("seal a capsule: its credentials have %d bytes, and there is room for %d", len(plain), most)
	}
	blocks, err := deflate(plain)
	if err != nil {
		return "", fmt.Errorf("seal a capsule: compress: %w", err)
	}
	return base64.RawURLEncoding.EncodeToString(blocks), nil
}

// Unpack reads what Pack wrote. The error quotes nothing of it.
func Unpack(packed string) (*Contents, error) {
	blocks, ok := text.Base64URL(packed)
	if !ok {
		return nil, errors.New("unpack a capsule: it is not base64url")
	}
	c, err := decode(fill(blocks, Least))
	if err != nil {
		return nil, fmt.Errorf("unpack a capsule: %w", err)
	}
	return c, nil
}

// Seal encrypts what Pack wrote, as a compact JWE. The same under the same key
// always gives the same bytes. A key seals one capsule only.
func Seal(packed, key string) (string, error) {
	raw, err := decodeKey(key)
	if err != nil {
		return "", fmt.Errorf("seal a capsule: %w", err)
	}
	blocks, ok := text.Base64URL(packed)
	if !ok {
		return "", errors.New("seal a capsule: what it holds is not base64url")
	}
	jwe, err := encrypt(newHeader(""), blocks, Least, raw, raw)
	if err != nil {
		return "", fmt.Errorf("seal a capsule: %w", err)
	}
	return jwe, nil
}

// Open reads a capsule. The error says whether it is none, or the key does not
// fit; it quotes nothing of either.
func Open(jwe, key string) (*Contents, error) {
	raw, err := decodeKey(key)
	if err != nil {
		return nil, fmt.Errorf("open a capsule: %w", err)
	}
	p, err := parse(jwe)
	if err == nil && p.header.Kid != "" {
		err = errors.New("its header names a key, which only a page's header does")
	}
	if err != nil {
		return nil, fmt.Errorf("open a capsule: not a capsule: %w", err)
	}
	packed, err := p.decrypt(raw)
	if err != nil {
		return nil, fmt.Errorf("open a capsule: %w", err)
	}
	c, err := decode(packed)
	if err != nil {
		return nil, fmt.Errorf("open a capsule: not a capsule: %w", err)
	}
	return c, nil
}

// Packed is what Pack wrote of an encrypted capsule, and its contents: Seal makes
// the same file of it. The errors are Open's, and one for a file that Seal did not
// make.
func Packed(jwe, key string) (packed string, c *Contents, err error) {
	if c, err = Open(jwe, key); err != nil {
		return "", nil, err
	}
	raw, err := decodeKey(key)
	if err != nil {
		return "", nil, fmt.Errorf("open a capsule: %w", err)
	}
	p, err := parse(jwe)
	if err != nil {
		return "", nil, fmt.Errorf("open a capsule: %w", err)
	}
	whole, err := p.decrypt(raw)
	if err != nil {
		return "", nil, fmt.Errorf("open a capsule: %w", err)
	}
	spaces := len(whole) - len(bytes.TrimRight(whole, " "))
	for n := spaces; n >= 0 && len(whole)-n >= overhead; n-- { // a length may end in the byte of a space
		blocks := whole[:len(whole)-n-overhead]
		if bytes.Equal(fill(blocks, Least), whole) {
			packed = base64.RawURLEncoding.EncodeToString(blocks)
			break
		}
	}
	if again, err := Seal(packed, key); packed == "" || err != nil || again != jwe {
		return "", nil, errors.New("open a capsule: it is not written as laurel writes it")
	}
	return packed, c, nil
}

// decode reads what was filled up.
func decode(packed []byte) (*Contents, error) {
	value, err := unpack(packed, Least, most+Step)
	if err != nil {
		return nil, err
	}
	if !bytes.HasPrefix(value, []byte("{")) || !bytes.HasSuffix(value, []byte("}")) {
		return nil, errors.New("what is around its JSON is not spaces at the end")
	}
	var c Contents
	if err := json.Unmarshal(value, &c, json.RejectUnknownMembers(true)); err != nil {
		return nil, errors.New("its content is not that of a capsule")
	}
	return &c, c.check()
}

func (c *Contents) check() error {
	if c.Version != Version {
		return fmt.Errorf("its version is %d, not %d", c.Version, Version)
	}
	if len(c.Credentials) == 0 {
		return errors.New("it contains no credential")
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
	for i, f := range c.Files {
		if !text.IsFileName(f.Name) || f.MediaType == "" || slices.ContainsFunc(c.Files[:i], func(o File) bool { return o.Name == f.Name }) {
			return fmt.Errorf("files[%d] has no name of its own", i)
		}
		if _, ok := text.Base64URL(f.Data); !ok {
			return fmt.Errorf("files[%d] is not base64url", i)
		}
	}
	for i, d := range c.Documents {
		if k := d.Document.Kind(); d.Format == "" || d.MediaType == "" || k != '{' && k != '"' {
			return fmt.Errorf("documents[%d] is not a signed document", i)
		}
	}
	return nil
}

// decodeKey reads a key, strictly: two texts never are the same key.
func decodeKey(key string) ([]byte, error) {
	raw, ok := text.Base64URL(key)
	if !ok || len(raw) != keySize {
		return nil, errors.New("the key is not 43 characters of base64url")
	}
	return raw, nil
}
