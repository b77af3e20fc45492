package cases

import (
	"bytes"
	"fmt"
	"iter"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"laurel/internal/standards/bake"
)

// Original is a good credential of which mutants are made.
type Original struct {
	Case
	form form
}

// form is how the bytes of an original are taken apart.
type form int

const (
	formRDF form = iota // JSON of which the statements are signed
	formJCS             // JSON that is signed as it is
	formJWS             // a compact JWS
	formPNG             // a picture with JSON or a JWS in it
	formSVG
	formPDF // a page for people with one of those inside
	formHTML
)

// Mutant is a changed original.
type Mutant struct {
	Kind  string // what was done
	Where string // and to what
	Input []byte
}

// Mutants yields the mutants of an original, always in the same order: each
// bit flipped, each byte taken out; of JSON each node deleted, given twice,
// moved, given another type and another name; of a JWS the header and the
// payload so, and its parts; of a PNG the chunks, with good checksums. Those that
// keep, asked before each is made, does not want are left out, and cost nothing.
func Mutants(o Original, keep func() bool) iter.Seq[Mutant] {
	return func(yield func(Mutant) bool) {
		for _, kind := range []iter.Seq[Mutant]{flips(o.Input, keep), o.structural(keep)} {
			for m := range kind {
				if !bytes.Equal(m.Input, o.Input) && !yield(m) {
					return
				}
			}
		}
	}
}

// Revoked is a credential that its issuer has revoked, and its status list, of
// which no mutant may make it valid again.
func Revoked() (c Case, list Original) {
	a := newAcademy()
	a.documents[listURL] = a.list(nil, 94567)
	c = Case{Name: "revoked", Suite: "mutants", Input: a.sign(credential()), Documents: a.documents, At: now, Verdict: invalid, Code: "revoked"}
	return c, Original{Case{Name: listURL, Input: a.documents[listURL]}, formRDF}
}

// structural yields the mutants that know what they change.
func (o Original) structural(keep func() bool) iter.Seq[Mutant] {
	switch o.form {
	case formJWS:
		return tokenMutants(string(o.Input), keep)
	case formPNG:
		return concat(chunkMutants(o.Input, keep), rewrap(o.inner(), bakedPNG, keep))
	case formSVG:
		return rewrap(o.inner(), bakedSVG, keep)
	case formPDF:
		return rewrap(o.inner(), withPDF, keep)
	case formHTML:
		return rewrap(o.inner(), withHTML, keep)
	}
	return nodeMutants(decode(o.Input), keep)
}

// inner is the original in a picture or page.
func (o Original) inner() Original {
	credential, err := o.form.takeOut(o.Input)
	check("take out", err)
	inner := o
	inner.Input, inner.form = credential, formOf(credential)
	return inner
}

// carries tells a form in which a credential is carried.
func (f form) carries() bool { return f >= formPNG }

// takeOut returns the credential that is carried.
func (f form) takeOut(input []byte) ([]byte, error) {
	switch f {
	case formPDF:
		files, err := bake.Attachments(input)
		if err == nil && len(files) != 1 {
			err = fmt.Errorf("%d attachments", len(files))
		}
		if err != nil {
			return nil, err
		}
		return files[0], nil
	case formHTML:
		own, others, err := bake.FromHTML(input)
		for _, block := range others {
			if text, err := jsontext.AppendUnquote(nil, bytes.TrimSpace(block)); err == nil && bytes.Contains(text, []byte("credentialSubject")) {
				own = append(own, text)
			}
		}
		if err == nil && len(own) != 1 {
			err = fmt.Errorf("%d credentials", len(own))
		}
		if err != nil {
			return nil, err
		}
		return own[0], nil
	}
	return bake.Unbake(input)
}

// rewrap yields the structural mutants of what is carried, put back again.
func rewrap(inner Original, wrap func([]byte) []byte, keep func() bool) iter.Seq[Mutant] {
	return func(yield func(Mutant) bool) {
		blank := blankSVG()
		for m := range inner.structural(keep) {
			// Baking reads what it bakes; duplicate names and the like cannot
			// be baked, and are tried without a picture.
			if _, err := blank.Bake(m.Input); err != nil {
				continue
			}
			if !yield(Mutant{m.Kind, m.Where, wrap(m.Input)}) {
				return
			}
		}
	}
}

func formOf(input []byte) form {
	switch {
	case bake.IsPNG(input):
		return formPNG
	case bake.IsSVG(input):
		return formSVG
	case bytes.HasPrefix(input, []byte("%PDF-")):
		return formPDF
	case bytes.HasPrefix(input, []byte("<!doctype html>")):
		return formHTML
	case bytes.HasPrefix(input, []byte("eyJ")):
		return formJWS
	case bytes.Contains(input, []byte(`-jcs-20`)):
		return formJCS
	}
	return formRDF
}

// flips yields each bit flipped and each byte taken out.
func flips(input []byte, keep func() bool) iter.Seq[Mutant] {
	return func(yield func(Mutant) bool) {
		for i := range input {
			for bit := range 8 {
				if !keep() {
					continue
				}
				mutant := bytes.Clone(input)
				mutant[i] ^= 1 << bit
				if !yield(Mutant{"bit flipped", fmt.Sprintf("byte %d bit %d", i, bit), mutant}) {
					return
				}
			}
			if keep() && !yield(Mutant{"byte taken out", fmt.Sprintf("byte %d", i), slices.Delete(bytes.Clone(input), i, i+1)}) {
				return
			}
		}
	}
}

func concat(list ...iter.Seq[Mutant]) iter.Seq[Mutant] {
	return func(yield func(Mutant) bool) {
		for _, seq := range list {
			for m := range seq {
				if !yield(m) {
					return
				}
			}
		}
	}
}

// sampled leaves out what keep does not want of mutants that cost little to make.
func sampled(seq iter.Seq[Mutant], keep func() bool) iter.Seq[Mutant] {
	return func(yield func(Mutant) bool) {
		for m := range seq {
			if keep() && !yield(m) {
				return
			}
		}
	}
}
