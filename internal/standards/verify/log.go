package verify

import (
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/material/text"
	"laurel/internal/standards/did"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/rdfc"
	"laurel/internal/standards/tlog"
	"laurel/internal/standards/vc"
)

// MaxLogFile is the size in bytes of a tlog.PlaceFile, at most.
const MaxLogFile = 64 << 10

// Place gives what came with a credential of its place in the log: a tlog.PlaceFile. It
// is told the address of the issuer's site, with a slash at its end, and the id
// of the credential, and asked only for one that did:web's issuer has signed.
// Nil means that nothing came with it; ErrNoPlace, that where the credential came
// from its issuer would have put a tlog.PlaceFile, and did not. With any other error it
// is not known.
type Place func(ctx context.Context, site, id string) ([]byte, error)

// ErrNoPlace is the error of a Place that looked where a tlog.PlaceFile has to be.
var ErrNoPlace = errors.New("there is no " + tlog.PlaceFile + " beside it")

// Logged is Credential for a document with which may have come where it is in
// its issuer's log; place may be nil. What is found out about that stands in the
// row for the log and changes no verdict: it makes nothing better, and a log may
// be broken without a signature becoming a lie.
func (v *Verifier) Logged(ctx context.Context, data []byte, place Place) *Report {
	o, f := one(openAll(data))
	return v.logged(ctx, o, f, place, rdfc.NewBudget(rdfc.DefaultBudget))
}

// All judges each of the credentials and presentations in an input, in their order: there
// are several in an array, in the answer of a server, or attached to one PDF. At least one
// report comes back, at most maxItems and one that says that there are more. Of several,
// Item tells which one each is about. All together may cost ten times what one may.
func (v *Verifier) All(ctx context.Context, data []byte, place Place) []*Report {
	list := openAll(data)
	budget := rdfc.NewBudget(rdfc.DefaultBudget * int64(min(len(list), 10)))
	reports := make([]*Report, len(list))
	for i, o := range list {
		reports[i] = v.logged(ctx, o.opened, o.finding, place, budget)
		if len(list) > 1 {
			reports[i].Item = fmt.Sprintf("[%d]", i)
		}
	}
	return reports
}

func (v *Verifier) logged(ctx context.Context, o opened, f finding, place Place, budget *rdfc.Budget) *Report {
	if whole, ok := v.whole(o); ok {
		o, f = one(openAll(whole))
	}
	w := newWork()
	w.place, w.budget = place, budget
	r, j := v.judge(ctx, o, f, w, 0)
	v.fitness(j, r)
	return r
}

// whole is all that can be shown of a document with a base proof, where that is
// what is judged.
func (v *Verifier) whole(o opened) (shown []byte, ok bool) {
	if !v.o.BaseProofs || o.doc == nil || o.jws != nil {
		return nil, false
	}
	base, err := v.processor.OpenBase(o.doc)
	if err == nil {
		shown, err = base.Derive([]string{""})
	}
	return shown, err == nil
}

// logged looks for the document in the log of its issuer's site, where what came
// with it says.
func (j *judgement) logged(ctx context.Context, issuerID string) finding {
	document, err := did.WebURL(issuerID)
	// What was withheld is in the log only with the rest.
	partial := j.sd != nil && (j.sd.Hidden > 0 || j.sd.Binding != nil) || isDerived(j.doc)
	if err != nil || j.depth > 0 || j.work.place == nil || partial {
		return skipped("log-unplaced")
	}
	site := strings.TrimSuffix(strings.TrimSuffix(document, "did.json"), ".well-known/")
	read := func(path string) ([]byte, error) { return j.v.logFile(ctx, site+tlog.Folder+path) }
	says, err := j.work.place(ctx, site, stringOf(j.doc, "id"))
	missing := errors.Is(err, ErrNoPlace)
	switch {
	case err != nil && !missing:
		return skipped("log-unavailable").with(err.Error())
	case says == nil && !missing:
		return skipped("log-unplaced")
	}
	var places []logPlace
	if !missing {
		if places = readPlaces(says, site+"log"); places == nil {
			return warn("log-missing")
		}
	}
	checkpoint, err := read(tlog.CheckpointPath)
	switch {
	case err != nil && missing:
		return skipped("log-unplaced")
	case err != nil:
		return skipped("log-unavailable").with(err.Error())
	case missing:
		return warn("log-missing.file")
	}
	head, err := tlog.OpenCheckpoint(string(checkpoint), tlog.Origin(strings.TrimSuffix(site, "/")), j.logKeys(ctx, issuerID))
	if err != nil {
		return warn("log-missing.head")
	}
	form := []byte(j.compact)
	if j.jws == nil {
		canonical, err := jsonld.CanonicalJSON(j.doc)
		if err != nil {
			return warn("log-missing")
		}
		form = []byte(canonical)
	}
	behind := false
	for _, p := range places {
		index := int64(*p.Index)
		if index >= head.Size {
			behind = true // what is kept on the way may be older than what came
			continue
		}
		salt, good := text.Base64URL(*p.Salt)
		digest, err := tlog.DocumentDigest(salt, form)
		if !good || err != nil {
			continue
		}
		entry, err := tlog.Find(head, index, read)
		var unread *tlog.ReadError
		switch {
		case errors.As(err, &unread):
			return skipped("log-unavailable").with(unread.Err.Error())
		case err == nil && entry.Digest() == digest:
			return j.loggedAt(entry.Time())
		}
	}
	if behind {
		return skipped("log-unavailable.behind")
	}
	return warn("log-missing")
}

// isDerived tells a document that its holder derived from another.
func isDerived(doc map[string]any) bool {
	return slices.ContainsFunc(vc.Items(doc["proof"]), func(v any) bool {
		p, _ := v.(map[string]any)
		return p["cryptosuite"] == "ecdsa-sd-2023"
	})
}

// logPlace is where a document is said to be in a log. A number is what
// JavaScript takes for one.
type logPlace struct {
	Index *float64 `json:"index"`
	Salt  *string  `json:"salt"`
}

// readPlaces are those of a tlog.PlaceFile that names this log; nil: it is none.
func readPlaces(data []byte, log string) []logPlace {
	var file struct {
		Log       string     `json:"log"`
		Documents []logPlace `json:"documents"`
	}
	if len(data) > MaxLogFile || json.Unmarshal(data, &file, json.RejectUnknownMembers(true)) != nil || file.Log != log || len(file.Documents) > maxLogPlaces {
		return nil
	}
	for _, p := range file.Documents {
		if p.Index == nil || p.Salt == nil || *p.Index != math.Trunc(*p.Index) || math.Abs(*p.Index) >= 1<<53 {
			return nil
		}
	}
	return file.Documents
}

// loggedAt holds the time at which a credential was logged to the one that it
// states, which whoever has the issuer's key chooses.
func (j *judgement) loggedAt(at time.Time) finding {
	name := "validFrom"
	if j.format == FormatVC1 {
		name = "issuanceDate"
	}
	if from, ok := j.timeOf(j.doc[name]); ok && from.given && at.Sub(from.Time) > maxBehind {
		return warn("log-later", "date", sayTime(at), "from", sayTime(from.Time))
	}
	return pass("ok.log", "date", sayTime(at))
}

// logKeys are the issuer's keys that a log's head may be signed with.
func (j *judgement) logKeys(ctx context.Context, issuerID string) []ed25519.PublicKey {
	v := j.v
	i, ok := v.issuers.get(ctx, issuerID, func(ctx context.Context) issuer { return v.findIssuer(ctx, issuerID) })
	if !ok || i.doc == nil {
		return nil
	}
	var keys []ed25519.PublicKey
	for _, m := range i.doc.VerificationMethod {
		if key, f := v.methodKey(i.doc, m.ID, purposeAssertion); good(f) {
			if key, ok := key.(ed25519.PublicKey); ok {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// logFile is a file of a log, or why there is none.
type logFile struct {
	data []byte
	err  error
}

func (f logFile) size() int { return len(f.data) + 256 }

// logFile gets a file of a log, each once: credentials of one issuer have most
// of theirs in common.
func (v *Verifier) logFile(ctx context.Context, url string) ([]byte, error) {
	f, ok := v.logs.get(ctx, url, func(ctx context.Context) logFile {
		data, err := v.o.Load(ctx, url)
		return logFile{data, err}
	})
	if !ok {
		return nil, ctx.Err()
	}
	return f.data, f.err
}
