package verify

import (
	"slices"
	"strings"
)

// Reason is what one code of a Check means.
type Reason struct {
	Code string // stable, kebab-case; never given another meaning
	Text string // one sentence that is true of every Check with the code
	Hint string // what whoever verifies can do, empty if nothing
}

// Reasons returns every code that a Check can have, sorted by code. It is the
// one table of them: the verify page gives the same codes.
func Reasons() []Reason {
	list := slices.Clone(reasons)
	slices.SortFunc(list, func(a, b Reason) int { return strings.Compare(a.Code, b.Code) })
	return list
}

// hintOf returns what to do about a code.
func hintOf(code string) string {
	i := slices.IndexFunc(reasons, func(r Reason) bool { return r.Code == code })
	if i < 0 {
		return ""
	}
	return reasons[i].Hint
}

const (
	hintIssuer   = "Ask whoever issued it for a correct one."
	hintForged   = "Do not rely on it; ask the learner for the file as it was issued, or ask the issuer."
	hintOnline   = "Verify again with a connection, or hand in the document with --documents."
	hintLater    = "Verify again later; if it stays so, ask the issuer."
	hintNewer    = "A newer laurel may know it; otherwise ask the issuer for an Open Badges 3.0 credential with a proof that laurel knows."
	hintOriginal = "Get the file as the issuer gave it out: what copies, converts or previews pictures and documents often drops the credential."
	hintOther    = "Look for another credential, or ask the learner for one that fits."
)

// reasons are grouped by the check they belong to.
var reasons = []Reason{
	// Any check.
	{"ok", "The check was made and found nothing wrong.", ""},
	{"none", "There is nothing of the kind to check.", ""},
	{"not-reached", "The check was not made, because another one decided before.", ""},
	{"stopped", "Verification was stopped before this was looked at.", "Verify again."},
	{"malformed", "Something is not of the form that it has to have.", hintIssuer},
	{"too-many-names", "The credential sends its verifier to more issuers and status lists than laurel will ask.", hintIssuer},

	// Structure: what kind of input it is.
	{"input-empty", "There is nothing in the input.", "Check that the right file was chosen and that it was copied whole."},
	{"input-too-large", "The input is larger than any credential that laurel reads.", "Check that the right file was chosen."},
	{"form-unsupported", "The input is not of a form that laurel knows.", hintOriginal},
	{"html-page", "The input is a web page without a credential in it.", "Open the page and download the credential from it, or give the URL of the credential itself."},
	{"html-malformed", "The credential in the web page is cut short, or not written as laurel writes it.", hintOriginal},
	{"html-several", "There is more than one credential in the web page.", hintForged},
	{"pdf-unsupported", "The input is a PDF without a credential that could be read from it.", "It may carry the credential as an attachment, a paperclip in a PDF reader: save that and hand it in. Otherwise ask for the credential itself: a .json, .jwt, .png or .svg file."},
	{"pdf-encrypted", "The input is a PDF that is encrypted, so that nothing can be read from it.", "It may carry the credential as an attachment, a paperclip in a PDF reader: save that and hand it in."},
	{"pdf-malformed", "An attachment of the PDF is cut short, damaged or larger than any credential.", hintOriginal},
	{"pdf-several", "The PDF has more than one credential as an attachment.", "Save the attachments, a paperclip in a PDF reader, and verify each."},
	{"carrier-unchecked", "The credential was taken out of a PDF or a web page; what is printed in that was not checked.", "Compare it with what the credential says: only that was signed."},
	{"image-not-baked", "The picture carries no credential.", hintOriginal},
	{"image-unsupported", "The picture is of a kind that cannot carry a credential.", hintOriginal},
	{"image-malformed", "The picture is damaged, or carries more than one credential.", hintOriginal},
	{"zip-file", "The input is a ZIP archive, of which every file is judged by itself.", "Unpack it, or give its name to laurel verify."},
	{"zip-malformed", "The ZIP archive is damaged, or larger than laurel unpacks.", "Unpack it, and verify the folder."},
	{"input-unavailable", "The input itself could not be had.", hintLater},
	{"zip-nested", "The file is a ZIP archive inside of another.", "Unpack it and verify what is in it."},
	{"open-badges-2", "It is an Open Badges 2.0 or older badge, which is not a verifiable credential: it says where its issuer keeps it, or is signed in a way of its own.", "Ask the issuer for an Open Badges 3.0 credential, or look the badge up at its issuer's site."},
	{"sd-jwt-unsupported", "It is an SD-JWT, which laurel does not verify.", hintNewer},
	{"envelope-unsupported", "It is an enveloped credential with a media type that laurel does not verify.", hintNewer},
	{"envelope-malformed", "The enveloped credential is not a data: URL of a secured credential.", hintIssuer},
	{"not-a-credential", "It is well-formed JSON, and neither a verifiable credential nor a presentation.", "Check that the right file was chosen."},

	// Structure: JSON.
	{"json-syntax", "The document is not well-formed JSON in UTF-8.", hintOriginal},
	{"json-duplicate-name", "An object has the same name twice, so that two readers could see two documents.", hintForged},
	{"json-too-deep", "The document is nested more deeply than any credential is.", hintIssuer},
	{"json-too-large", "The document is longer than 1 MiB.", hintIssuer},
	{"json-number", "A number cannot be represented exactly.", hintIssuer},

	// Structure: the data models.
	{"version-mix", "Parts of data model 1.1 and of 2.0 are mixed, which means different things to different verifiers.", hintIssuer},
	{"context-first", "The first context is not that of the data model.", hintIssuer},
	{"context-malformed", "@context is malformed.", hintIssuer},
	{"context-redefines", "A context gives a protected term another meaning.", hintForged},
	{"type-missing", "A type that is needed is missing.", hintIssuer},
	{"type-malformed", "A type is malformed.", hintIssuer},
	{"id-missing", "An id that is needed is missing.", hintIssuer},
	{"id-malformed", "An id is not a single absolute URL.", hintIssuer},
	{"issuer-missing", "The credential names no issuer.", hintIssuer},
	{"issuer-malformed", "The issuer is not named by a URL or DID, or that name is malformed.", hintIssuer},
	{"subject-missing", "The credential has no subject.", hintIssuer},
	{"subject-malformed", "The subject is malformed.", hintIssuer},
	{"member-malformed", "A member is malformed.", hintIssuer},
	{"text-malformed", "A text is malformed.", hintIssuer},
	{"holder-malformed", "The holder of the presentation is malformed.", hintIssuer},
	{"related-malformed", "A related resource is malformed.", hintIssuer},
	{"related-digest", "The digest of a related resource is malformed.", hintIssuer},
	{"vcdm1-unsupported", "A part of the document follows data model 1.1 where 2.0 is needed.", hintIssuer},
	{"presentation-mixed", "The document is a presentation and a credential at once, so that one could be taken for the other.", hintForged},
	{"presentation-empty", "The presentation presents no credential.", "Ask whoever presents it for the credential."},
	{"date-malformed", "A date is not a date and time with a time zone.", hintIssuer},
	{"date-missing", "A date that is needed is missing.", hintIssuer},
	{"date-order", "The credential ends before it begins.", hintIssuer},
	{"date-zone", "A date has no time zone and was taken for UTC, because the lenient mode was chosen.", ""},
	{"status-malformed", "The entry that says where to look up the status is malformed.", hintIssuer},
	{"status-list-malformed", "The status list is malformed.", hintLater},
	{"ob-achievement", "The achievement of the Open Badge is missing or incomplete.", hintIssuer},
	{"ob-achievement-type", "The achievement is not of type Achievement.", hintIssuer},
	{"ob-alignment", "An alignment is malformed.", hintIssuer},
	{"ob-credential-type", "The credential has an achievement and is not of an Open Badges type.", hintIssuer},
	{"ob-criteria", "The criteria of the achievement are missing.", hintIssuer},
	{"ob-endorsement", "The endorsement is malformed.", hintIssuer},
	{"ob-evidence-type", "A piece of evidence is not of type Evidence.", hintIssuer},
	{"ob-identity", "An identity of the learner is malformed.", hintIssuer},
	{"ob-image", "An image is not of type Image.", hintIssuer},
	{"ob-issuer-type", "The issuer is not of type Profile.", hintIssuer},
	{"ob-result", "A result is malformed, or has no description.", hintIssuer},
	{"ob-subject-type", "The subject is not of the type that the credential needs.", hintIssuer},
	{"ob-subject-unnamed", "The subject is named by nothing that could be checked.", "Make sure in another way that it is about the person who shows it."},
	{"clr-credential", "The learner record is malformed.", hintIssuer},

	// Contexts.
	{"context-missing", "The document has no @context.", hintIssuer},
	{"context-unknown", "A context is not one of those that laurel knows, so its words have no certain meaning.", hintNewer},
	{"context-inline", "A context stands in the document itself or in a place where it must not, so that it could say anything.", hintIssuer},
	{"context-conflict", "Two contexts contradict each other.", hintIssuer},
	{"term-undefined", "A name is defined by no context, so that no signature would cover it.", hintIssuer},
	{"type-undefined", "A type is defined by no context, so that no signature would cover it.", hintIssuer},
	{"iri-relative", "An identifier is not absolute, so that it means something else in another place.", hintIssuer},
	{"keyword-forbidden", "A JSON-LD keyword stands where it could hide something.", hintForged},
	{"value-lost", "A value would not be covered by the signature.", hintIssuer},
	{"node-repeated", "The credential is described in two places of the document.", hintForged},
	{"canonicalization-budget", "The document needs more work to canonicalise than any honest one.", hintForged},
	{"expansion-failed", "The document cannot be turned into statements.", hintIssuer},

	// Schema.
	{"schema", "The document does not pass the published schema of its type.", hintIssuer},
	{"schema-none", "There is no published schema for this data model and type.", ""},

	// Proof.
	{"proof-missing", "Nobody signed the document.", hintForged},
	{"proof-malformed", "The proof is malformed.", hintIssuer},
	{"proof-too-many", "There are more proofs than laurel looks at.", hintIssuer},
	{"proof-purpose", "The proof was made for another purpose.", hintForged},
	{"proof-future", "The proof claims to have been made in the future.", "Check the clock of this computer."},
	{"proof-expired", "The proof has passed the end that its maker gave it.", hintIssuer},
	{"suite-unknown", "The proof is of a kind that laurel does not know.", hintNewer},
	{"suite-unsupported", "The proof is of a kind that laurel does not verify.", hintNewer},
	{"base-proof", "The proof is the base from which a holder derives proofs, and no proof to show to others.", "Ask the learner for a presentation made by a wallet."},
	{"signature-malformed", "The signature is malformed.", hintForged},
	{"signature-invalid", "The signature does not fit the document: one of them was changed, or the key is another's.", hintForged},
	{"presentation-unsigned", "Nobody signed the presentation itself, so its credentials are judged by themselves.", "Make sure in another way that whoever presents them is whom they name."},
	{"presentation-challenge", "The presentation is signed by its holder; that it was made for you and now was not checked.", "If it answers a request of yours, compare challenge and domain."},
	{"jws-malformed", "The JWT is malformed.", hintIssuer},
	{"algorithm-forbidden", "The JWT is signed with an algorithm that laurel does not take.", hintIssuer},
	{"header-forbidden", "The header of the JWT demands what laurel refuses.", hintIssuer},
	{"jwt-type", "The JWT says that it is for something else than a credential.", hintOriginal},
	{"jwt-claim-mismatch", "A claim of the JWT contradicts the credential in it.", hintForged},
	{"jwt-claim-malformed", "A claim of the JWT is malformed.", hintIssuer},
	{"jwt-two-securings", "The credential in the JWT has a proof of its own as well, of which nobody can say which counts.", hintIssuer},

	// Issuer key.
	{"method-malformed", "The proof names its key in a way that is neither a DID URL nor an https URL.", hintIssuer},
	{"method-foreign", "The key is not one of the issuer's.", hintForged},
	{"method-missing", "The issuer's document does not have the key.", hintForged},
	{"method-not-assertion", "The issuer does not use the key for credentials, or the holder not for presentations.", hintForged},
	{"method-controller", "The key in the issuer's document is controlled by somebody else.", hintForged},
	{"kid-missing", "The JWT does not say which key signed it.", hintIssuer},
	{"jwk-untrusted", "The JWT brings its own key, which anybody can do, and names none of the issuer's.", hintIssuer},
	{"key-revoked", "The issuer has revoked the key.", "Ask the issuer for a credential signed with its present key."},
	{"key-expired", "The key has passed the end that its issuer gave it.", "Ask the issuer for a credential signed with its present key."},
	{"key-malformed", "The key is malformed.", hintIssuer},
	{"key-low-order", "The key is one for which anybody can make signatures.", hintForged},
	{"key-weak", "The key is too weak to be trusted by anyone.", hintIssuer},
	{"key-mismatch", "The key is of another kind than the proof needs.", hintIssuer},
	{"key-unsupported", "The key is of a kind that laurel does not know.", hintNewer},
	{"issuer-unavailable", "The issuer's document, which holds its keys, could not be had.", hintOnline},
	{"issuer-unsupported", "The issuer is named in a way that laurel cannot look up.", hintNewer},
	{"issuer-document-malformed", "What the issuer's address has for its document is malformed.", hintLater},
	{"issuer-document-id", "The document found for the issuer is that of another.", hintForged},

	// Dates.
	{"expired", "The credential has expired.", "Ask the learner for a renewed one."},
	{"not-yet-valid", "The credential is not valid yet.", "Verify again when it is."},

	// Status.
	{"status-none", "The issuer has no way to take the credential back.", ""},
	{"revoked", "The issuer has taken the credential back.", "Ask the learner for a newer one, or the issuer for the reason."},
	{"suspended", "The issuer has suspended the credential for the time being.", "Ask the issuer, or verify again later."},
	{"refresh", "The issuer has a newer version of the credential.", "Ask the learner for the newer one."},
	{"status-message", "The issuer has something to say about the credential.", ""},
	{"status-unsigned", "The issuer's list of revoked credentials, which nobody signed, does not have this one.", ""},
	{"status-too-many", "The credential has more status entries than laurel looks at.", hintIssuer},
	{"status-type-unknown", "The status is of a type that laurel does not know.", hintNewer},
	{"status-purpose", "The status list is not about what the credential says.", hintIssuer},
	{"status-purpose-unknown", "The status is about something that laurel does not know.", hintNewer},
	{"status-range", "The status entry points beyond the end of its list.", hintIssuer},
	{"status-size", "The size of the status is malformed or too large.", hintIssuer},
	{"status-unavailable", "The status list could not be had, so the credential may have been revoked.", hintOnline},
	{"status-list-id", "What was found for the status list says that it is another one.", "--lenient takes it with a warning."},
	{"status-list-invalid", "The status list is not genuine.", hintLater},
	{"status-list-undetermined", "The status list could not be verified.", hintLater},
	{"status-list-issuer", "The status list is not by the issuer of the credential.", hintIssuer},
	{"status-list-length", "The status list is so short that looking it up tells its host who is looked up.", "--lenient takes it with a warning."},
	{"status-list-stale", "The status list is not in force today, so it says nothing about today.", hintLater},
	{"status-list-status", "The status list has a status itself, which laurel does not follow.", hintIssuer},

	// Subject, contained credentials and endorsements.
	{"subject-unidentified", "The credential names no learner by anything that could be checked.", "Make sure in another way that it is about the person who shows it."},
	{"subject-unnamed", "The credential does not say who earned it: anybody who has the file can show it.", "Ask the learner for a form of it that names them, if it matters who earned it."},
	{"embedded-invalid", "A credential inside of this one is not valid.", hintForged},
	{"embedded-lapsed", "A credential inside of this one is genuine and no longer in force.", ""},
	{"embedded-malformed", "A credential inside of this one is malformed.", hintIssuer},
	{"embedded-undetermined", "A credential inside of this one could not be verified.", hintOnline},
	{"embedded-too-deep", "Credentials are nested more deeply than laurel looks.", hintIssuer},
	{"embedded-too-many", "There are more credentials inside of this one than laurel looks at.", hintIssuer},

	// Issuer trust.
	{"issuer-registered", "The issuer is in the register of issuers that was given.", ""},
	{"issuer-unlisted", "The issuer is not in the register of issuers that was given; that says nothing against it.", "Make sure in another way that the issuer is who the credential says."},
	{"issuer-unregistered", "No register of issuers was asked, so the issuer is known by its name alone.", "Make sure that the name is that of whom the credential says; a register can be given with --registry."},
	{"issuer-anonymous", "The issuer is a bare key, and nothing ties it to the name in the credential.", "Make sure in another way that the key is that of whom the credential says."},
	{"issuer-linked", "The issuer is a key, and a domain says in its did-configuration that it is its own.", "Make sure that the domain is that of whom the credential says."},

	// Fitness for a purpose.
	{"require-unmet", "A requirement is not met.", hintOther},
	{"require-achievement", "The achievement is another one than required.", hintOther},
	{"require-achievement-type", "The achievement is of another type than required.", hintOther},
	{"require-alignment", "The achievement is not aligned to what is required.", hintOther},
	{"require-issuer", "The credential is by another issuer than required.", hintOther},
	{"require-date", "The credential was awarded earlier than required, or does not say when.", hintOther},
	{"require-recipient", "The credential is not about the recipient who is required.", hintOther},
}
