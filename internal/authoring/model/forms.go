package model

import "slices"

// Form is one way to secure a credential: a row of Forms, and what everybody
// knows of it but how to sign.
type Form struct {
	// Name is as sign.formats has it, and as ledger and capsules do.
	Name string
	// MediaType is that of the secured document.
	MediaType string
	// Keys are the kinds of public keys that sign it, as did.Kind calls them; the
	// first is the one to suggest.
	Keys []string
	// File is what the secured document is called wherever it is a file.
	File string
	// Public tells that the file is published beside a public award. The others
	// are for the learner alone.
	Public bool
	// Compact tells that the document is a text of JOSE, not a JSON object.
	Compact bool
	// Whole tells that only the full credential is secured in this form, no variant
	// of it and no learner record: its holder chooses what is shown.
	Whole bool
	// Subject tells that the form needs an id of the recipient. One who has none is
	// given a random one, which the credential then has in all its forms.
	Subject bool
}

// MainForm is the form that every credential has, before all others: every known
// verifier takes it.
const MainForm = "eddsa-rdfc-2022"

// SDJWTForm is the form whose status is read from Status List Tokens, and whose types
// are described by files of their own.
const SDJWTForm = "dc+sd-jwt"

// Forms are all that awards can be signed in, the main one first; another one is
// a row here, and one of package sign's. A host that is told nothing sends a .txt
// as text/plain, which Open Badges Specification v3.0, "Web Resource", asks for.
var Forms = []Form{
	// Data Integrity EdDSA Cryptosuites v1.0, and the ECDSA ones.
	{Name: MainForm, MediaType: "application/vc", Keys: []string{"Ed25519"}, File: "credential.json", Public: true},
	// Open Badges Specification v3.0, "JSON Web Token Proof Format".
	{Name: "vc-jwt", MediaType: "text/plain", Keys: []string{"P-256", "RSA"}, File: "credential.jwt.txt", Public: true, Compact: true, Subject: true},
	// Securing Verifiable Credentials using JOSE and COSE, "With JOSE".
	{Name: "vc+jwt", MediaType: "application/vc+jwt", Keys: []string{"P-256", "P-384", "Ed25519"}, File: "credential.vc.jwt.txt", Public: true, Compact: true},
	{Name: "ecdsa-rdfc-2019", MediaType: "application/vc", Keys: []string{"P-256", "P-384"}, File: "credential.ecdsa.json", Public: true},
	// SD-JWT-based Verifiable Digital Credentials, with ES256, which all take.
	{Name: SDJWTForm, MediaType: "application/dc+sd-jwt", Keys: []string{"P-256"}, File: "credential.sd-jwt.txt", Public: true, Compact: true, Whole: true},
	{Name: "ecdsa-sd-2023", MediaType: "application/vc", Keys: []string{"P-256"}, File: "credential.ecdsa-sd.json", Whole: true},
}

// FormOf is the form of that name.
func FormOf(name string) (Form, bool) {
	i := slices.IndexFunc(Forms, func(f Form) bool { return f.Name == name })
	if i < 0 {
		return Form{}, false
	}
	return Forms[i], true
}

// HasCompact tells whether one of the forms with these names is a text of JOSE.
func HasCompact(names []string) bool {
	return slices.ContainsFunc(Forms, func(f Form) bool { return f.Compact && slices.Contains(names, f.Name) })
}

// FormNames are the names of all forms, in the order of Forms.
func FormNames() []string {
	names := make([]string, len(Forms))
	for i, f := range Forms {
		names[i] = f.Name
	}
	return names
}

// FormatsOf are the names of the forms an award is signed in, the main one first:
// its cohort's, else the site's. A record has none of the forms of which the holder
// chooses parts: it holds signed credentials, of which none can be taken apart, and
// has variants instead.
func (s *Site) FormatsOf(a *Award) []string {
	if a.Program != nil {
		return slices.DeleteFunc(slices.Clone(s.Sign.Formats), func(name string) bool {
			f, _ := FormOf(name)
			return f.Whole
		})
	}
	if a.Cohort != nil && a.Cohort.Formats != nil {
		return a.Cohort.Formats
	}
	return s.Sign.Formats
}
