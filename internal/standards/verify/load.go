package verify

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/material/text"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
)

// Loader returns the document of an https URL or of a DID. A DID is asked for by
// its name first, so that a local file can answer; then, for a did:web, by the
// URL of its document. ErrUnavailable says that this loader does not have it;
// any other error says that it tried. A loader must be safe for concurrent use.
type Loader func(ctx context.Context, url string) ([]byte, error)

// ErrUnavailable is the answer for a document that a Loader does not have.
var ErrUnavailable = errors.New("not available")

// Chain asks one loader after the other, as long as they answer ErrUnavailable.
// Loaders that are nil are left out.
func Chain(loaders ...Loader) Loader {
	return func(ctx context.Context, url string) ([]byte, error) {
		for _, load := range loaders {
			if load == nil {
				continue
			}
			data, err := load(ctx, url)
			if !errors.Is(err, ErrUnavailable) {
				return data, err
			}
		}
		return nil, ErrUnavailable
	}
}

// Documents are documents at hand, such as files named on the command line. The
// zero value is empty and ready; Load is their Loader. Safe for concurrent use.
type Documents struct {
	mu    sync.RWMutex
	byURL map[string][]byte
	byID  map[string][]byte
}

// Add keeps a document under the URL or DID given, and under the id it states
// itself, as a Status List Token does by sub. An empty url leaves only the id, which then must be there. A document
// asked for by a name given here wins over one that only claims the name; a
// later document replaces an earlier one.
func (d *Documents) Add(url string, data []byte) error {
	url, _, _ = strings.Cut(url, "#")
	var head struct {
		ID string `json:"id"`
	}
	if token, ok := tokenSubject(data); ok {
		head.ID = token
	} else if err := json.Unmarshal(data, &head); err != nil && url == "" {
		return fmt.Errorf("read the id of a document: %w", err)
	}
	if head.ID == "" && url == "" {
		return errors.New("a document has neither a URL nor an id")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.byURL == nil {
		d.byURL, d.byID = map[string][]byte{}, map[string][]byte{}
	}
	if url != "" {
		d.byURL[url] = data
	}
	if head.ID != "" {
		d.byID[head.ID] = data
	}
	return nil
}

// Load returns the document of a URL or DID, or ErrUnavailable.
func (d *Documents) Load(_ context.Context, url string) ([]byte, error) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if data, ok := d.byURL[url]; ok {
		return data, nil
	}
	if data, ok := d.byID[url]; ok {
		return data, nil
	}
	return nil, ErrUnavailable
}

// Wanted tells the documents that a Verifier may ask for: those that hold keys, and
// lists of statuses or of what was revoked. Others may share an id with one of
// these, as an issuer's Profile does with its DID document.
func Wanted(data []byte) bool {
	var head struct {
		Type               any            `json:"type"`
		VerificationMethod jsontext.Value `json:"verificationMethod"`
		AssertionMethod    jsontext.Value `json:"assertionMethod"`
		PublicKeyMultibase jsontext.Value `json:"publicKeyMultibase"`
		PublicKeyJwk       jsontext.Value `json:"publicKeyJwk"`
		RevokedCredential  jsontext.Value `json:"revokedCredential"`
	}
	if _, ok := tokenSubject(data); ok {
		return true
	}
	if json.Unmarshal(data, &head) != nil {
		return false
	}
	members := []jsontext.Value{head.VerificationMethod, head.AssertionMethod, head.PublicKeyMultibase, head.PublicKeyJwk, head.RevokedCredential}
	return slices.ContainsFunc(members, func(m jsontext.Value) bool { return m != nil }) ||
		slices.ContainsFunc(vc.Items(head.Type), func(t any) bool { name, _ := t.(string); return strings.Contains(name, "StatusList") })
}

// tokenSubject is the name of a Status List Token, if it is one.
func tokenSubject(data []byte) (string, bool) {
	data = text.TrimBytes(data)
	if !isCompact(data) {
		return "", false
	}
	jws, err := proof.ParseJWS(string(data))
	if err != nil || !isToken(jws) {
		return "", false
	}
	var claims struct {
		Subject string `json:"sub"`
	}
	err = json.Unmarshal(jws.Payload, &claims)
	return claims.Subject, err == nil && claims.Subject != ""
}
