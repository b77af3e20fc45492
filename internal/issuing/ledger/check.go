package ledger

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/material/text"
)

// check judges an event by itself: what it says of the events before it is for
// State.apply. Messages quote no award and no reason: both may name people.
func (ev *Event) check() error {
	if err := checkTime("time", ev.Time); err != nil {
		return err
	}
	if b, err := hex.DecodeString(ev.Prev); err != nil || len(b)*2 != len(zeroPrev) || strings.ToLower(ev.Prev) != ev.Prev {
		return errors.New("prev is not a SHA-256 in lower-case hex")
	}
	if ev.Merged < 0 || ev.Merged > ev.Seq {
		return fmt.Errorf("merged is %d, and no event of this one's past", ev.Merged)
	}
	if b, ok := text.Base64URL(ev.Salt); !ok || len(b) != saltSize {
		return errors.New("salt is not 22 characters of base64url")
	}
	switch {
	case ev.Key != nil:
		return ev.Key.check()
	case ev.Issue != nil:
		return ev.Issue.check()
	case ev.Status != nil:
		return ev.Status.check()
	case ev.List != nil:
		return ev.List.check()
	case ev.Capsule != nil:
		return ev.Capsule.check()
	case ev.Withdraw != nil:
		return ev.Withdraw.check()
	case ev.Head != nil:
		return ev.Head.check()
	case ev.Log != nil:
		return ev.Log.check()
	case ev.Merge != nil:
		return ev.Merge.check()
	default:
		return ev.Clock.check()
	}
}

func (k *KeyEvent) check() error {
	switch k.Action {
	case ActionAdded, ActionRetired, ActionRevoked:
	default:
		return fmt.Errorf("key event: unknown action %q", abbreviate(k.Action))
	}
	if k.Action == ActionAdded && k.PublicKeyMultibase == "" {
		return errors.New("key event: a key is added without publicKeyMultibase")
	}
	if k.Action != ActionAdded && k.Profile != "" {
		return errors.New("key event: whose key it is was said when it was added")
	}
	return cmp.Or(checkName("kid", k.Kid), checkProfile(k.Profile), checkTime("at", k.At), checkText("reason", k.Reason))
}

// maxEvidence is how many files of evidence an award may have.
const maxEvidence = 1000

// maxCertificate bounds what an award's certificate is said to show.
const maxCertificate = 32 << 10

func (is *IssueEvent) check() error {
	if len(is.Documents) == 0 {
		return errors.New("issue event: no documents")
	}
	for i := range is.Documents {
		d := &is.Documents[i]
		err := cmp.Or(checkName("format", d.Format), checkName("mediaType", d.MediaType), checkText("variant", d.Variant), checkDocument(d.Document))
		if err != nil {
			return fmt.Errorf("issue event: documents[%d]: %w", i, err)
		}
	}
	if err := is.checkVariants(); err != nil {
		return fmt.Errorf("issue event: %w", err)
	}
	names := map[string]bool{}
	for i, f := range is.Evidence {
		if raw, err := hex.DecodeString(f.SHA256); err != nil || len(raw) != 32 || !text.IsFileName(f.Name) || names[f.Name] || len(is.Evidence) > maxEvidence {
			return fmt.Errorf("issue event: evidence[%d] is no file that can be published", i)
		}
		names[f.Name] = true
	}
	if is.Certificate != "" && (len(is.Certificate) > maxCertificate || jsontext.Value(is.Certificate).Kind() != '{' || !jsontext.Value(is.Certificate).IsValid()) {
		return errors.New("issue event: certificate is not a small object of JSON")
	}
	if !is.ValidUntil.IsZero() {
		if err := checkTime("validUntil", is.ValidUntil); err != nil {
			return err
		}
	}
	if !is.AwardedDate.IsZero() {
		if err := checkTime("awardedDate", is.AwardedDate); err != nil {
			return err
		}
	}
	switch is.Renewal {
	case "":
	case RenewalKeep, RenewalSupersede:
		if is.Replaces == "" || is.AwardedDate.IsZero() {
			return errors.New("issue event: a renewal without what it replaces, or without a date")
		}
	default:
		return fmt.Errorf("issue event: unknown renewal %q", abbreviate(is.Renewal))
	}
	return cmp.Or(checkEntry(is.List, is.Index), checkName("award", is.Award), checkName("credential", is.Credential),
		checkName("visibility", is.Visibility), checkProfile(is.Profile), checkText("content", is.Content), checkText("replaces", is.Replaces), checkText("definition", is.Definition))
}

// checkVariants holds variants and documents to each other: the full
// credential's stand first, then each variant's, in their order.
func (is *IssueEvent) checkVariants() error {
	if len(is.Variants) > MaxVariants {
		return fmt.Errorf("%d variants, the limit is %d", len(is.Variants), MaxVariants)
	}
	order := []string{""}
	for i, v := range is.Variants {
		if v.Name == Full || slices.Contains(order, v.Name) {
			return fmt.Errorf("variants[%d]: there is already one with this name", i)
		}
		if err := cmp.Or(checkName("name", v.Name), checkName("credential", v.Credential), checkEntry(v.List, v.Index)); err != nil {
			return fmt.Errorf("variants[%d]: %w", i, err)
		}
		order = append(order, v.Name)
	}
	for i := range is.Documents {
		v := is.Documents[i].Variant
		if len(order) > 0 && v == order[0] {
			order = order[1:]
		} else if i == 0 || v != is.Documents[i-1].Variant {
			return fmt.Errorf("documents[%d]: its variant does not belong here", i)
		}
	}
	if len(order) > 0 {
		return errors.New("a variant has no document")
	}
	return nil
}

func (c *CapsuleEvent) check() error {
	if len(c.Capsules) == 0 || len(c.Capsules) != len(c.Packed) {
		return fmt.Errorf("capsule event: %d capsules with %d contents", len(c.Capsules), len(c.Packed))
	}
	for i, one := range c.Capsules {
		if err := one.check(); err != nil {
			return fmt.Errorf("capsule event: capsules[%d]: %w", i, err)
		}
		if s := c.Packed[i]; !isSkipped(s) && (s.Kind() != '"' || !isCompact(s)) {
			return fmt.Errorf("capsule event: packed[%d] is not a JSON string, without white space around it", i)
		}
	}
	return cmp.Or(checkName("award", c.Award), checkName("credential", c.Credential))
}

// check does not quote what it refuses: a key is a secret.
func (c *Capsule) check() error {
	if b, err := hex.DecodeString(c.Name); err != nil || len(b) != 16 || strings.ToLower(c.Name) != c.Name {
		return errors.New("the name is not 32 digits of lower-case hex")
	}
	if b, ok := text.Base64URL(c.Key); !ok || len(b) != 32 {
		return errors.New("the key is not 43 characters of base64url")
	}
	return checkText("variant", c.Variant)
}

func (w *WithdrawEvent) check() error {
	if w.Reason != "" {
		if err := checkName("reason", w.Reason); err != nil {
			return err
		}
	}
	return cmp.Or(checkName("award", w.Award), checkName("credential", w.Credential), checkTime("date", w.Date))
}

func (st *StatusEvent) check() error {
	switch st.Action {
	case ActionRevoke, ActionSuspend, ActionReinstate:
	default:
		return fmt.Errorf("status event: unknown action %q", abbreviate(st.Action))
	}
	if st.Reissue && st.Action != ActionRevoke {
		return fmt.Errorf("status event: %s does not go with reissue", st.Action)
	}
	if st.Reason != "" {
		if err := checkName("reason", st.Reason); err != nil {
			return err
		}
	}
	return cmp.Or(checkName("award", st.Award), checkName("credential", st.Credential), checkTime("date", st.Date))
}

func (li *ListEvent) check() error {
	if li.Set < 0 || li.Set > ListLength {
		return fmt.Errorf("list event: %d bits cannot be set in a list of %d", li.Set, ListLength)
	}
	if !li.ValidUntil.IsZero() {
		if err := checkTime("validUntil", li.ValidUntil); err != nil {
			return err
		}
	}
	if len(li.Kept) > 0 && !li.Frozen {
		return errors.New("list event: bits are kept that belong to no credential, but the list is not frozen")
	}
	for i, index := range li.Kept {
		if index < 0 || index >= ListLength || i > 0 && index <= li.Kept[i-1] {
			return fmt.Errorf("list event: kept[%d] is outside the list, or not in order", i)
		}
	}
	return cmp.Or(checkList(li.List), checkProfile(li.Profile), checkText("token", li.Token), checkDocument(li.Document))
}

// maxCheckpoint is longer than any checkpoint with one signature, in bytes.
const maxCheckpoint = 4096

func checkCheckpoint(s string) error {
	if len(s) > maxCheckpoint {
		return fmt.Errorf("checkpoint has %d bytes, the limit is %d", len(s), maxCheckpoint)
	}
	return checkText("checkpoint", s)
}

func (h *HeadEvent) check() error {
	switch {
	case h.Size < 1:
		return fmt.Errorf("head event: size %d", h.Size)
	case len(h.Root) != sha256.Size:
		return fmt.Errorf("head event: root has %d bytes, not %d", len(h.Root), sha256.Size)
	case len(h.Edge) != sha256.Size*bits.OnesCount64(uint64(h.Size)):
		return fmt.Errorf("head event: edge has %d bytes, which is not one hash for each perfect tree of %d leaves", len(h.Edge), h.Size)
	case h.Checkpoint == "":
		return errors.New("head event: no checkpoint")
	}
	return checkCheckpoint(h.Checkpoint)
}

func (l *LogEvent) check() error {
	if n := len(l.Entries); n == 0 || n%EntrySize != 0 || n > MaxLogEntries*EntrySize {
		return fmt.Errorf("log event: entries have %d bytes, not 1 to %d times %d", n, MaxLogEntries, EntrySize)
	}
	return nil
}

func (m *MergeEvent) check() error {
	if b, err := hex.DecodeString(m.Hash); err != nil || len(b) != sha256.Size || strings.ToLower(m.Hash) != m.Hash {
		return errors.New("merge event: hash is not a SHA-256 in lower-case hex")
	}
	if m.Seq < 1 || m.Events < 0 || int64(m.Events) > m.Seq {
		return fmt.Errorf("merge event: %d events cannot have been taken in from a ledger of %d", m.Events, m.Seq)
	}
	return checkCheckpoint(m.Checkpoint)
}

func (c *ClockEvent) check() error {
	if c.Reason != "" {
		if err := checkName("reason", c.Reason); err != nil {
			return err
		}
	}
	return checkTime("at", c.At)
}

// MaxList is the highest number of a status list.
const MaxList = 9999

func checkList(n int) error {
	if n < 1 || n > MaxList {
		return fmt.Errorf("list %d is outside 1 to %d", n, MaxList)
	}
	return nil
}

func checkEntry(list, index int) error {
	if index < 0 || index >= ListLength {
		return fmt.Errorf("index %d is outside the list, which has %d entries", index, ListLength)
	}
	return checkList(list)
}

// checkTime allows only what comes back from JSON as it went in.
func checkTime(name string, t time.Time) error {
	_, offset := t.Zone()
	if t.IsZero() || t.Year() < 1 || t.Year() > 9999 || t.Nanosecond() != 0 || offset != 0 {
		return fmt.Errorf("%s is not a UTC time in whole seconds", name)
	}
	return nil
}

// checkName allows one non-empty line.
func checkName(name, s string) error {
	if s == "" {
		return fmt.Errorf("%s is empty", name)
	}
	if strings.ContainsFunc(s, unicode.IsControl) {
		return fmt.Errorf("%s has a control character", name)
	}
	return checkText(name, s)
}

func checkProfile(s string) error {
	if s == "" {
		return nil
	}
	return checkName("profile", s)
}

func checkText(name, s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("%s is not UTF-8", name)
	}
	return nil
}

// checkDocument refuses a document that could not be read back byte for byte.
// Whether it is JSON at all is for the encoder to find out.
func checkDocument(d jsontext.Value) error {
	switch {
	case isSkipped(d):
		return nil
	case d.Kind() != '{' && d.Kind() != '"':
		return errors.New("the document is neither a JSON object nor a JSON string")
	case !isCompact(d):
		return errors.New("the document is not compact JSON: there is white space between its tokens")
	}
	return nil
}

// isCompact tells whether there is no white space outside the strings of d.
func isCompact(d []byte) bool {
	for len(d) > 0 {
		quote := bytes.IndexByte(d, '"')
		if quote < 0 {
			quote = len(d)
		}
		for _, c := range d[:quote] {
			if c <= ' ' {
				return false
			}
		}
		d = d[min(quote+1, len(d)):]
		i := 0
		for i < len(d) && d[i] != '"' {
			if d[i] == '\\' {
				i++ // what is escaped
			}
			i++
		}
		d = d[min(i+1, len(d)):]
	}
	return true
}
