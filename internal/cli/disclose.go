package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"laurel/internal/material/hint"
	"laurel/internal/material/text"
	"laurel/internal/standards/jsonld"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/sdjwt"
	"laurel/internal/standards/vc"
	"laurel/internal/standards/verify"
)

func (a *app) discloseCommand() *cobra.Command {
	var d disclosing
	c := &cobra.Command{
		Use:   "disclose FILE",
		Short: "Show a part of a credential, and keep back the rest",
		Long: `Make a credential that shows a part of another. FILE is one that was signed so that
its holder may choose (ecdsa-sd-2023, with a base proof; or an SD-JWT): JSON or text,
baked into a PNG or SVG, or in a ZIP archive or certificate with such a file. The
result verifies like any other; who gets it can neither see what was kept back nor
show more than it shows.

--reveal takes a JSON pointer, such as /credentialSubject/result/0; --list prints
all that can be revealed, with what it is. In every part are id, type, name, the
dates of validity, the status, the learner's id, of the issuer its id and name, and
of the achievement what tells which one it is: name, description, criteria, type,
picture, language, version. So is what the issuer made mandatory. Without --reveal
nothing else is shown. An SD-JWT lets the learner's id be kept back, too, and always
shows all of the issuer and the achievement.

To choose are, where the credential has them: identifiers (name, hashed e-mail
address), each result (its scale comes with it) and each piece of evidence,
narrative, credits, license number, role, term, dates of activity and of the award,
source, endorsements, and all else about the issuer and about the achievement.

No key is needed, and nothing is sent. FILE itself is for its learner alone: it shows
everything to whoever has it.`,
		Example: `  laurel disclose credential.ecdsa-sd.json --list
  laurel disclose credential.ecdsa-sd.json --reveal /credentialSubject/identifier/0 --reveal /credentialSubject/result -o shown.json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return misuse("laurel disclose --help", "name one file")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error { return a.disclose(c.Context(), d, args[0]) },
	}
	f := c.Flags()
	f.StringArrayVar(&d.reveal, "reveal", nil, "JSON pointer to what is shown (repeatable)")
	f.BoolVar(&d.list, "list", false, "print what can be revealed")
	f.StringVarP(&d.out, "out", "o", "", "write to this file, which must not be there yet")
	return c
}

type disclosing struct {
	reveal []string
	list   bool
	out    string
}

// A discloser shows parts of one credential. Whoever secures credentials so that
// their holders may choose has one.
type discloser interface {
	// Choices are what may be shown, or kept back.
	Choices() []vc.Choice
	// Disclose makes the part that shows what JSON pointers point to.
	Disclose(pointers []string) ([]byte, error)
}

func (a *app) disclose(ctx context.Context, d disclosing, name string) error {
	if d.list && (d.reveal != nil || d.out != "") {
		return misuse("leave out --list", "--list only prints what can be revealed")
	}
	from, err := a.discloser(ctx, name)
	if err != nil {
		return err
	}
	if d.list {
		return a.printChoices(from.Choices())
	}
	shown, err := from.Disclose(d.reveal)
	if err != nil {
		return err
	}
	shown = append(shown, '\n')
	if d.out == "" {
		_, err := a.stdout.Write(shown)
		return err
	}
	out := a.env.path(d.out)
	file, err := os.OpenFile(out, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write what is shown: %w", err)
	}
	_, err = file.Write(shown)
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("write %s: %w", clean(d.out), errors.Join(err, os.Remove(out)))
	}
	a.notef("wrote %s\n", clean(d.out))
	return nil
}

func (a *app) printChoices(choices []vc.Choice) error {
	if a.json {
		type line struct {
			Pointers []string `json:"pointers"`
			Term     string   `json:"term"`
			Text     string   `json:"text,omitzero"`
		}
		lines := make([]line, len(choices))
		for i, c := range choices {
			lines[i] = line(c)
		}
		return a.printJSON(struct {
			SchemaVersion int    `json:"schemaVersion"`
			Choices       []line `json:"choices"`
		}{schemaVersion, lines})
	}
	for _, c := range choices {
		a.printf("%s\n", clean(c.Pointers[0]))
		a.printf("    %s\n", clean(strings.TrimSuffix(c.Term+": "+c.Text, ": ")))
	}
	if len(choices) == 0 {
		a.notef("everything in it is always shown\n")
	}
	return nil
}

// discloser finds the one credential in a file of which a part can be shown.
func (a *app) discloser(ctx context.Context, name string) (discloser, error) {
	inputs, err := a.inputsOf(ctx, name, verifying{offline: true})
	if err != nil {
		return nil, err
	}
	var found []discloser
	var first error
	for _, in := range inputs {
		one, err := openDiscloser(in)
		if err == nil {
			found = append(found, one)
		} else if first == nil || jsonld.CodeOf(first) == "base-missing" {
			first = err
		}
	}
	switch {
	case len(found) > 1:
		return nil, misuse("take one of them out, and name it", "%s has %d credentials of which a part can be shown", clean(name), len(found))
	case len(found) == 1:
		return found[0], nil
	}
	return nil, fmt.Errorf("%s: %w", clean(name), first)
}

// otherFile is what to try with a credential that is shown whole.
const otherFile = "use the file that the issuer made for this: sign.formats has ecdsa-sd-2023 or dc+sd-jwt there"

func openDiscloser(in input) (discloser, error) {
	if in.read != nil {
		data, err := in.read()
		if err != nil {
			return nil, err
		}
		in.data = data
	}
	if s := verify.UnpackSDJWT(in.data); s != nil {
		return &sdJWTDiscloser{s}, nil
	}
	doc, row := verify.Unpack(in.data)
	switch {
	case in.report != nil:
		row, _ = in.report.Check(verify.Structure)
		return nil, errors.New(row.Text)
	case doc == nil && row.Outcome == verify.Pass:
		return nil, hint.Errorf(otherFile, "a JWT shows all of it or nothing")
	case doc == nil:
		return nil, hint.Errorf(row.Hint, "%s", row.Text)
	}
	t, err := tools()
	if err != nil {
		return nil, err
	}
	base, err := t.OpenBase(doc)
	switch jsonld.CodeOf(err) {
	case "":
	case "base-missing", "proof-missing":
		return nil, hint.Errorf(otherFile, "%w", err)
	case "derived-proof":
		return nil, hint.Errorf("show a part of the file that this one was made from", "%w", err)
	}
	if err != nil {
		return nil, err
	}
	always := base.Mandatory()
	for _, pointer := range vc.AlwaysShown(doc) {
		if !slices.Contains(always, pointer) {
			always = append(always, pointer)
		}
	}
	return &baseDiscloser{base, always}, nil
}

// baseDiscloser derives from a base proof.
type baseDiscloser struct {
	*proof.Base
	always []string // JSON pointers, those that the issuer made mandatory too
}

// Choices implements discloser.
func (b *baseDiscloser) Choices() []vc.Choice { return vc.Choices(b.Unsecured(), b.always) }

// Disclose implements discloser. What goes with a choice is shown with it.
func (b *baseDiscloser) Disclose(pointers []string) ([]byte, error) {
	choices := b.Choices()
	shown, err := b.Derive(slices.Concat(b.always, vc.WithScales(choices, pointers)))
	var e *jsonld.Error
	switch {
	case !errors.As(err, &e):
	case e.Code == "pointer-unknown":
		err = misuse(nearPointer(e.Pointer, choices), "--reveal %s points to nothing", clean(e.Pointer))
	case e.Code == "pointer-partial":
		err = misuse("point to the whole of it", "--reveal %s: %s", clean(e.Pointer), e.Detail)
	}
	return shown, err
}

// sdJWTDiscloser takes disclosures away.
type sdJWTDiscloser struct{ *sdjwt.SDJWT }

// Choices implements discloser.
func (s *sdJWTDiscloser) Choices() []vc.Choice {
	const id = "/credentialSubject/id"
	var choices []vc.Choice
	if v, ok := jsonld.At(s.Claims, id); ok && !s.Has(id) {
		text, _ := v.(string)
		choices = append(choices, vc.Choice{Pointers: []string{id}, Term: "id", Text: text})
	}
	return append(choices, vc.Choices(s.Claims, s.Always())...)
}

// Disclose implements discloser. What goes with a choice is shown with it.
func (s *sdJWTDiscloser) Disclose(pointers []string) ([]byte, error) {
	choices := s.Choices()
	shown, err := s.Present(vc.WithScales(choices, pointers))
	var e *jsonld.Error
	if errors.As(err, &e) && e.Code == "pointer-missing" {
		err = misuse(nearPointer(e.Pointer, choices), "--reveal %s points to nothing", clean(e.Pointer))
	}
	return []byte(shown), err
}

// nearPointer is the hint for a pointer to nothing.
func nearPointer(pointer string, choices []vc.Choice) string {
	known := make([]string, len(choices))
	for i, c := range choices {
		known[i] = c.Pointers[0]
	}
	if near := text.Nearest(pointer, known); near != "" {
		return "did you mean " + near + "?"
	}
	for _, k := range known { // written as the name of a member
		if strings.HasSuffix(k, "/"+strings.Trim(pointer, "/")) {
			return "did you mean " + k + "?"
		}
	}
	return "--list prints what can be revealed"
}
