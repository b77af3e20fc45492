package cases

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/standards/did"
	"laurel/internal/standards/tlog"
	"laurel/internal/standards/verify"
	"laurel/internal/testing/interop"
)

const (
	logSite   = "https://academy.example.org/"
	logOrigin = "academy.example.org/log"
)

// logCase is a credential with a log of its issuer, and what came with it of its
// place there.
type logCase struct {
	Case
	want string // outcome and code of the row
}

// noPlace: where there ought to be a log.json is none.
var noPlace = []byte{}

// logged puts a credential among others in a log of so many entries and has the
// log at hand; change may do something to either.
func logged(name string, c Case, size, index int, at time.Time, want string, change func(*logCase)) logCase {
	salt := sha256.Sum256([]byte(name))
	digest, err := tlog.DocumentDigest(salt[:], bytes.TrimSpace(c.Input))
	check("digest a credential", err)
	entries := make([]tlog.Entry, size)
	for i := range entries {
		entries[i] = tlog.NewEntry(at, sha256.Sum256(fmt.Append(nil, i)))
	}
	entries[index] = tlog.NewEntry(at, digest)
	tree := tlog.NewTree(entries)
	head, err := tree.HeadAt(tree.Size())
	check("compute a head", err)
	l := logCase{c, want}
	l.Suite, l.Name = "log", name
	l.Documents = maps.Clone(c.Documents)
	l.signHead(head, logOrigin, edKey("first"))
	for _, p := range tlog.Paths(tree.Size()) {
		l.Documents[logSite+"log/"+p], err = tree.File(p)
		check("compute a tile", err)
	}
	l.place(logSite+"log", index, salt[:])
	if change != nil {
		change(&l)
	}
	return l
}

func (l *logCase) signHead(head tlog.Head, origin string, key ed25519.PrivateKey) {
	text, err := tlog.SignCheckpoint(origin, head, key)
	check("sign a head", err)
	l.Documents[logSite+"log/checkpoint"] = []byte(text)
}

func (l *logCase) place(log string, index int, salt []byte) {
	var err error
	l.Place, err = json.Marshal(map[string]any{"log": log, "documents": []any{
		map[string]any{"index": 0, "salt": base64.RawURLEncoding.EncodeToString(make([]byte, 32))},
		map[string]any{"index": index, "salt": base64.RawURLEncoding.EncodeToString(salt)}}})
	check("write a place", err)
}

// flip changes one byte of a file of the log.
func flip(path string, at int) func(*logCase) {
	return func(l *logCase) {
		b := bytes.Clone(l.Documents[logSite+"log/"+path])
		b[(len(b)+at)%len(b)] ^= 1
		l.Documents[logSite+"log/"+path] = b
	}
}

func without(path string) func(*logCase) {
	return func(l *logCase) { delete(l.Documents, logSite+"log/"+path) }
}

func says(text string) func(*logCase) { return func(l *logCase) { l.Place = []byte(text) } }

func logCases() []logCase {
	byName := map[string]Case{}
	for _, c := range Good() {
		byName[c.Name] = c
	}
	good := byName["eddsa-rdfc-2022"]
	from := time.Date(2026, 1, 15, 9, 0, 0, 0, time.UTC) // its validFrom
	soon := from.Add(time.Hour)
	const ok, later, missing, unavailable = "pass ok", "warn log-later", "warn log-missing", "skipped log-unavailable"
	var list []logCase
	add := func(name string, size, index int, at time.Time, want string, change func(*logCase)) {
		list = append(list, logged(name, good, size, index, at, want, change))
	}
	for _, at := range [][2]int{{1, 0}, {2, 1}, {3, 2}, {7, 4}, {255, 254}, {256, 255}, {257, 0}, {257, 256}, {600, 300}, {600, 599}, {65_536, 65_535}, {66_100, 66_099}, {66_100, 65_500}} {
		add(fmt.Sprintf("entry-%d-of-%d", at[1], at[0]), at[0], at[1], soon, ok, nil)
	}
	add("before", 5, 3, from.AddDate(0, 0, -9), ok, nil)
	add("a-day", 5, 3, from.Add(24*time.Hour), ok, nil)
	add("more-than-a-day", 5, 3, from.Add(24*time.Hour+time.Second), later, nil)
	add("years-later", 300, 290, from.AddDate(9, 0, 0), later, nil)
	add("other-spelling", 5, 3, soon, ok, func(l *logCase) {
		var v any
		check("read", json.Unmarshal(l.Input, &v))
		var err error
		l.Input, err = json.MarshalIndent(v, "\t", "  ")
		check("write", err)
	})
	add("forged", 5, 3, soon, "skipped not-reached", func(l *logCase) {
		l.Input = bytes.Replace(l.Input, []byte("2026-01-15T09:00:00Z"), []byte("2026-01-15T08:00:00Z"), 1)
	})
	add("no-place", 5, 3, soon, "skipped log-unplaced", func(l *logCase) { l.Place = nil })
	add("place-empty", 5, 3, soon, missing, says(`{"log":"https://academy.example.org/log","documents":[]}`))
	add("place-no-json", 5, 3, soon, missing, says(`{"log":`))
	add("place-other-member", 5, 3, soon, missing, says(`{"log":"https://academy.example.org/log","documents":[],"x":1}`))
	add("place-deep-member", 5, 3, soon, missing, says(`{"log":"https://academy.example.org/log","documents":[{"index":3,"salt":"","x":1}]}`))
	add("place-many", 5, 3, soon, missing, says(`{"log":"https://academy.example.org/log","documents":[`+strings.Repeat(`{"index":0,"salt":""},`, 8)+`{"index":0,"salt":""}]}`))
	add("place-fraction", 5, 3, soon, missing, says(`{"log":"https://academy.example.org/log","documents":[{"index":3.5,"salt":""}]}`))
	for index, want := range map[int]string{-1: missing, 2: missing, 5: unavailable, 1 << 40: unavailable, 1 << 53: missing} {
		add(fmt.Sprintf("place-%d", index), 5, 3, soon, want, func(l *logCase) {
			salt := sha256.Sum256([]byte(l.Name))
			l.place(logSite+"log", index, salt[:])
		})
	}
	add("place-3.0", 5, 3, soon, ok, func(l *logCase) { l.Place = bytes.Replace(l.Place, []byte(`"index":3`), []byte(`"index":3.0`), 1) })
	add("place-without-index", 5, 3, soon, missing, func(l *logCase) { l.Place = bytes.Replace(l.Place, []byte(`"index":0,`), nil, 1) })
	add("place-salt-null", 5, 3, soon, missing, func(l *logCase) { l.Place = bytes.Replace(l.Place, []byte(`"salt":"`), []byte(`"salt":null,"x":"`), 1) })
	add("place-too-long", 5, 3, soon, missing, func(l *logCase) { l.Place = append(l.Place, bytes.Repeat([]byte(" "), verify.MaxLogFile)...) })
	add("file-missing", 5, 3, soon, missing, func(l *logCase) { l.Place = noPlace })
	add("file-missing-no-log", 5, 3, soon, "skipped log-unplaced", func(l *logCase) { l.Place = noPlace; without("checkpoint")(l) })
	add("place-other-salt", 5, 3, soon, missing, func(l *logCase) { l.place(logSite+"log", 3, make([]byte, 32)) })
	add("place-salt-loose", 5, 3, soon, missing, func(l *logCase) { l.Place = bytes.Replace(l.Place, []byte(`"}]`), []byte(`="}]`), 1) })
	add("place-in-other-log", 5, 3, soon, missing, func(l *logCase) { l.place("https://evil.example/log", 3, nil) })
	add("entry-changed", 300, 290, soon, missing, flip("tile/entries/001.p/44", 34*42+20))
	add("entry-length", 300, 290, soon, missing, flip("tile/entries/001.p/44", 34*42+1))
	add("entries-longer", 300, 290, soon, missing, func(l *logCase) {
		p := logSite + "log/tile/entries/001.p/44"
		l.Documents[p] = append(slices.Clone(l.Documents[p]), 0)
	})
	add("tile-changed", 300, 290, soon, missing, flip("tile/0/001.p/44", 5))
	add("tile-above-changed", 300, 290, soon, missing, flip("tile/1/000.p/1", 5))
	add("tile-shorter", 300, 290, soon, missing, func(l *logCase) {
		p := logSite + "log/tile/0/001.p/44"
		l.Documents[p] = l.Documents[p][32:]
	})
	add("no-checkpoint", 5, 3, soon, unavailable, without("checkpoint"))
	add("no-tile", 300, 290, soon, unavailable, without("tile/0/001.p/44"))
	add("no-entries", 300, 290, soon, unavailable, without("tile/entries/001.p/44"))
	add("signature-changed", 5, 3, soon, missing, flip("checkpoint", -9))
	add("size-changed", 5, 3, soon, missing, func(l *logCase) {
		p := logSite + "log/checkpoint"
		l.Documents[p] = bytes.Replace(l.Documents[p], []byte("\n5\n"), []byte("\n6\n"), 1)
	})
	add("checkpoint-empty", 5, 3, soon, missing, func(l *logCase) { l.Documents[logSite+"log/checkpoint"] = []byte("\n") })
	add("other-key", 5, 3, soon, missing, func(l *logCase) { l.signHead(tlog.Head{Size: 5}, logOrigin, edKey("mallory")) })
	add("other-origin", 5, 3, soon, missing, func(l *logCase) { l.signHead(tlog.Head{Size: 5}, "evil.example/log", edKey("first")) })
	add("other-root", 5, 3, soon, missing, func(l *logCase) { l.signHead(tlog.Head{Size: 5}, logOrigin, edKey("first")) })
	add("another-signs-too", 5, 3, soon, ok, func(l *logCase) {
		p := logSite + "log/checkpoint"
		l.Documents[p] = append(slices.Clone(l.Documents[p]), "\u2014 witness.example "+base64.StdEncoding.EncodeToString(make([]byte, 76))+"\n"...)
	})
	add("head-of-revoked-key", 5, 3, soon, missing, func(l *logCase) {
		d := did.WebDocument(issuerID, []did.PublishedKey{
			{Kid: "key-2026-1", PublicKeyMultibase: multikey(edKey("first").Public())},
			{Kid: "key-old", PublicKeyMultibase: multikey(edKey("old").Public()), Revoked: from},
		})
		var err error
		l.Documents[issuerID], err = d.Encode()
		check("write a DID document", err)
		l.signHead(tlog.Head{Size: 5}, logOrigin, edKey("old"))
	})
	for _, name := range slices.Sorted(maps.Keys(byName)) {
		c := byName[name]
		if jwt := bytes.HasPrefix(c.Input, []byte("eyJ")); jwt || bytes.HasPrefix(c.Input, []byte("{")) && strings.Contains(name, "2022") {
			list = append(list, logged("form-"+name, c, 9, 4, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), "any", nil))
		}
	}
	return list
}

// TestLogCases has laurel's verifier and the page's find credentials in their
// issuer's log, or not, and say the same of it; whatever they say, the rest of
// the report is as if there were no log.
func TestLogCases(t *testing.T) {
	if err := interop.Install(t.Context(), pageSource); err != nil {
		t.Fatal(err)
	}
	list := logCases()
	var cases []Case
	for _, l := range list {
		cases = append(cases, l.Case)
	}
	answers := askPage(t, cases)
	met := map[string]int{}
	for _, l := range list {
		place := verify.Place(nil)
		if l.Place != nil {
			place = func(context.Context, string, string) ([]byte, error) {
				if len(l.Place) == 0 {
					return nil, verify.ErrNoPlace
				}
				return l.Place, nil
			}
		}
		v := verifierOf(t, l.Case)
		r, plain := v.Logged(t.Context(), l.Input, place), v.Credential(t.Context(), l.Input)
		row, _ := r.Check(verify.Log)
		mine := string(row.Outcome) + " " + row.Code
		met[mine]++
		if mine != l.want && l.want != "any" || l.want == "any" && mine != "pass ok" && r.Format != verify.FormatPresentation {
			t.Errorf("%s: laurel says %q, want %q", l.Name, mine, l.want)
		}
		plain.Checks = slices.DeleteFunc(plain.Checks, func(c verify.Check) bool { return c.Name == verify.Log })
		others := slices.DeleteFunc(slices.Clone(r.Checks), func(c verify.Check) bool { return c.Name == verify.Log })
		if r.Verdict != plain.Verdict || !slices.Equal(others, plain.Checks) {
			t.Errorf("%s: with its log it is %s, without %s", l.Name, r.Verdict, plain.Verdict)
		}
		page := answers[l.id()]
		theirs, text := "", ""
		if c, ok := page.Check(verify.Log); ok {
			theirs, text = string(c.Outcome)+" "+c.Code, c.Text
		}
		if theirs != mine || text != row.Text || page.Verdict != r.Verdict {
			t.Errorf("%s: the page says %s %q %q, laurel %s %q %q", l.Name, page.Verdict, theirs, text, r.Verdict, mine, row.Text)
		}
	}
	t.Logf("%d cases: %v", len(list), met)
}
