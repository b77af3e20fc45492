package verify

import (
	"bytes"
	"errors"
	"regexp"
	"slices"
	"strings"

	"laurel/internal/material/text"
	"laurel/internal/standards/bake"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/sdjwt"
	"laurel/internal/standards/vc"
)

// Format is what an input was found to be, by its content and never by its name.
type Format string

// The formats. Those up to FormatSDJWT are judged; the others are recognised, so
// that the report can say what they are.
const (
	FormatVC2          Format = "vc-2.0"       // JSON-LD with embedded proofs, data model 2.0
	FormatVC1          Format = "vc-1.1"       // the same of data model 1.1, or its JWT
	FormatJWT          Format = "vc-jwt"       // compact JWS, data model 2.0
	FormatPresentation Format = "presentation" // of data model 2.0 or 1.1, JSON-LD or JWS
	FormatSDJWT        Format = "sd-jwt"       // claims of a type, or a credential of data model 2.0
	FormatOpenBadges2  Format = "open-badges-2"
	FormatEuropean     Format = "european-digital-credential"
	FormatBlockcerts   Format = "blockcerts"
	FormatPDF          Format = "pdf"
	FormatHTML         Format = "html"
	FormatImage        Format = "image"
	FormatZIP          Format = "zip"
	FormatJSON         Format = "json" // neither credential nor presentation
	FormatUnknown      Format = "unknown"
)

const (
	contextVersion1 = "https://www.w3.org/2018/credentials/v1"
	contextVersion2 = "https://www.w3.org/ns/credentials/v2"
)

// opened is an input taken out of what it came in.
type opened struct {
	format  Format
	carrier string // "png" or "svg" if it was baked, "pdf", "html" or "json" if it was inside of one
	doc     map[string]any
	// trailing tells bytes after the end of the picture that it was baked into.
	trailing bool

	// Of a document secured as a JWT: doc is then what the payload says, without
	// the claims.
	jws       *proof.JWS
	claims    map[string]any
	compact   string // the JWT itself
	misplaced string // the reason why it does not stand where its data model has it

	// Of an SD-JWT; typed tells that its claims are those of a type, without
	// contexts.
	sd    *sdjwt.SDJWT
	typed bool
}

// Recognize tells what an input is, without judging it. Claims says whether anything in
// it is or claims to be a credential or presentation, of whatever kind, or looks like
// one that cannot be read: a folder of files may hold others, which are nothing to judge.
func Recognize(data []byte) (format Format, claims bool) {
	for i, o := range openAll(data) {
		if i == 0 {
			format = o.format
		}
		switch o.code() {
		case "input-empty", "zip-file":
		case "html-page", "image-unsupported", "image-not-baked", "image-malformed", "pdf-unsupported", "pdf-malformed", "not-a-credential", "form-unsupported":
			claims = claims || hasMarks(data)
		case "pdf-encrypted": // the names in its dictionaries are not
			claims = claims || bytes.Contains(data, []byte("/EmbeddedFile"))
		default:
			claims = true
		}
	}
	return format, claims
}

// Unpack takes the one document out of an input, whatever it came in, without judging
// it. Where there is none, or it is secured as a JWT, the row tells what the input is.
func Unpack(data []byte) (doc map[string]any, row Check) {
	o, f := one(openAll(data))
	if o.jws == nil {
		doc = o.doc
	}
	return doc, f.check(Structure)
}

// UnpackSDJWT takes the one SD-JWT out of an input in any carrier, without judging it;
// nil if the input is none.
func UnpackSDJWT(data []byte) *sdjwt.SDJWT {
	o, f := one(openAll(data))
	if f.outcome != Pass {
		return nil
	}
	return o.sd
}

// NotRead is the report on an input that could not be read: with the key of a
// sentence of reasons.json that has no values, and what else is to be said, which
// may be empty.
func NotRead(key, detail string) *Report {
	r := newReport()
	r.Format = FormatUnknown
	r.set(Structure, unknown(key).with(detail))
	return r
}

// openAll takes the documents out of an input, or says why there is none to judge: at
// least one item.
func openAll(data []byte) []item {
	data = utf8Of(data)
	inside := text.TrimBytes(data)
	switch {
	case len(inside) == 0:
		return alone(opened{format: FormatUnknown}, unknown("input-empty"))
	case isHTML(inside):
		return openHTML(data)
	case bake.IsPNG(data), bake.IsSVG(data):
		return openImage(data)
	}
	if list := recognizeBinary(data); list != nil {
		return list
	}
	if list := openText(inside, 0); list != nil {
		return list
	}
	if inside[0] == '<' && bytes.Contains(inside, []byte(europeanMark)) { // XML, as they were before 2023
		return alone(opened{format: FormatEuropean}, unknown("european-credential"))
	}
	return alone(opened{format: FormatUnknown}, unknown("form-unsupported"))
}

// officeForm is how the first entry of a ZIP archive is called that is a document of an
// office program, or a book.
var officeForm = regexp.MustCompile(`^(?:\[Content_Types\]\.xml|_rels/|docProps/|word/|xl/|ppt/|mimetypeapplication/)`)

// recognizeBinary tells files other than text by their first bytes.
func recognizeBinary(data []byte) []item {
	head := data[:min(len(data), 1024)]
	begins := func(magic string) bool { return bytes.HasPrefix(head, []byte(magic)) }
	switch {
	case slices.ContainsFunc([]string{"\xff\xd8\xff", "GIF87a", "GIF89a", "BM", "II*\x00", "MM\x00*"}, begins),
		begins("RIFF") && bytes.Contains(head, []byte("WEBP")):
		return alone(opened{format: FormatImage}, unknown("image-unsupported"))
	case bytes.Contains(head, []byte("%PDF-")):
		return openPDF(data)
	case begins("PK\x03\x04") && officeForm.Match(head[min(30, len(head)):]):
		return alone(opened{format: FormatUnknown}, unknown("form-unsupported"))
	case begins("PK\x03\x04"), begins("PK\x05\x06"):
		return alone(opened{format: FormatZIP}, unknown("zip-file"))
	}
	return nil
}

func isHTML(data []byte) bool {
	head := bytes.ToLower(data[:min(len(data), 256)])
	return bytes.HasPrefix(head, []byte("<!doctype html")) || bytes.HasPrefix(head, []byte("<html")) ||
		bytes.HasPrefix(head, []byte("<?xml")) && bytes.Contains(head, []byte("<html"))
}

func openImage(data []byte) []item {
	carrier := "svg"
	if bake.IsPNG(data) {
		carrier = "png"
	}
	baked, err := bake.Unbake(data)
	older := errors.Is(err, bake.ErrNotBaked)
	if older { // in the place of older badges there may be a newer one
		if found, problem := bake.UnbakeOlder(data); !errors.Is(problem, bake.ErrNotBaked) {
			baked, err = found, problem
		}
	}
	switch {
	case older && err != nil && isOldBaked(data):
		return alone(opened{format: FormatOpenBadges2, carrier: carrier}, unknown("open-badges-2"))
	case errors.Is(err, bake.ErrNotBaked):
		return alone(opened{format: FormatImage}, unknown("image-not-baked"))
	case err != nil:
		return alone(opened{format: FormatImage}, unknown("image-malformed").with(err.Error()))
	}
	list := openText(text.TrimBytes(utf8Of(baked)), 2)
	if older && (len(list) != 1 || list[0].code() == "not-a-credential") { // such as the address of an assertion
		list = alone(opened{format: FormatOpenBadges2}, unknown("open-badges-2"))
	}
	if len(list) != 1 || list[0].carrier != "" {
		return alone(opened{format: FormatImage}, unknown("image-malformed").with("it carries something else in place of one credential"))
	}
	list[0].carrier, list[0].trailing = carrier, carrier == "png" && bake.PNGEnd(data) < len(data)
	return list
}

// isOldBaked tells a picture that looks as if there were a badge of Open Badges 2.0 or older in it
// (Open Badges Baking Specification).
func isOldBaked(data []byte) bool {
	marks := []string{"iTXtopenbadges\x00", "tEXtopenbadges\x00", "openbadges:assertion", "http://openbadges.org"}
	return slices.ContainsFunc(marks, func(mark string) bool { return bytes.Contains(data, []byte(mark)) })
}

// isOpenBadges2 tells an Assertion, BadgeClass or Profile of Open Badges 2.0 or
// an assertion of 1.x, in its JSON or as the payload of a JWS.
func isOpenBadges2(doc map[string]any) bool {
	for _, context := range vc.Items(doc["@context"]) {
		url, _ := context.(string)
		if strings.HasPrefix(url, "https://w3id.org/openbadges/") || strings.HasPrefix(url, "https://openbadgespec.org/") || strings.HasPrefix(url, "https://purl.imsglobal.org/spec/ob/v2") {
			return true
		}
	}
	return doc["badge"] != nil && (doc["verify"] != nil || doc["verification"] != nil) && doc["credentialSubject"] == nil
}

// openObject tells what a JSON object is.
func openObject(doc map[string]any) (opened, finding) {
	o := opened{format: formatOf(doc), doc: doc}
	if o, f, ok := named(doc); ok {
		return o, f
	}
	switch {
	case hasType(doc, "EnvelopedVerifiableCredential"), hasType(doc, "EnvelopedVerifiablePresentation"):
		return openEnvelope(doc)
	case o.format == FormatOpenBadges2:
		return o, unknown("open-badges-2")
	case o.format == FormatJSON:
		return o, unknown("not-a-credential")
	}
	if f := versions(doc); f.outcome != Pass {
		return o, f
	}
	return o, pass("ok")
}

func formatOf(doc map[string]any) Format {
	contexts := vc.Items(doc["@context"])
	switch {
	case hasType(doc, "VerifiablePresentation"):
		return FormatPresentation
	case len(contexts) > 0 && contexts[0] == contextVersion1:
		return FormatVC1
	case hasType(doc, "VerifiableCredential"):
		return FormatVC2
	case isOpenBadges2(doc):
		return FormatOpenBadges2
	case doc["credentialSubject"] == nil && doc["proof"] == nil:
		return FormatJSON
	}
	return FormatVC2
}

// versions refuses a document that claims to follow two data models: each
// verifier would read it its own way.
func versions(doc map[string]any) finding {
	contexts := vc.Items(doc["@context"])
	if slices.Contains(contexts, any(contextVersion1)) && slices.Contains(contexts, any(contextVersion2)) {
		return fail("version-mix")
	}
	return pass("ok")
}

// named tells credentials of kinds that are verified elsewhere, whatever is in them.
func named(doc map[string]any) (opened, finding, bool) {
	switch {
	case isEuropean(doc):
		return opened{format: FormatEuropean}, unknown("european-credential"), true
	case isBlockcerts(doc):
		return opened{format: FormatBlockcerts}, unknown("blockcerts"), true
	case doc["signature"] != nil || doc["signatures"] != nil:
		for _, item := range vc.Items(doc["payload"]) {
			if inner, ok := item.(map[string]any); ok && isEuropean(inner) {
				return opened{format: FormatEuropean}, unknown("european-credential"), true
			}
			payload, _ := item.(string)
			for _, p := range []string{payload, string(fromBase64(payload))} {
				if strings.Contains(p, europeanMark) {
					return opened{format: FormatEuropean}, unknown("european-credential"), true
				}
				if hasMarks([]byte(p)) {
					return opened{format: FormatEuropean}, unknown("european-credential.json"), true
				}
			}
		}
	}
	return opened{}, finding{}, false
}

// europeanMark is in the names of the contexts and schemas of the European Learning Model.
const europeanMark = "data.europa.eu/snb"

// payloadOf is the second part of a compact JWS, as it is written.
func payloadOf(compact string) string {
	_, rest, _ := strings.Cut(compact, ".")
	payload, _, _ := strings.Cut(rest, ".")
	return payload
}

// isSealed tells a JWS whose payload is a European credential: JAdES demands members of
// the header that others need not understand.
func isSealed(compact string) bool {
	doc, err := jsonld.ParseObject(fromBase64(payloadOf(compact)))
	return err == nil && isEuropean(doc)
}

// isEuropean tells a credential of the European Learning Model, which is sealed in a way
// of its own (JAdES) or not at all.
func isEuropean(doc map[string]any) bool {
	return hasType(doc, "EuropeanDigitalCredential") || slices.ContainsFunc(vc.Items(doc["@context"]), func(context any) bool {
		url, _ := context.(string)
		return strings.Contains(url, europeanMark)
	})
}

// isBlockcerts tells a credential that nothing but an entry in a blockchain secures.
// What is in a presentation is judged even so.
func isBlockcerts(doc map[string]any) bool {
	proofs := append(vc.Items(doc["proof"]), vc.Items(doc["signature"])...)
	for _, p := range proofs {
		o, _ := p.(map[string]any)
		if !slices.ContainsFunc(vc.Items(o["type"]), func(v any) bool {
			name, _ := v.(string)
			return strings.HasPrefix(name, "MerkleProof20")
		}) {
			return false
		}
	}
	return len(proofs) > 0 && !hasType(doc, "VerifiablePresentation")
}
