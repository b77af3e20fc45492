package rdfc_test

import (
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"

	"laurel/internal/standards/rdfc"
	"laurel/internal/testing/nquads"
	"laurel/internal/testing/vectors"
)

// TestEscaping: json-gold fails W3C test060. Every control
// character is escaped in one way only.
func TestEscaping(t *testing.T) {
	var all strings.Builder
	for r := rune(0); r < 0x20; r++ {
		all.WriteRune(r)
	}
	all.WriteString("\"\\'\u007f\u0080é\u2028😀")
	q := rdfc.Quad{
		Subject:   rdfc.Term{Kind: rdfc.IRI, Value: "a:s"},
		Predicate: rdfc.Term{Kind: rdfc.IRI, Value: "a:p"},
		Object:    rdfc.Term{Kind: rdfc.Literal, Value: all.String()},
	}
	const want = `<a:s> <a:p> "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000B\f\r\u000E\u000F` +
		`\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F` +
		`\"\\'\u007F` + "\u0080é\u2028😀" + "\" .\n"
	got, err := rdfc.Canonicalize([]rdfc.Quad{q, q}, rdfc.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Errorf("got  %swant %s", got, want)
	}
	back, err := nquads.Parse(got)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(back, []rdfc.Quad{q}) {
		t.Errorf("read back as %v", back)
	}
}

// TestSHA384 computes by hand what decides the order of labels under SHA-384:
// the first degree hash of each node.
func TestSHA384(t *testing.T) {
	const in = "_:x <a:p> \"1\" .\n_:y <a:p> \"2\" .\n_:z <a:p> \"3\" .\n"
	var lines []string
	for _, value := range []string{"1", "2", "3"} {
		line := fmt.Sprintf("_:a <a:p> %q .\n", value)
		h := sha512.Sum384([]byte(line))
		lines = append(lines, hex.EncodeToString(h[:])+value)
	}
	slices.Sort(lines)
	var want strings.Builder
	for i, line := range lines {
		fmt.Fprintf(&want, "_:c14n%d <a:p> %q .\n", i, line[len(line)-1:])
	}
	quads, err := nquads.Parse([]byte(in))
	if err != nil {
		t.Fatal(err)
	}
	got, err := rdfc.Canonicalize(quads, rdfc.Options{Hash: rdfc.SHA384})
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want.String() {
		t.Errorf("got\n%swant\n%s", got, want.String())
	}
}

func TestCanonicalizeRefuses(t *testing.T) {
	iri := rdfc.Term{Kind: rdfc.IRI, Value: "a:b"}
	literal := rdfc.Term{Kind: rdfc.Literal, Value: "x"}
	for name, q := range map[string]rdfc.Quad{
		"no-subject":      {Predicate: iri, Object: iri},
		"literal-subject": {Subject: literal, Predicate: iri, Object: iri},
		"no-predicate":    {Subject: iri, Object: iri},
		"blank-predicate": {Subject: iri, Predicate: rdfc.Term{Kind: rdfc.Blank, Value: "b"}, Object: iri},
		"no-object":       {Subject: iri, Predicate: iri},
		"literal-graph":   {Subject: iri, Predicate: iri, Object: iri, Graph: literal},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := rdfc.Canonicalize([]rdfc.Quad{q}, rdfc.Options{}); err == nil {
				t.Errorf("canonicalised as %q", got)
			}
		})
	}
}

func BenchmarkW3C(b *testing.B) {
	for _, name := range []string{"test044-in.nq", "test056-in.nq"} {
		quads, err := nquads.Parse(vectors.Read("rdf-canon/" + name))
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := rdfc.Canonicalize(quads, rdfc.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// TestValidIRIExamples holds ValidIRI to the examples that the scripts of the
// pages are held to as well.
func TestValidIRIExamples(t *testing.T) {
	for _, example := range vectors.URLs() {
		if rdfc.ValidIRI(example.Text) != slices.Contains(strings.Fields(example.Is), "iri") {
			t.Errorf("%q is not %q", example.Text, example.Is)
		}
	}
}
