package adopt

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/sdjwt"
	"laurel/internal/standards/vc"
)

// compactDocument is a document as the ledger keeps it, and what it says.
func compactDocument(data []byte) (d ledger.Document, payload []byte, err error) {
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\ufeff")))
	if !bytes.HasPrefix(data, []byte("{")) {
		return compactJWT(string(data))
	}
	value := jsontext.Value(bytes.Clone(data))
	if err := value.Compact(); err != nil {
		return d, nil, errors.New("it is not JSON")
	}
	var head struct {
		Proof jsontext.Value `json:"proof"`
	}
	if err := json.Unmarshal(value, &head); err != nil || head.Proof == nil {
		return d, nil, errors.New("it has no proof")
	}
	return ledger.Document{Format: suiteOf(head.Proof), MediaType: "application/vc", Document: value}, value, nil
}

// compactJWT is a document of JOSE: the type of its header tells which form it is.
func compactJWT(compact string) (d ledger.Document, payload []byte, err error) {
	parts := strings.Split(compact, ".")
	bad := errors.New("it is neither a JSON object nor a JWT")
	if strings.Contains(compact, "~") {
		return disclosable(compact)
	}
	if len(parts) != 3 {
		return d, nil, bad
	}
	header, err := base64.RawURLEncoding.DecodeString(parts[0])
	if err != nil {
		return d, nil, bad
	}
	if payload, err = base64.RawURLEncoding.DecodeString(parts[1]); err != nil {
		return d, nil, bad
	}
	var h struct {
		Typ string `json:"typ"`
	}
	if json.Unmarshal(header, &h) != nil {
		return d, nil, bad
	}
	name := "vc-jwt"
	if h.Typ != "JWT" {
		name = h.Typ
	}
	form, ok := model.FormOf(name)
	if !ok || !form.Compact {
		return d, nil, errors.New("it is a JWT of a kind that laurel does not sign")
	}
	text, err := json.Marshal(compact)
	return ledger.Document{Format: form.Name, MediaType: form.MediaType, Document: text}, payload, err
}

// disclosable is an SD-JWT VC, whole as it was issued, with the credential of its claims.
func disclosable(compact string) (d ledger.Document, payload []byte, err error) {
	s, err := sdjwt.Parse(compact)
	switch {
	case err != nil:
		return d, nil, errors.New("it is no SD-JWT")
	case s.JWS.Header["typ"] != model.SDJWTForm:
		return d, nil, errors.New("it is an SD-JWT of a kind that laurel does not sign")
	case s.Hidden > 0 || s.Binding != nil:
		return d, nil, errors.New("it is a copy for somebody, made with parts withheld or a signature of its holder; the whole one is needed")
	}
	if payload, err = vc.SDJWTCredential(s.Claims, func(vct, token string) (kind, list string) {
		if strings.HasSuffix(vct, "/"+model.TypeOfRecords) {
			kind = "ClrCredential"
		}
		return kind, model.StatusListOf(token)
	}); err != nil {
		return d, nil, err
	}
	form, _ := model.FormOf(model.SDJWTForm)
	return ledger.Document{Format: form.Name, MediaType: form.MediaType, Document: jsontext.Value(`"` + compact + `"`)}, payload, nil
}

// suiteOf is the cryptosuite of the first proof.
func suiteOf(proof jsontext.Value) string {
	type one struct {
		Cryptosuite string `json:"cryptosuite"`
	}
	var list []one
	if proof.Kind() == '{' {
		list = make([]one, 1)
		_ = json.Unmarshal(proof, &list[0]) // none is told by the verifier
	} else {
		_ = json.Unmarshal(proof, &list)
	}
	if len(list) == 0 || list[0].Cryptosuite == "" {
		return "unknown"
	}
	return list[0].Cryptosuite
}

// sameDocument compares two documents whatever a wallet did to order and spelling.
func sameDocument(x, y jsontext.Value) bool {
	a, b := x.Clone(), y.Clone()
	return a.Canonicalize() == nil && b.Canonicalize() == nil && bytes.Equal(a, b)
}

// entryOf is a credential's place in the issuer's status lists.
func (a *adoption) entryOf(s *vc.StatusListEntry) (list, index int, err error) {
	if s == nil {
		return 0, 0, errors.New("it has no status, so it cannot be revoked")
	}
	if list = a.listOf(s.StatusListCredential); list == 0 {
		return 0, 0, errors.New("its status list is not one of this site's: " + s.StatusListCredential)
	}
	if index, err = strconv.Atoi(s.StatusListIndex); err != nil || index < 0 || index >= ledger.ListLength {
		return 0, 0, errors.New("its place in the status list is no number of one")
	}
	return list, index, nil
}

// listOf is the number of a status list by its URL; 0: it is none.
func (a *adoption) listOf(url string) int { return ListOf(a.in.Site, url) }

// ListOf is the number of a status list of a site by its URL; 0: it is none.
func ListOf(s *model.Site, url string) int {
	name, ok := strings.CutPrefix(url, s.URL("status/"))
	n, err := strconv.Atoi(strings.TrimSuffix(name, ".json"))
	if !ok || err != nil || n < 1 || n > ledger.MaxList || s.URL(model.StatusListPath(n)) != url {
		return 0
	}
	return n
}
