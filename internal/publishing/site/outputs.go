package site

import "laurel/internal/issuing/ledger"

// Kind says what an output is, and so how its bytes are made.
type Kind string

// The kinds of output.
const (
	Page       Kind = "page"       // HTML from Output.Page, or from Layout.AwardPage
	Data       Kind = "data"       // Output.Bytes as they are
	Tombstone  Kind = "tombstone"  // HTML from Layout.TombstonePage: of an award that is gone
	Credential Kind = "credential" // a signed document of Output.Record, as it is
	// Received is an endorsement that somebody else signed: Output.Bytes as they are.
	Received       Kind = "received endorsement"
	Picture        Kind = "picture"       // Output.Badge in a Size, as PNG or SVG by the path's extension
	PreviewPicture Kind = "preview"       // Output.Preview as PNG
	BakedPicture   Kind = "baked picture" // the same with the credential of Output.Record in it
	Asset          Kind = "asset"         // a file of the theme
	Static         Kind = "static"        // a file of content/static
	// Capsule is Output.Record, sealed: the capsule with the index
	// Output.Capsule of its capsule event, as it is.
	Capsule Kind = "capsule"
	// CapsulePage is the page beside that capsule, encrypted: HTML from
	// Layout.SealedPage.
	CapsulePage Kind = "capsule page"
	// LogTile is a file of the log's tree, as it is.
	LogTile Kind = "log tile"
	// EvidenceFile is the file of Output.Record's evidence with the index
	// Output.File, as it was signed.
	EvidenceFile Kind = "evidence"
	// LogPlace is where the credential of Output.Record is in the log.
	LogPlace Kind = "log place"
)

// Output is one file of public/.
type Output struct {
	// Path is relative to public/, slash-separated.
	Path string
	URL  string // absolute
	Kind Kind
	// Immutable files are records: written once, other bytes are an error.
	Immutable bool
	// Fingerprint is a digest of everything the bytes depend on but the theme and
	// the program: two builds with the same fingerprint, theme and program make the
	// same bytes.
	Fingerprint [32]byte

	Page    any          // of a Page that is no award's: a pointer to a page type
	Bytes   []byte       // of Data, Received, Asset and Static
	Badge   *Badge       // of pictures
	Size    Size         // of a Picture
	Preview *PreviewCard // of a PreviewPicture
	Record  *ledger.Record
	Format  string // of a Credential: which of the record's forms; empty: the main one
	Capsule int    // of a Capsule and a CapsulePage
	File    int    // of an EvidenceFile, in Record.Evidence
}
