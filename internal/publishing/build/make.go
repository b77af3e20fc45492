package build

import (
	"bytes"
	"fmt"
	"strings"

	"laurel/internal/publishing/privacy"
	"laurel/internal/publishing/publish"
	"laurel/internal/publishing/site"
)

// make fills in the outputs of a group that are not as they were, and sends
// each through the gate.
func (b *builder) make(indexes []int) error {
	var read signed
	var made []publish.Made
	for _, i := range indexes {
		o := b.plan.Outputs[i]
		if b.target.Unchanged(o.Path) {
			continue
		}
		if err := b.read(o, &read); err != nil {
			return err
		}
		data, err := b.bytes(o, read)
		if err != nil {
			return fmt.Errorf("make public/%s: %w", o.Path, err)
		}
		if err := b.pass(o, data); err != nil {
			return err
		}
		made = append(made, publish.Made{Path: o.Path, Data: data})
	}
	return b.target.Put(made...)
}

// pass sends what was made through the gate. The theme's files have passed.
func (b *builder) pass(o site.Output, data []byte) error {
	switch {
	case o.Kind == site.Asset:
		return nil
	case o.Record != nil:
		return b.gate.Pass(privacy.File{Path: o.Path, Origin: privacy.Award, Data: data})
	}
	return b.gate.Pass(privacy.File{Path: o.Path, Origin: privacy.Made, Data: data})
}

// signed is what a group's outputs need of the ledger: an award's credential,
// or its capsules. Each is read once, when the first output needs it.
type signed struct {
	document []byte
	sealed   []string
}

func (b *builder) read(o site.Output, s *signed) (err error) {
	switch {
	case o.Record == nil:
	case o.Kind == site.Capsule && s.sealed == nil:
		s.sealed, err = b.sealed(o.Record)
	case o.Kind != site.Capsule && s.document == nil:
		if s.document, err = b.document(o.Record); err != nil {
			return fmt.Errorf("read credential %s: %w", o.Record.Credential, err)
		}
	}
	return err
}

// bytes fills in one output.
func (b *builder) bytes(o site.Output, from signed) ([]byte, error) {
	switch o.Kind {
	case site.Data, site.Asset:
		return o.Bytes, nil
	case site.Credential:
		return from.document, nil
	case site.Capsule:
		if o.Capsule >= len(from.sealed) {
			return nil, fmt.Errorf("the ledger holds no capsule %d of %s", o.Capsule, o.Record.Credential)
		}
		return []byte(from.sealed[o.Capsule]), nil
	case site.BrowserTemplate:
		return b.renderer.BrowserTemplate(o.Language)
	case site.Page:
		page := o.Page
		if o.Record != nil {
			var err error
			if page, err = b.plan.AwardPage(o, from.document); err != nil {
				return nil, err
			}
		}
		var w bytes.Buffer
		err := b.renderer.Page(&w, page)
		return w.Bytes(), err
	case site.Picture, site.BakedPicture:
		return b.renderer.Picture(o.Badge, strings.HasSuffix(o.Path, ".svg"), from.document)
	}
	return nil, fmt.Errorf("no way to make a file of kind %q", o.Kind)
}
