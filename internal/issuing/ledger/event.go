package ledger

import (
	"fmt"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Type says what an event records.
type Type string

// The types of events.
const (
	TypeKey      Type = "key"
	TypeIssue    Type = "issue"
	TypeStatus   Type = "status"
	TypeList     Type = "list"
	TypeCapsule  Type = "capsule"
	TypeWithdraw Type = "withdraw"
)

// Event is one line: a header, and the payload of its type. The payload's
// members stand flat beside the header's in the JSON.
//
// Append fills the header. Times are in UTC and whole seconds.
type Event struct {
	Seq  int64 // from 1, without gaps
	Time time.Time
	Type Type
	Prev string // hex SHA-256 of the line before, newline not counted; zeros for the first

	// Exactly one is set.
	Key      *KeyEvent
	Issue    *IssueEvent
	Status   *StatusEvent
	List     *ListEvent
	Capsule  *CapsuleEvent
	Withdraw *WithdrawEvent
}

// What a KeyEvent says of a key.
const (
	ActionAdded   = "added"
	ActionRetired = "retired"
	ActionRevoked = "revoked"
)

// KeyEvent is a decision about a signing key. Its place in the ledger is what
// counts when a key was stolen: the thief chooses the dates in what he signs.
type KeyEvent struct {
	Kid    string `json:"kid"`
	Action string `json:"action"` // ActionAdded, ActionRetired or ActionRevoked
	// PublicKeyMultibase is required when added; later it is absent or the same.
	PublicKeyMultibase string    `json:"publicKeyMultibase,omitzero"`
	At                 time.Time `json:"at"`
	Reason             string    `json:"reason,omitzero"`
}

// IssueEvent is one award, secured: index, id and signed documents together,
// so that an index is taken exactly when its credential exists.
type IssueEvent struct {
	Award      string `json:"award"`      // "<cohort>/<achievement>/<recipient key>"
	Credential string `json:"credential"` // urn:uuid:…
	List       int    `json:"list"`       // status list, from 1
	Index      int    `json:"index"`      // in the list, 0 to ListLength-1
	Visibility string `json:"visibility"`
	// Content is a digest of what the award said when it was signed.
	Content    string    `json:"content,omitzero"`
	ValidUntil time.Time `json:"validUntil,omitzero"`
	// Replaces is the id of the award's credential before this one. That one
	// must be revoked by an event before.
	Replaces string `json:"replaces,omitzero"`
	// Variants are the award's further credentials, at most MaxVariants.
	Variants []VariantIssue `json:"variants,omitempty"`
	// Documents are the signed forms, those of the full credential first; each
	// variant has at least one.
	Documents []Document `json:"documents"`
}

// MaxVariants is how many credentials an award may have beside the full one.
const MaxVariants = 16

// VariantIssue is a credential that says less of an award than the full one.
// Its id and index are its own, so that who sees one cannot tell that it
// belongs to the other; its status is the award's.
type VariantIssue struct {
	Name       string `json:"name"`       // anything but Full
	Credential string `json:"credential"` // urn:uuid:…
	List       int    `json:"list"`
	Index      int    `json:"index"`
}

// Full names an award's own credential among its variants.
const Full = "full"

// Document is one secured form of a credential.
type Document struct {
	Format    string `json:"format"` // the cryptosuite or JOSE form
	MediaType string `json:"mediaType"`
	// Variant is a name of IssueEvent.Variants; empty for the full credential.
	Variant string `json:"variant,omitzero"`
	// Document is compact JSON, kept byte for byte: an object for an embedded
	// proof, a string for a compact JOSE form.
	Document jsontext.Value `json:"document"`
}

// What a StatusEvent decides.
const (
	ActionRevoke    = "revoke"
	ActionSuspend   = "suspend"
	ActionReinstate = "reinstate"
)

// StatusEvent is a decision about a credential. A revocation is final; a
// suspension ends by reinstating.
type StatusEvent struct {
	Award      string    `json:"award"`
	Credential string    `json:"credential"`
	Action     string    `json:"action"` // ActionRevoke, ActionSuspend or ActionReinstate
	Reason     string    `json:"reason,omitzero"`
	Date       time.Time `json:"date"`
	Public     bool      `json:"public,omitzero"` // the reason may be published
}

// ListEvent is a status list, secured. Set is the number of bits set in it,
// and must be the number that follows from the events before.
type ListEvent struct {
	List int `json:"list"`
	Set  int `json:"set"`
	// ValidUntil is that of the document; zero where it has none.
	ValidUntil time.Time      `json:"validUntil,omitzero"`
	Document   jsontext.Value `json:"document"` // compact JSON, kept byte for byte
}

// CapsuleEvent is an award, sealed for its learner. It is appended with the
// award's issue event, or later, when the award has become one that is handed
// out by link.
type CapsuleEvent struct {
	Award      string `json:"award"`
	Credential string `json:"credential"` // the full one's
	// Capsules are first the learner's, which holds everything, then, where
	// there are variants, one for each credential alone: the full one, and the
	// variants in their order.
	Capsules []Capsule `json:"capsules"`
	// Packed are the capsules' contents in the same order: JSON strings, each
	// compressed and not encrypted, kept byte for byte. With the key they give
	// the published file, the same bytes always.
	Packed []jsontext.Value `json:"packed"`
}

// Capsule is the name under which a sealed award is published, and the key
// that opens it. Whoever has both reads the award.
type Capsule struct {
	Name    string `json:"name"`             // 32 digits of lower-case hex
	Key     string `json:"key"`              // 256 bits, base64url without padding
	Variant string `json:"variant,omitzero"` // empty for the learner's own
}

// WithdrawEvent takes the capsules of a credential off the site for good.
type WithdrawEvent struct {
	Award      string    `json:"award"`
	Credential string    `json:"credential"` // the full one's
	Reason     string    `json:"reason,omitzero"`
	Date       time.Time `json:"date"`
}

// normalise sets the type from the payload, cuts the payload's times to UTC
// seconds, and checks the event.
func (ev *Event) normalise() error {
	var typ Type
	n := 0
	if ev.Key != nil {
		typ, n = TypeKey, n+1
		ev.Key.At = seconds(ev.Key.At)
	}
	if ev.Issue != nil {
		typ, n = TypeIssue, n+1
		ev.Issue.ValidUntil = seconds(ev.Issue.ValidUntil)
	}
	if ev.Status != nil {
		typ, n = TypeStatus, n+1
		ev.Status.Date = seconds(ev.Status.Date)
	}
	if ev.List != nil {
		typ, n = TypeList, n+1
		ev.List.ValidUntil = seconds(ev.List.ValidUntil)
	}
	if ev.Capsule != nil {
		typ, n = TypeCapsule, n+1
	}
	if ev.Withdraw != nil {
		typ, n = TypeWithdraw, n+1
		ev.Withdraw.Date = seconds(ev.Withdraw.Date)
	}
	if n != 1 {
		return fmt.Errorf("an event has one payload, this one has %d", n)
	}
	if ev.Type != "" && ev.Type != typ {
		return fmt.Errorf("an event of type %s has the payload of type %s", ev.Type, typ)
	}
	ev.Type = typ
	return ev.check()
}

func seconds(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.UTC().Truncate(time.Second)
}
