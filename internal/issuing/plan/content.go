package plan

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/vc"
)

// digester digests awards, and encodes but once what their credentials share.
type digester struct {
	mapper
	issuer       jsontext.Value
	achievements map[*model.Achievement]jsontext.Value
	// The credential that is digested, its JSON with placeholders for issuer and
	// achievement, in this order, and where those end.
	credential vc.Credential
	text       bytes.Buffer
	ends       []int64
	options    json.Options
}

const placeholder = "null"

func (m mapper) digester() (*digester, error) {
	d := &digester{mapper: m, achievements: map[*model.Achievement]jsontext.Value{}}
	leaveOut := func(e *jsontext.Encoder, is bool) error {
		if !is {
			return errors.ErrUnsupported // the encoder's own way
		}
		err := e.WriteToken(jsontext.Null)
		d.ends = append(d.ends, e.OutputOffset())
		return err
	}
	d.options = json.JoinOptions(json.Deterministic(true), json.WithMarshalers(json.JoinMarshalers(
		json.MarshalToFunc(func(e *jsontext.Encoder, p *vc.Profile) error {
			return leaveOut(e, p == &d.credential.Issuer)
		}),
		json.MarshalToFunc(func(e *jsontext.Encoder, a *vc.Achievement) error {
			return leaveOut(e, a == &d.credential.CredentialSubject.Achievement)
		}))))
	var err error
	if d.issuer, err = json.Marshal(m.issuer(), json.Deterministic(true)); err != nil {
		return nil, fmt.Errorf("encode the issuer: %w", err)
	}
	return d, nil
}

// digest is the hex SHA-256 of everything a credential of the award would say
// that does not change with each signing, and of which variants it has.
func (d *digester) digest(a *model.Award) (string, error) {
	shared, err := d.definition(a.Achievement)
	if err == nil {
		d.text.Reset()
		d.ends, d.credential = d.ends[:0], d.own(a, salts{})
		err = json.MarshalWrite(&d.text, &d.credential, d.options)
	}
	if err != nil {
		return "", fmt.Errorf("encode award at %v: %w", a.Source, err)
	}
	h := sha256.New()
	done := int64(0)
	for i, part := range []jsontext.Value{d.issuer, shared} {
		h.Write(d.text.Bytes()[done : d.ends[i]-int64(len(placeholder))])
		h.Write(part)
		done = d.ends[i]
	}
	h.Write(d.text.Bytes()[done:])
	for _, v := range slices.Sorted(slices.Values(a.Variants)) {
		io.WriteString(h, "\n"+string(v))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// definition is an achievement as it stands in credentials.
func (d *digester) definition(a *model.Achievement) (jsontext.Value, error) {
	var err error
	if d.achievements[a] == nil {
		d.achievements[a], err = json.Marshal(d.achievement(a), json.Deterministic(true))
	}
	return d.achievements[a], err
}

// ContentOf is the IssueEvent.Content of an award of the content whose credential
// was found signed, with variants of these names; empty where it says something else
// than the award does today, which plan then tells. The issuer is id.
func ContentOf(s *model.Site, id string, a *model.Award, signed []byte, variants []ledger.VariantIssue) (string, error) {
	p := &Plan{Site: s, DID: id}
	fields, _, err := p.changedFields(a, &ledger.Record{Variants: variants}, func(*ledger.Record) ([]byte, error) { return signed, nil })
	if err != nil || len(fields) > 0 {
		return "", err
	}
	d, err := p.mapper().digester()
	if err != nil {
		return "", err
	}
	return d.digest(a)
}

// changedFields names the fields in which the award's credential would differ
// from the signed one. It is empty when only the way laurel writes a
// credential has changed, and not what it says.
func (p *Plan) changedFields(a *model.Award, rec *ledger.Record, document func(*ledger.Record) ([]byte, error)) ([]string, []Difference, error) {
	signed, err := document(rec)
	if err != nil {
		return nil, nil, fmt.Errorf("read the credential of award at %v: %w", a.Source, err)
	}
	was, err := vc.ParseCredential(signed)
	if err != nil {
		return nil, nil, fmt.Errorf("read the credential of award at %v: %w", a.Source, err)
	}
	is := p.mapper().credential(a, saltsOf(was))
	keepSpelling(is, was, a.Recipient.Email)
	if is.CredentialSubject.ID == "" && strings.HasPrefix(was.CredentialSubject.ID, "urn:uuid:") {
		is.CredentialSubject.ID = was.CredentialSubject.ID // a form needed it
	}
	is.ID, is.ValidFrom, is.CredentialStatus = was.ID, was.ValidFrom, was.CredentialStatus
	// What others say of it is no change of what it says: see Plan.Endorse.
	is.Endorsement, is.Issuer.Endorsement = was.Endorsement, was.Issuer.Endorsement
	is.CredentialSubject.Achievement.Endorsement = was.CredentialSubject.Achievement.Endorsement
	p.mapper().nameEvidence(is, a, slices.ContainsFunc(was.RelatedResource, func(r vc.RelatedResource) bool { return strings.HasPrefix(r.ID, "https://") }))
	now, err := is.Encode()
	if err != nil {
		return nil, nil, fmt.Errorf("encode award at %v: %w", a.Source, err)
	}
	leaves, err := differences(signed, now)
	if err != nil {
		return nil, nil, err
	}
	fields, worded := paths(leaves), inWords(leaves, was, is, a)
	if !sameVariants(a, rec) {
		fields = append(fields, "variants")
		worded = append(worded, Difference{Field: "variants", Was: variantNames(rec), Is: joined(a.Variants)})
	}
	return fields, worded, nil
}

// keepSpelling leaves the hash of an e-mail address as it was signed, where the
// address is the same and was hashed in another spelling.
func keepSpelling(is, was *vc.Credential, email string) {
	now, before := is.CredentialSubject.Identifier, was.CredentialSubject.Identifier
	for i := range min(len(now), len(before)) {
		if b := before[i]; now[i].IdentityType == "emailAddress" && b.IdentityType == "emailAddress" && vc.IsIdentity(b.IdentityHash, b.Salt, b.Hashed, email) {
			now[i].IdentityHash = b.IdentityHash
		}
	}
}

func sameVariants(a *model.Award, rec *ledger.Record) bool {
	return len(a.Variants) == len(rec.Variants) && !slices.ContainsFunc(rec.Variants, func(v ledger.VariantIssue) bool {
		return !slices.Contains(a.Variants, model.Variant(v.Name))
	})
}

// saltsOf finds the salts of a signed credential, so that an unchanged e-mail
// address has an unchanged hash.
func saltsOf(c *vc.Credential) salts {
	for _, id := range c.CredentialSubject.Identifier {
		if id.IdentityType == "emailAddress" {
			return salts{email: id.Salt}
		}
	}
	return salts{}
}

// leaf is a place at which two documents differ, and what each has there; nil: nothing.
type leaf struct {
	path    string // such as "credentialSubject.result[0].value"
	was, is any
}

func paths(leaves []leaf) []string {
	return mapAll(leaves, func(l leaf) string { return l.path })
}

// differences returns the places at which two documents differ, sorted by their JSON
// paths, leaving out the proof.
func differences(a, b []byte) ([]leaf, error) {
	var x, y map[string]any
	if err := json.Unmarshal(a, &x); err != nil {
		return nil, fmt.Errorf("read a signed credential: %w", err)
	}
	if err := json.Unmarshal(b, &y); err != nil {
		return nil, fmt.Errorf("read a planned credential: %w", err)
	}
	delete(x, "proof")
	delete(y, "proof")
	var leaves []leaf
	compare("", x, y, &leaves)
	slices.SortFunc(leaves, func(a, b leaf) int { return strings.Compare(a.path, b.path) })
	return leaves, nil
}

func compare(path string, a, b any, out *[]leaf) {
	switch x := a.(type) {
	case map[string]any:
		if y, ok := b.(map[string]any); ok {
			all := map[string]any{}
			maps.Copy(all, x)
			maps.Copy(all, y)
			for k := range all {
				compare(join(path, k), x[k], y[k], out)
			}
			return
		}
	case []any:
		if y, ok := b.([]any); ok && len(x) == len(y) {
			for i := range x {
				compare(path+"["+strconv.Itoa(i)+"]", x[i], y[i], out)
			}
			return
		}
	default:
		if a == b { // a is no object and no array, and so comparable
			return
		}
	}
	*out = append(*out, leaf{path, a, b})
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
