package sign

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/plan"
	"laurel/internal/standards/did"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/sdjwt"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

// sdJWT is an SD-JWT VC (SD-JWT-based Verifiable Digital Credentials). Its issuer is
// the same did:web as in every other form, which names the key: a mechanism of its own
// for the key of an https issuer needs a file at the root of the host, which a site in a
// folder does not have.
var sdJWT = securing{
	secure: func(_ *proof.Processor, s signer, document []byte) (jsontext.Value, error) {
		o, err := sdJWTOptions(document)
		if err != nil {
			return nil, err
		}
		claims, disclosable, err := vc.SDJWTClaims(document, o)
		if err != nil {
			return nil, err
		}
		made, err := sdjwt.Issue(claims, sdjwt.Options{Header: proof.JWSHeader{Type: model.SDJWTForm, KeyID: s.joseMethod}, Disclosable: disclosable, Rand: rand.Reader}, s.key)
		if err != nil {
			return nil, err
		}
		return jsontext.AppendQuote(nil, made)
	},
	// All is written in base64; a disclosure has a salt and a digest as well, which is
	// little beside an identity or a result, and of other members there are few.
	room: func(document []byte) int { return 4*len(document) + 4*proofRoom },
}

// sdJWTOptions are found by what the credential names: type and status list are
// published beside the achievement and the list.
func sdJWTOptions(document []byte) (vc.SDJWTOptions, error) {
	var c struct {
		Type    []string `json:"type"`
		Subject struct {
			ID          string         `json:"id"`
			Achievement jsontext.Value `json:"achievement"`
		} `json:"credentialSubject"`
		Status struct {
			List string `json:"statusListCredential"`
		} `json:"credentialStatus"`
	}
	if err := json.Unmarshal(document, &c); err != nil {
		return vc.SDJWTOptions{}, fmt.Errorf("read the credential: %w", err)
	}
	base, _, ok := strings.Cut(c.Status.List, "/"+path.Dir(model.StatusListPath(1))+"/")
	if !ok {
		return vc.SDJWTOptions{}, errors.New("the credential names no status list")
	}
	o := vc.SDJWTOptions{Type: base + "/" + model.TypeOfAchievements, StatusList: model.StatusTokenOf(c.Status.List)}
	switch {
	case slices.Contains(c.Type, "ClrCredential"):
		o.Type = base + "/" + model.TypeOfRecords
	default:
		var achievement struct {
			ID string `json:"id"`
		}
		if err := json.Unmarshal(c.Subject.Achievement, &achievement); err != nil {
			return vc.SDJWTOptions{}, fmt.Errorf("read the achievement: %w", err)
		}
		if slug, ok := model.AchievementSlug(strings.TrimPrefix(achievement.ID, base+"/")); ok {
			o.Type = base + "/" + model.TypePath(slug)
		}
	}
	o.HolderKey = holderKey(c.Subject.ID)
	return o, nil
}

// holderKey is the JWK of a DID that stands for one key; nil for any other id, and for
// a key of a kind that is not known here: an award may name it, and nobody is bound.
func holderKey(id string) map[string]any {
	var document *did.Document
	var err error
	switch did.Method(id) {
	case "key":
		document, err = did.KeyDocument(id)
	case "jwk":
		document, err = did.JWKDocument(id)
	default:
		return nil
	}
	if err != nil {
		return nil
	}
	key, err := document.VerificationMethod[0].PublicKey()
	if err != nil {
		return nil
	}
	return did.EncodeJWK(key)
}

// statusToken signs a planned list as a Status List Token, which the full verifier has
// to find good.
func (r *run) statusToken(l *plan.List) (string, error) {
	claims, err := r.plan.StatusToken(l)
	if err != nil {
		return "", err
	}
	s := r.signers[model.SDJWTForm]
	token, err := proof.SignJWS(claims, proof.JWSHeader{Type: vc.TokenStatusListType, KeyID: s.joseMethod}, s.key)
	if err != nil {
		return "", err
	}
	url := r.plan.Site.URL(model.StatusTokenPath(l.List))
	if err := r.docs.Add(url, []byte(token)); err != nil {
		return "", err
	}
	if _, c := r.verifier.StatusToken(context.Background(), url, r.plan.DID); c.Outcome != verify.Pass {
		return "", fmt.Errorf("laurel's own verifier does not find it good: %s", c)
	}
	return token, nil
}
