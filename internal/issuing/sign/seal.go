package sign

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/issuing/capsule"
	"laurel/internal/issuing/ledger"
	"laurel/internal/issuing/plan"
)

// sealAgain makes the capsules of an award that was signed before.
func (r *run) sealAgain(s *plan.Seal) ([]ledger.Event, error) {
	what := "award at " + s.Award.Source.String()
	if r.o.Documents == nil {
		return nil, fmt.Errorf("seal %s: what was signed cannot be read", what)
	}
	documents, err := r.o.Documents(s.Record)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", what, err)
	}
	files, err := r.files(s.Record.Evidence)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", what, err)
	}
	c, err := sealed(s.Record.Award, s.Record.Credential, s.Capsules, documents, files)
	if err != nil {
		return nil, fmt.Errorf("seal %s: %w", what, err)
	}
	return []ledger.Event{{Capsule: c}}, nil
}

// files are the files of an award's evidence with their bytes.
func (r *run) files(evidence []ledger.EvidenceFile) ([]capsule.File, error) {
	var list []capsule.File
	for _, e := range evidence {
		if r.o.Evidence == nil {
			return nil, errors.New("its files cannot be read")
		}
		data, err := r.o.Evidence(e.SHA256)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", e.Name, err)
		}
		list = append(list, capsule.File{Name: e.Name, MediaType: e.MediaType, Data: base64.RawURLEncoding.EncodeToString(data)})
	}
	return list, nil
}

// sealed makes the capsules of an award out of its signed documents, those of
// the full credential first, with which the files of its evidence go.
func sealed(award, credential string, capsules []ledger.Capsule, documents []ledger.Document, files []capsule.File) (*ledger.CapsuleEvent, error) {
	alone := credentials(documents)
	if len(alone) > 0 {
		alone[0].Files = files
	}
	if len(capsules) != 1 && len(capsules) != 1+len(alone) || len(capsules) == 1 && len(alone) != 1 {
		return nil, errors.New("its capsules are not those of its variants")
	}
	all := slices.Clone(alone)
	for i, c := range capsules[1:] {
		if c.Variant != alone[i].Variant {
			return nil, errors.New("its capsules are not in the order of its variants")
		}
		all[i].Share = c.Name + "." + c.Key
	}
	event := &ledger.CapsuleEvent{Award: award, Credential: credential, Capsules: capsules, Packed: make([]jsontext.Value, len(capsules))}
	for i, c := range capsules {
		holds := all
		if i > 0 {
			holds = alone[i-1 : i]
		}
		packed, err := sealOne(holds, c.Key)
		if err != nil {
			return nil, err
		}
		event.Packed[i] = jsontext.Value(`"` + packed + `"`) // base64url needs no escape
	}
	return event, nil
}

// credentials are documents, put together by the credential they secure.
func credentials(documents []ledger.Document) []capsule.Credential {
	var list []capsule.Credential
	for _, d := range documents {
		variant := cmp.Or(d.Variant, ledger.Full)
		if n := len(list); n == 0 || list[n-1].Variant != variant {
			list = append(list, capsule.Credential{Variant: variant})
		}
		c := &list[len(list)-1]
		c.Documents = append(c.Documents, capsule.Document{Format: d.Format, MediaType: d.MediaType, Document: d.Document})
	}
	return list
}

// sealOne packs one capsule, and opens it as its learner will.
func sealOne(holds []capsule.Credential, key string) (string, error) {
	packed, err := capsule.Pack(capsule.Contents{Version: capsule.Version, Credentials: holds})
	if err != nil {
		return "", err
	}
	jwe, err := capsule.Seal(packed, key)
	if err != nil {
		return "", err
	}
	opened, err := capsule.Open(jwe, key)
	if err != nil {
		return "", fmt.Errorf("check what was sealed: %w", err)
	}
	if !slices.EqualFunc(opened.Credentials, holds, sameCredential) {
		return "", errors.New("check what was sealed: it is not what went in")
	}
	return packed, nil
}

func sameCredential(a, b capsule.Credential) bool {
	return a.Variant == b.Variant && a.Share == b.Share && slices.Equal(a.Files, b.Files) && slices.EqualFunc(a.Documents, b.Documents, func(a, b capsule.Document) bool {
		return a.Format == b.Format && a.MediaType == b.MediaType && bytes.Equal(a.Document, b.Document)
	})
}
