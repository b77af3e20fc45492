package verify

import (
	"context"
	"crypto/ed25519"
	"errors"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/internal/material/text"
	"laurel/internal/standards/did"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/tlog"
)

// LogFile is the name of the file beside a credential that says where it is in
// its issuer's log, and MaxLogFile its size in bytes, at most.
const (
	LogFile    = "log.json"
	MaxLogFile = 64 << 10
)

// Place gives what came with a credential of its place in the log: a LogFile. It
// is told the address of the issuer's site, with a slash at its end, and asked
// only for a credential that did:web's issuer has signed. Nil means that nothing
// came with it.
type Place func(ctx context.Context, site string) []byte

// Logged is Credential for a document with which may have come where it is in
// its issuer's log. The report then has a row more, the one for the log. It
// makes nothing better: the verdict is that of the other rows.
func (v *Verifier) Logged(ctx context.Context, data []byte, place Place) *Report {
	o, f := open(data)
	r, j := v.judge(ctx, o, f, newWork(), 0)
	if place != nil && r.passed(Proof) && r.passed(IssuerKey) && o.format != FormatPresentation {
		if f, ok := j.logged(ctx, place); ok {
			r.Checks = append(r.Checks, f.check(Log))
		}
	}
	v.fitness(j, r)
	return r
}

// logged looks for the document in the log of its issuer's site, where what came
// with it says. ok tells whether anything did.
func (j *judgement) logged(ctx context.Context, place Place) (f finding, ok bool) {
	issuerID := idOf(j.doc["issuer"])
	document, err := did.WebURL(issuerID)
	if err != nil {
		return f, false
	}
	site := strings.TrimSuffix(strings.TrimSuffix(document, "did.json"), ".well-known/")
	says := place(ctx, site)
	if says == nil {
		return f, false
	}
	var file struct {
		Log       string `json:"log"`
		Documents []struct {
			Index int64  `json:"index"`
			Salt  string `json:"salt"`
		} `json:"documents"`
	}
	if json.Unmarshal(says, &file, json.RejectUnknownMembers(true)) != nil || file.Log != site+"log" || len(file.Documents) > maxLogPlaces {
		return warn("log-mismatch"), true
	}
	read := func(path string) ([]byte, error) { return j.v.o.Load(ctx, site+"log/"+path) }
	checkpoint, err := read(tlog.CheckpointPath)
	if err != nil {
		return skipped("log-unavailable").with(err.Error()), true
	}
	head, err := tlog.OpenCheckpoint(string(checkpoint), tlog.Origin(strings.TrimSuffix(site, "/")), j.logKeys(ctx, issuerID))
	if err != nil {
		return warn("log-mismatch.head"), true
	}
	form := []byte(j.compact)
	if j.jws == nil {
		canonical, err := jsonld.CanonicalJSON(j.doc)
		if err != nil {
			return warn("log-mismatch"), true
		}
		form = []byte(canonical)
	}
	for _, d := range file.Documents {
		salt, good := text.Base64URL(d.Salt)
		digest, err := tlog.DocumentDigest(salt, form)
		if !good || err != nil {
			continue
		}
		entry, err := tlog.Find(head, d.Index, read)
		var unread *tlog.ReadError
		switch {
		case errors.As(err, &unread):
			return skipped("log-unavailable").with(unread.Err.Error()), true
		case err == nil && entry.Digest() == digest:
			return j.loggedAt(entry.Time()), true
		}
	}
	return warn("log-mismatch"), true
}

// loggedAt holds the time at which a credential was logged to the one that it
// states, which whoever has the issuer's key chooses.
func (j *judgement) loggedAt(at time.Time) finding {
	name := "validFrom"
	if j.format == FormatVC1 {
		name = "issuanceDate"
	}
	if from, ok := j.timeOf(j.doc[name]); ok && !from.IsZero() && at.Sub(from) > maxBehind {
		return warn("log-later", "date", sayTime(at), "from", sayTime(from))
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
		if key, f := v.methodKey(i.doc, m.ID, purposeAssertion); f.outcome == Pass {
			if key, ok := key.(ed25519.PublicKey); ok {
				keys = append(keys, key)
			}
		}
	}
	return keys
}
