package verify_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"laurel/internal/standards/verify"
)

func TestDocuments(t *testing.T) {
	var docs verify.Documents
	if _, err := docs.Load(t.Context(), "did:web:a.example"); !errors.Is(err, verify.ErrUnavailable) {
		t.Errorf("an empty set: %v", err)
	}
	for _, d := range []struct{ url, data string }{
		{"", `{"id":"did:web:a.example"}`},
		{"https://a.example/list#x", `{"id":"https://b.example/list"}`},
		{"https://b.example/page", `not JSON at all`},
		{"did:web:c.example", `{"id":"did:web:a.example","n":2}`},
	} {
		if err := docs.Add(d.url, []byte(d.data)); err != nil {
			t.Errorf("Add(%q): %v", d.url, err)
		}
	}
	for url, want := range map[string]string{
		"did:web:a.example":      `{"id":"did:web:a.example","n":2}`,
		"https://a.example/list": `{"id":"https://b.example/list"}`,
		"https://b.example/list": `{"id":"https://b.example/list"}`,
		"https://b.example/page": `not JSON at all`,
	} {
		if got, err := docs.Load(t.Context(), url); err != nil || string(got) != want {
			t.Errorf("Load(%q) = %s, %v", url, got, err)
		}
	}
	if err := docs.Add("did:web:a.example", []byte(`{"named":true}`)); err != nil {
		t.Error(err)
	}
	if got, _ := docs.Load(t.Context(), "did:web:a.example"); string(got) != `{"named":true}` {
		t.Errorf("a given name does not win: %s", got)
	}
	for _, bad := range []string{``, `{}`, `[]`, `{"id":7}`} {
		if err := docs.Add("", []byte(bad)); err == nil {
			t.Errorf("Add of %q without a URL succeeded", bad)
		}
	}
}

func TestChain(t *testing.T) {
	broken := errors.New("refused")
	load := verify.Chain(nil,
		func(_ context.Context, url string) ([]byte, error) {
			return nil, fmt.Errorf("no: %w", verify.ErrUnavailable)
		},
		func(_ context.Context, url string) ([]byte, error) { return nil, broken },
		func(_ context.Context, url string) ([]byte, error) { return []byte("never"), nil },
	)
	if _, err := load(t.Context(), "https://a.example/"); !errors.Is(err, broken) {
		t.Errorf("err = %v", err)
	}
	if _, err := verify.Chain()(t.Context(), "https://a.example/"); !errors.Is(err, verify.ErrUnavailable) {
		t.Errorf("err = %v", err)
	}
}

// A did:web is asked for by its name, so that a file can answer, and then by the
// URL of its document.
func TestDidWebByURL(t *testing.T) {
	w := newWorld(t)
	document, err := w.document().Encode()
	if err != nil {
		t.Fatal(err)
	}
	list := w.list(nil)
	var asked []string
	load := func(_ context.Context, url string) ([]byte, error) {
		asked = append(asked, url)
		switch url {
		case "https://academy.example.org/.well-known/did.json":
			return document, nil
		case listURL:
			return list, nil
		}
		return nil, errors.New("no such host")
	}
	r := verify.New(w.processor, w.checker, verify.Options{Now: now, Load: load}).Credential(t.Context(), w.sign(credential()))
	want(t, r, verify.Valid, "", "")
	if fmt.Sprint(asked) != fmt.Sprint([]string{issuerID, "https://academy.example.org/.well-known/did.json", listURL}) {
		t.Errorf("asked = %q", asked)
	}
}

// Many credentials of one issuer at the same moment ask for its document and its
// list once.
func TestOneQuestionForMany(t *testing.T) {
	w := newWorld(t)
	verifier := w.verifier(now)
	signed := w.sign(credential())
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			for range 10 {
				if r := verifier.Credential(t.Context(), signed); r.Verdict != verify.Valid {
					t.Errorf("verdict %s", r.Verdict)
				}
			}
		})
	}
	wg.Wait()
	if w.asked[issuerID] != 1 || w.asked[listURL] != 1 {
		t.Errorf("asked = %v", w.asked)
	}
}

// What one caller gave up on is asked again for the next.
func TestStopped(t *testing.T) {
	w := newWorld(t)
	signed := w.sign(credential())
	ctx, cancel := context.WithCancel(t.Context())
	started := make(chan struct{})
	first := true
	load := func(ctx context.Context, url string) ([]byte, error) {
		if first {
			first = false
			close(started)
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return w.docs.Load(ctx, url)
	}
	verifier := verify.New(w.processor, w.checker, verify.Options{Now: now, Load: load})
	done := make(chan *verify.Report)
	go func() { done <- verifier.Credential(ctx, signed) }()
	<-started
	second := make(chan *verify.Report)
	go func() { second <- verifier.Credential(t.Context(), signed) }()
	cancel()
	want(t, <-done, verify.Undetermined, verify.IssuerKey, "stopped")
	select {
	case r := <-second:
		want(t, r, verify.Valid, "", "")
	case <-time.After(2 * time.Minute):
		t.Fatal("the second caller waits for ever")
	}
}
