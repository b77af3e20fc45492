package sign

import (
	"crypto"
	"fmt"
	"slices"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/plan"
	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
)

// securing is how documents are secured in one form.
type securing struct {
	// secure signs a document that examine let through, and returns what the ledger
	// keeps: a JSON object, or a string for a compact form.
	secure func(p *proof.Processor, s signer, document []byte) (jsontext.Value, error)
	// room is how many bytes that takes at most, without the signer's method.
	room func(document []byte) int
	// judged are the documents by which what was secured is judged; nil: itself.
	judged func(p *proof.Processor, secured []byte) ([]jsontext.Value, error)
	// payload is what is signed of a document, where that is more than it: it is
	// examined as well.
	payload func(document []byte) ([]byte, error)
}

// signer is the key of a form.
type signer struct {
	method, joseMethod string // DID URLs
	key                crypto.Signer
	now                time.Time
}

// securings are those of model.Forms, by their names.
var securings = map[string]securing{
	model.MainForm:    embedded(model.MainForm),
	"vc-jwt":          vcJWT,
	"vc+jwt":          vcPlusJWT,
	"ecdsa-rdfc-2019": embedded("ecdsa-rdfc-2019"),
	model.SDJWTForm:   sdJWT,
	"ecdsa-sd-2023":   {secure: secureBase, room: roomOfBase, judged: leastAndAll},
}

// embedded is a proof of a cryptosuite within the document.
func embedded(suite string) securing {
	return securing{
		secure: func(p *proof.Processor, s signer, document []byte) (jsontext.Value, error) {
			return p.Sign(document, proof.Options{Cryptosuite: suite, VerificationMethod: s.method, Created: s.now, ProofPurpose: "assertionMethod"}, s.key)
		},
		room: func(document []byte) int { return len(document) + proofRoom },
	}
}

// newSigner takes the private half of a form's key, if it belongs to the public one,
// and that is published in the document of a DID.
func newSigner(f plan.Form, keys map[string]crypto.Signer, id string, published []did.PublishedKey, now time.Time) (signer, error) {
	kid := f.Key.Kid
	if kid == "" {
		return signer{}, &plan.KeyError{Text: "there is no key to sign " + f.Format + " with"}
	}
	public, err := did.DecodeKey(f.Key.PublicKeyMultibase)
	if err != nil {
		return signer{}, fmt.Errorf("read the public half of key %s: %w", kid, err)
	}
	if form, _ := model.FormOf(f.Format); !slices.Contains(form.Keys, did.Kind(public)) {
		return signer{}, &plan.KeyError{Kid: kid, Text: "is of a kind that " + f.Format + " cannot be signed with"}
	}
	key := keys[kid]
	if key == nil {
		return signer{}, &plan.KeyError{Kid: kid, Text: "the private key is missing"}
	}
	if eq, ok := public.(interface{ Equal(crypto.PublicKey) bool }); !ok || !eq.Equal(key.Public()) {
		return signer{}, &plan.KeyError{Kid: kid, Text: "the private key does not belong to the published public key"}
	}
	if !slices.ContainsFunc(published, func(k did.PublishedKey) bool {
		return k.Kid == kid && k.PublicKeyMultibase == f.Key.PublicKeyMultibase
	}) {
		return signer{}, &plan.KeyError{Kid: kid, Text: "is not the key that is published under this name"}
	}
	return signer{id + "#" + kid, did.JOSEMethod(id, kid), key, now}, nil
}
