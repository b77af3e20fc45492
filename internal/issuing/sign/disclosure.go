package sign

import (
	"bytes"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/vc"
)

// secureBase gives a document a base proof of ecdsa-sd-2023, from which its holder
// shows what he or she chooses. A subject without an id gets one that says
// nothing, so that no identifier must be shown: Open Badges Specification v3.0,
// section "AchievementSubject", wants one of both.
func secureBase(p *proof.Processor, s signer, document []byte) (jsontext.Value, error) {
	document, doc, err := withSubject(document)
	if err != nil {
		return nil, err
	}
	return p.Sign(document, proof.Options{Cryptosuite: "ecdsa-sd-2023", VerificationMethod: s.method, Created: s.now, Mandatory: vc.AlwaysShown(doc)}, s.key)
}

// withSubject is a document whose subject has an id: its own, or one that follows
// from the credential's, which is always shown as well.
func withSubject(document []byte) ([]byte, map[string]any, error) {
	doc, err := jsonld.ParseObject(document)
	if err != nil {
		return nil, nil, err
	}
	subject, _ := doc["credentialSubject"].(map[string]any)
	id, _ := doc["id"].(string)
	if subject == nil || subject["id"] != nil || id == "" {
		return document, doc, nil
	}
	own := uuid.NewSHA1(uuid.NameSpaceURL, []byte(id+"#subject")).URN()
	subject["id"] = own
	at, err := subjectOffset(document)
	if err != nil {
		return nil, nil, err
	}
	return bytes.Join([][]byte{document[:at], document[at:]}, []byte(`"id":"`+own+`",`)), doc, nil
}

// subjectOffset is where the members of a document's subject begin, an object with
// at least one.
func subjectOffset(document []byte) (int64, error) {
	d := jsontext.NewDecoder(bytes.NewReader(document))
	if _, err := d.ReadToken(); err != nil {
		return 0, err
	}
	for {
		name, err := d.ReadToken()
		if err != nil {
			return 0, err
		}
		if name.String() != "credentialSubject" {
			if err := d.SkipValue(); err != nil {
				return 0, err
			}
			continue
		}
		_, err = d.ReadToken()
		return d.InputOffset(), err
	}
}

// roomOfBase is the size of a document with a base proof, at most: 64 bytes of
// signature in CBOR and base64 for each statement, of which there is none without
// a colon or a comma, and the pointers to what is always shown.
func roomOfBase(document []byte) int {
	statements := bytes.Count(document, []byte(":")) + bytes.Count(document, []byte(","))
	return len(document) + 2*proofRoom + 90*statements
}

// leastAndAll are the least that can be shown of a document with a base proof,
// and all of it.
func leastAndAll(p *proof.Processor, secured []byte) ([]jsontext.Value, error) {
	doc, err := jsonld.ParseObject(secured)
	if err != nil {
		return nil, err
	}
	base, err := p.OpenBase(doc)
	if err != nil {
		return nil, err
	}
	least, err := base.Derive(nil)
	if err != nil {
		return nil, err
	}
	all, err := base.Derive([]string{""})
	return []jsontext.Value{least, all}, err
}
