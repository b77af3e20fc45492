package fetch

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/material/durable"
)

// How long documents are kept. A status list says it itself; one that does not
// has the default of Bitstring Status List v1.0, 2.2 ("ttl").
const (
	keepDocument = 10 * time.Minute
	keepList     = 5 * time.Minute
	keepAtMost   = 24 * time.Hour
)

// Disk keeps DID documents and status lists between runs, a file each. All
// that is taken from it is verified again, so that it need not be trusted; what
// it could do is keep a revocation from being seen, and so nothing is ever taken
// that is older than its issuer allows.
type Disk struct {
	Dir string
	Now time.Time
	// Tell hears what is taken and what is not kept; URLs in it are as they came.
	Tell func(format string, args ...any)
}

// Before puts the documents that are kept before what gets them, which may be
// asked for DIDs as well: these go through.
func (c Disk) Before(next func(ctx context.Context, url string) ([]byte, error)) func(ctx context.Context, url string) ([]byte, error) {
	return func(ctx context.Context, url string) ([]byte, error) {
		if strings.HasPrefix(url, "did:") {
			return next(ctx, url)
		}
		if data, age, ok := c.get(url); ok {
			c.Tell("taking %s from the cache, %s old\n", url, age.Round(time.Second))
			return data, nil
		}
		data, err := next(ctx, url)
		if err == nil {
			if err := c.put(url, data); err != nil {
				c.Tell("not keeping %s: %v\n", url, err)
			}
		}
		return data, err
	}
}

const cacheMagic = "laurel cache 1"

func (c Disk) file(url string) string {
	sum := sha256.Sum256([]byte(url))
	return filepath.Join(c.Dir, hex.EncodeToString(sum[:]))
}

// get returns a document that may still be used. The file's first line says when
// it was kept and for which URL.
func (c Disk) get(url string) ([]byte, time.Duration, bool) {
	data, err := os.ReadFile(c.file(url))
	if err != nil {
		return nil, 0, false
	}
	head, body, ok := bytes.Cut(data, []byte("\n"))
	rest, okMagic := strings.CutPrefix(string(head), cacheMagic+" ")
	seconds, name, okURL := strings.Cut(rest, " ")
	stored, err := strconv.ParseInt(seconds, 10, 64)
	if !ok || !okMagic || !okURL || name != url || err != nil {
		return nil, 0, false
	}
	age := c.Now.Sub(time.Unix(stored, 0))
	if age < 0 || age >= keepFor(body) {
		return nil, 0, false
	}
	return body, age, true
}

// put keeps a document: written to a name of its own and then moved, so that
// nobody reads half of one. Those past their time are cleared away.
func (c Disk) put(url string, data []byte) error {
	if strings.ContainsAny(url, "\r\n") || keepFor(data) <= 0 {
		return nil
	}
	if err := os.MkdirAll(c.Dir, 0o700); err != nil {
		return err
	}
	c.clear()
	text := fmt.Appendf(nil, "%s %d %s\n%s", cacheMagic, c.Now.Unix(), url, data)
	return durable.ReplaceFile(c.file(url), text, 0o600)
}

// clear removes what nobody may use any more.
func (c Disk) clear() {
	entries, err := os.ReadDir(c.Dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		info, err := e.Info()
		if err == nil && info.Mode().IsRegular() && c.Now.Sub(info.ModTime()) > keepAtMost {
			os.Remove(filepath.Join(c.Dir, e.Name()))
		}
	}
}

// keepFor is how long a document may be used: a status list for its ttl, in
// milliseconds, at most a day; everything else for ten minutes.
func keepFor(data []byte) time.Duration {
	text := bytes.TrimSpace(data)
	if parts := bytes.Split(text, []byte(".")); len(parts) == 3 && bytes.HasPrefix(text, []byte("eyJ")) {
		payload, err := base64.RawURLEncoding.DecodeString(string(parts[1]))
		if err != nil {
			return 0
		}
		text = payload
	}
	var doc struct {
		Revoked any `json:"revokedCredential"`
		Subject struct {
			List string   `json:"encodedList"`
			TTL  *float64 `json:"ttl"`
		} `json:"credentialSubject"`
	}
	if err := json.Unmarshal(text, &doc); err != nil {
		return 0
	}
	switch {
	case doc.Subject.List != "" && doc.Subject.TTL != nil:
		milliseconds := min(max(*doc.Subject.TTL, 0), float64(keepAtMost/time.Millisecond))
		return time.Duration(milliseconds) * time.Millisecond
	case doc.Subject.List != "", doc.Revoked != nil:
		return keepList
	}
	return keepDocument
}
