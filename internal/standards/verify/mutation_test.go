package verify_test

import (
	"bytes"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"laurel/internal/standards/bake"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/verify"
)

// Ten ways to lie with a signed credential, and some more.
func TestNamedMutations(t *testing.T) {
	w := newWorld(t)
	signed := w.sign(credential())
	verifier := w.verifier(now)
	want(t, verifier.Credential(t.Context(), signed), verify.Valid, "", "")
	subject := func(doc map[string]any) map[string]any { return doc["credentialSubject"].(map[string]any) }
	achievement := func(doc map[string]any) map[string]any { return subject(doc)["achievement"].(map[string]any) }
	theProof := func(doc map[string]any) map[string]any { return doc["proof"].([]any)[0].(map[string]any) }
	for name, change := range map[string]func(doc map[string]any){
		"another-learner":        func(doc map[string]any) { subject(doc)["id"] = "did:web:mallory.example" },
		"another-achievement":    func(doc map[string]any) { achievement(doc)["name"] = "Brain surgery" },
		"easier-criteria":        func(doc map[string]any) { achievement(doc)["criteria"] = map[string]any{"narrative": "None."} },
		"another-issuer":         func(doc map[string]any) { doc["issuer"].(map[string]any)["id"] = "did:web:evil.example" },
		"another-issuer-name":    func(doc map[string]any) { doc["issuer"].(map[string]any)["name"] = "Example University" },
		"longer-validity":        func(doc map[string]any) { doc["validUntil"] = "2099-01-01T00:00:00Z" },
		"no-end":                 func(doc map[string]any) { delete(doc, "validUntil") },
		"earlier-award":          func(doc map[string]any) { doc["awardedDate"] = "2001-01-01T00:00:00Z" },
		"no-status":              func(doc map[string]any) { delete(doc, "credentialStatus") },
		"empty-status":           func(doc map[string]any) { doc["credentialStatus"] = []any{} },
		"null-status":            func(doc map[string]any) { doc["credentialStatus"] = nil },
		"another-status-index":   func(doc map[string]any) { doc["credentialStatus"].(map[string]any)["statusListIndex"] = "1" },
		"another-status-purpose": func(doc map[string]any) { doc["credentialStatus"].(map[string]any)["statusPurpose"] = "refresh" },
		"status-moved": func(doc map[string]any) {
			achievement(doc)["credentialStatus"] = doc["credentialStatus"]
			delete(doc, "credentialStatus")
		},
		"status-in-a-second-description": func(doc map[string]any) {
			inner := map[string]any{"id": doc["id"], "type": []any{"VerifiableCredential"}, "credentialStatus": doc["credentialStatus"]}
			subject(doc)["related"] = inner
			delete(doc, "credentialStatus")
		},
		"another-id": func(doc map[string]any) { doc["id"] = "urn:uuid:00000000-0000-4000-8000-000000000000" },
		"second-subject": func(doc map[string]any) {
			doc["credentialSubject"] = []any{subject(doc), with(subject(doc), map[string]any{"id": "did:web:mallory.example"})}
		},
		"added-narrative":    func(doc map[string]any) { subject(doc)["narrative"] = "With distinction." },
		"one-context-less":   func(doc map[string]any) { doc["@context"] = doc["@context"].([]any)[:1] },
		"contexts-swapped":   func(doc map[string]any) { slices.Reverse(doc["@context"].([]any)) },
		"proof-removed":      func(doc map[string]any) { delete(doc, "proof") },
		"proof-value-short":  func(doc map[string]any) { p := theProof(doc); p["proofValue"] = p["proofValue"].(string)[:40] },
		"proof-of-other-key": func(doc map[string]any) { theProof(doc)["verificationMethod"] = issuerID + "#key-2" },
		"proof-purpose":      func(doc map[string]any) { theProof(doc)["proofPurpose"] = "authentication" },
		"proof-type":         func(doc map[string]any) { theProof(doc)["type"] = "Ed25519Signature2020" },
		"vocab-injected": func(doc map[string]any) {
			doc["@context"] = append(doc["@context"].([]any), map[string]any{"@vocab": "x:"})
		},
	} {
		t.Run(name, func(t *testing.T) {
			doc := decode(t, signed)
			change(doc)
			r := verifier.Credential(t.Context(), encode(t, doc))
			if r.Verdict == verify.Valid {
				t.Error("valid")
				logReport(t, r)
			}
		})
	}
}

// TestBitFlips flips a bit of every third byte of a signed credential, or every
// bit of every byte when LAUREL_ALL_BITS is set. What is valid all the same must
// state the same.
func TestBitFlips(t *testing.T) {
	w := newWorld(t)
	signed := w.sign(credential())
	want := statements(t, decode(t, signed))
	verifier := w.verifier(now)
	count, valid := 0, 0
	for i := range signed {
		for bit := range 8 {
			if os.Getenv("LAUREL_ALL_BITS") == "" && (i%3 != 0 || bit != i/3%8) {
				continue
			}
			mutant := bytes.Clone(signed)
			mutant[i] ^= 1 << bit
			count++
			if w.judgeMutant(verifier, mutant, want) {
				valid++
			}
		}
	}
	t.Logf("%d bytes, %d flips, %d valid and equal", len(signed), count, valid)
}

// judgeMutant fails the test if a mutant is valid and states something else. It
// tells whether it is valid.
func (w *world) judgeMutant(v *verify.Verifier, mutant []byte, want string) bool {
	w.t.Helper()
	r := v.Credential(w.t.Context(), mutant)
	if r.Verdict != verify.Valid {
		return false
	}
	doc, err := jsonld.ParseObject(mutant)
	if err != nil || statements(w.t, doc) != want {
		w.t.Errorf("valid, and not what was signed: %s", mutant)
	}
	return true
}

// TestNodeMutations deletes, duplicates and empties every node of a signed
// credential, and moves every member to every other object.
func TestNodeMutations(t *testing.T) {
	w := newWorld(t)
	signed := w.sign(credential())
	want := statements(t, decode(t, signed))
	verifier := w.verifier(now)
	count, valid := 0, 0
	try := func(change func(doc map[string]any)) {
		doc := decode(t, signed)
		change(doc)
		count++
		if w.judgeMutant(verifier, encode(t, doc), want) {
			valid++
		}
	}
	paths := objectPaths(decode(t, signed), nil)
	for _, path := range paths {
		for _, name := range slices.Sorted(maps.Keys(objectAt(decode(t, signed), path))) {
			try(func(doc map[string]any) { delete(objectAt(doc, path), name) })
			try(func(doc map[string]any) { o := objectAt(doc, path); o[name] = []any{o[name], o[name]} })
			try(func(doc map[string]any) { o := objectAt(doc, path); o[name] = []any{o[name]} })
			try(func(doc map[string]any) { objectAt(doc, path)[name] = nil })
			try(func(doc map[string]any) { objectAt(doc, path)[name] = []any{} })
			try(func(doc map[string]any) { objectAt(doc, path)[strings.ToUpper(name)] = objectAt(doc, path)[name] })
			for _, to := range paths {
				if slices.Equal(to, path) || len(to) > len(path) && slices.Equal(to[:len(path)], path) {
					continue
				}
				try(func(doc map[string]any) {
					from := objectAt(doc, path)
					value := from[name]
					delete(from, name)
					objectAt(doc, to)[name] = value
				})
			}
		}
	}
	t.Logf("%d mutants, %d valid and equal", count, valid)
}

// objectPaths are the ways to every object of a document.
func objectPaths(v any, path []any) [][]any {
	var found [][]any
	switch v := v.(type) {
	case map[string]any:
		found = append(found, slices.Clone(path))
		for _, name := range slices.Sorted(maps.Keys(v)) {
			found = append(found, objectPaths(v[name], append(slices.Clone(path), name))...)
		}
	case []any:
		for i, item := range v {
			found = append(found, objectPaths(item, append(slices.Clone(path), i))...)
		}
	}
	return found
}

func objectAt(v any, path []any) map[string]any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			v = v.(map[string]any)[step]
		case int:
			v = v.([]any)[step]
		}
	}
	return v.(map[string]any)
}

// FuzzCredential holds the verifier to: never a panic, never valid without the
// issuer's signature over these statements, never a text that could draw on a
// terminal.
func FuzzCredential(f *testing.F) {
	w := newWorld(f)
	signed := w.sign(credential())
	want := statements(f, decode(f, signed))
	f.Add(signed)
	f.Add(w.list(nil, 1))
	f.Add([]byte(`{"@context":["https://www.w3.org/ns/credentials/v2"],"type":["VerifiableCredential"]}`))
	list, err := json.Marshal([]any{credential(), endorsement()}, json.Deterministic(true))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(list)
	jwt := jwtOf(f, credential(), registered())
	f.Add(jwt)
	f.Add(encode(f, envelope("EnvelopedVerifiableCredential", "data:application/vc+jwt,"+string(jwt))))
	f.Add(encode(f, presentation(decode(f, signed), string(jwt))))
	f.Add(w.sign(clr(decode(f, signed))))
	f.Add([]byte(`<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>`))
	f.Add(inPDF(signed))
	f.Add(inHTML(f, signed))
	verifier := w.verifier(now)
	record := statements(f, decode(f, w.sign(clr(decode(f, signed)))))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := verifier.Credential(t.Context(), data)
		wantSafe(t, r)
		if r.Verdict != verify.Valid {
			return
		}
		data = inside(t, r.Carrier, data)
		switch r.Format {
		case verify.FormatPresentation:
			return // as good as its parts
		case verify.FormatJWT:
			if text, err := url.PathUnescape(string(data)); err != nil || !strings.Contains(text, string(jwt)) {
				t.Errorf("valid: %s", data)
			}
			return
		}
		doc, err := jsonld.ParseObject(data)
		if err != nil {
			t.Fatal(err)
		}
		if got := statements(t, doc); got != want && got != record && !strings.Contains(got, "BitstringStatusListCredential") {
			t.Errorf("valid: %s", data)
		}
	})
}

// inside is the credential that a certificate carries.
func inside(t *testing.T, carrier string, data []byte) []byte {
	t.Helper()
	switch carrier {
	case "pdf":
		files, err := bake.Attachments(data)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if bytes.Contains(file, []byte("credentialSubject")) || bytes.HasPrefix(bytes.TrimSpace(file), []byte("eyJ")) {
				return file
			}
		}
		t.Fatalf("valid, with nothing attached: %q", data)
	case "html":
		own, _, err := bake.FromHTML(data)
		if err != nil || len(own) != 1 {
			t.Fatal(len(own), err)
		}
		return own[0]
	}
	return data
}
