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
	TypeHead     Type = "head"
	TypeLog      Type = "log"
	TypeMerge    Type = "merge"
	TypeClock    Type = "clock"
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
	// Salt is 128 random bits, base64url without padding: with it, the line's
	// hash, which the log publishes, tells nothing about anybody. Append draws
	// it, unless the event comes from another ledger and has one.
	Salt string

	// Merged is, in an event that was taken in from another copy of the ledger, the
	// number of the first event in which the copies differed; else 0. Such an event
	// keeps its time and salt, and has no effect where it contradicts what was there:
	// see Writer.Merge.
	Merged int64

	// Exactly one is set.
	Key      *KeyEvent
	Issue    *IssueEvent
	Status   *StatusEvent
	List     *ListEvent
	Capsule  *CapsuleEvent
	Withdraw *WithdrawEvent
	Head     *HeadEvent
	Log      *LogEvent
	Merge    *MergeEvent
	Clock    *ClockEvent
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
	PublicKeyMultibase string `json:"publicKeyMultibase,omitzero"`
	// Profile is whose key it is, when it is added: the name of another profile
	// than the issuer's; empty: the issuer's. Nothing of one is signed with a key of
	// another.
	Profile string    `json:"profile,omitzero"`
	At      time.Time `json:"at"`
	Reason  string    `json:"reason,omitzero"`
}

// IssueEvent is one award, secured: index, id and signed documents together,
// so that an index is taken exactly when its credential exists.
type IssueEvent struct {
	Award      string `json:"award"`      // "<cohort>/<achievement>/<recipient key>"
	Credential string `json:"credential"` // urn:uuid:…
	List       int    `json:"list"`       // status list, from 1
	Index      int    `json:"index"`      // in the list, 0 to ListLength-1
	Visibility string `json:"visibility"`
	// Profile is who issued it, as in KeyEvent; its entry is in a list of theirs.
	Profile string `json:"profile,omitzero"`
	// Content is a digest of what the award said when it was signed.
	Content    string    `json:"content,omitzero"`
	ValidUntil time.Time `json:"validUntil,omitzero"`
	// Replaces is the id of the award's credential before this one. That one
	// must be revoked by an event before, unless this one renews it.
	Replaces string `json:"replaces,omitzero"`
	// Renewal tells that this one renews the one before, and what comes of that: it
	// stays as it is until it ends (RenewalKeep), or an event behind this one revokes it
	// (RenewalSupersede). Empty: it renews none.
	Renewal string `json:"renewal,omitzero"`
	// AwardedDate is that of an award that was renewed, ever: since then its dates are
	// the ledger's, unless its content has a later one. Else zero.
	AwardedDate time.Time `json:"awardedDate,omitzero"`
	// Adopted tells that the credential was found signed, and was entered as
	// it is. Only such a one may have an index in a frozen list.
	Adopted bool `json:"adopted,omitzero"`
	// Variants are the award's further credentials, at most MaxVariants.
	Variants []VariantIssue `json:"variants,omitempty"`
	// Definition is vc.Achievement's of what was awarded, by which versions of it are
	// told apart; empty for what is no achievement's.
	Definition string `json:"definition,omitzero"`
	// Evidence are the files that the full credential has the digests of. Their bytes
	// are not here: public ones are in content/evidence, sealed ones in the capsules
	// as well.
	Evidence []EvidenceFile `json:"evidence,omitempty"`
	// Certificate is what was set for the award's certificate, of which a credential
	// says nothing: compact JSON as its writer makes it, of at most maxCertificate
	// bytes; empty: nothing was.
	Certificate string `json:"certificate,omitzero"`
	// Documents are the signed forms, those of the full credential first; each
	// variant has at least one.
	Documents []Document `json:"documents"`
}

// What becomes of a credential that another one renews.
const (
	RenewalKeep      = "keep"
	RenewalSupersede = "supersede"
)

// EvidenceFile is a file of an award's evidence.
type EvidenceFile struct {
	ID        string `json:"id"`   // in the credential
	Name      string `json:"name"` // under which it is published and handed over
	MediaType string `json:"mediaType"`
	SHA256    string `json:"sha256"` // hex
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
	// Reissue tells of a revocation that the award's next credential follows at
	// once. Where a run was cut off between the two, the next one makes up for it.
	Reissue bool `json:"reissue,omitzero"`
}

// ListEvent is a status list, secured. Set is the number of bits set in it,
// and must be the number that follows from the events before.
type ListEvent struct {
	List int `json:"list"`
	Set  int `json:"set"`
	// Pairs tells that both bits of each pair are set, see Partner. A list that was
	// signed before indexes were given out in pairs has only those that are named.
	Pairs bool `json:"pairs,omitzero"`
	// Profile is whose list it is, as in KeyEvent.
	Profile string `json:"profile,omitzero"`
	// Frozen tells that indexes of the list may be given of which nobody knows:
	// none is given any more. It stays so for ever.
	Frozen bool `json:"frozen,omitzero"`
	// Kept are further bits that the list was found with and that belong to no
	// credential of the ledger, ascending. They stay set until a decision about
	// a credential that is adopted later and has that index. Only in a frozen
	// list; a later event of the list names only new ones.
	Kept []int `json:"kept,omitempty"`
	// ValidUntil is that of the document; zero where it has none.
	ValidUntil time.Time `json:"validUntil,omitzero"`
	// Token says the same in another form, which some forms of credentials name: a
	// compact JWS. Empty: none of them does.
	Token    string         `json:"token,omitzero"`
	Document jsontext.Value `json:"document"` // compact JSON, kept byte for byte
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

// Public is the IssueEvent.Visibility of an award that has a page; what it says
// is everybody's. The ledger knows no other.
const Public = "public"

// WithdrawEvent takes a credential off the site for good: its capsules, and, where
// it was public, its page and files.
type WithdrawEvent struct {
	Award      string    `json:"award"`
	Credential string    `json:"credential"` // the full one's
	Reason     string    `json:"reason,omitzero"`
	Date       time.Time `json:"date"`
}

// HeadEvent is a signed head of the log: all leaves of the events before it,
// and the issuer's signature over their number and root.
type HeadEvent struct {
	Size int64  `json:"size"` // leaves
	Root []byte `json:"root"` // 32 bytes, RFC 6962
	// Edge are the hashes of the perfect trees that the log's tree consists of,
	// from the left, 32 bytes each: one for each bit of Size. The next head is
	// computed from them, without reading what this one covers.
	Edge []byte `json:"edge"`
	// Checkpoint is a signed note (C2SP tlog-checkpoint) of this size and root.
	Checkpoint string `json:"checkpoint"`
}

// MaxLogEntries is the most entries of one LogEvent, and EntrySize the bytes of
// an entry.
const (
	MaxLogEntries = 65536
	EntrySize     = 40
)

// LogEvent takes over entries of an earlier log whose events are lost, as they
// were published, so that the log goes on. Such events are the ledger's first.
// The event's own leaf is one of the next head's.
type LogEvent struct {
	// Entries are 1 to MaxLogEntries entries of EntrySize bytes each.
	Entries []byte `json:"entries"`
}

// MergeEvent tells that the events of another copy of the ledger were taken in.
type MergeEvent struct {
	// Checkpoint is that copy's newest signed head; empty when it had none.
	Checkpoint string `json:"checkpoint,omitzero"`
	Seq        int64  `json:"last"`   // number of that copy's newest event
	Hash       string `json:"hash"`   // of that event's line, lower-case hex
	Events     int    `json:"events"` // how many of its events were taken in
}

// ClockEvent tells that events before it bear a date in the future, which the
// clock had wrong. It alone may be dated before the event before it.
type ClockEvent struct {
	// At is from when on dates are right again: what is dated later and stands
	// before this event bears a wrong date. Not after the event's own time.
	At     time.Time `json:"at"`
	Reason string    `json:"reason,omitzero"`
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
		ev.Issue.ValidUntil, ev.Issue.AwardedDate = seconds(ev.Issue.ValidUntil), seconds(ev.Issue.AwardedDate)
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
	if ev.Head != nil {
		typ, n = TypeHead, n+1
	}
	if ev.Log != nil {
		typ, n = TypeLog, n+1
	}
	if ev.Merge != nil {
		typ, n = TypeMerge, n+1
	}
	if ev.Clock != nil {
		typ, n = TypeClock, n+1
		ev.Clock.At = seconds(ev.Clock.At)
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
