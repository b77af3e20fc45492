package bake_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"laurel/internal/standards/bake"
	"laurel/internal/testing/work"
)

// pdfObject is a numbered object that is a stream.
func pdfObject(entries, data string) string {
	return "7 0 obj\n<< " + strings.Replace(entries, "%d", fmt.Sprint(len(data)), 1) + " >>\nstream\n" + data + "\nendstream\nendobj\n"
}

const (
	pdfHead  = "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n"
	jsonFile = "/Type /EmbeddedFile /Subtype /application#2Fjson /Length %d"
	pdfTail  = "trailer\n<< /Root 1 0 R >>\n%%EOF\n"
)

func TestAttachments(t *testing.T) {
	for _, tt := range []struct {
		name, pdf string
		want      []string
	}{
		{"none", "", nil},
		{"plain", pdfObject(jsonFile, `{"a":1}`), []string{`{"a":1}`}},
		{"compressed", pdfObject(jsonFile+" /Filter /FlateDecode", compress(`{"b":2}`)), []string{`{"b":2}`}},
		{"two_in_order", pdfObject(jsonFile, "1") + pdfObject("/Type /EmbeddedFile /Length %d", "2"), []string{"1", "2"}},
		{"empty", pdfObject(jsonFile, ""), []string{""}},
		{"ends_in_a_line", pdfObject(jsonFile, "x\r\n"), []string{"x\r\n"}},
		{"ends_in_a_line_without_length", pdfObject("/Type /EmbeddedFile", "x\r\n"), []string{"x\r\n"}},
		{"ends_at_once", "7 0 obj<</Type/EmbeddedFile/Length 1>>stream\nxendstream", []string{"x"}},
		{"says_endstream", pdfObject(jsonFile, "a endstream b"), []string{"a endstream b"}},
		{"last_entry_counts", pdfObject(jsonFile+" /Type /XObject /Subtype /Image", "x"), nil},
		{"length_of_another", pdfObject("/Type /EmbeddedFile /Length 8 0 R", "a endstream b") + "18 0 obj 4 endobj 8 0 obj 13 endobj", []string{"a endstream b"}},
		{"not_an_object", "obj <</Type/EmbeddedFile>>stream\nx\nendstream", nil},
		{"line_after_stream_missing", "7 0 obj <</Type/EmbeddedFile>>stream x\nendstream", nil},
		{"line_after_stream_is_half", "7 0 obj <</Type/EmbeddedFile>>stream\rx\nendstream", nil},
		{"broken_before", "7 0 obj << /A ) >>\nendobj\n" + pdfObject(jsonFile, "x"), []string{"x"}},
		{"value_missing", "7 0 obj << /A >>\nstream\nx\nendstream", nil},
		{"in_a_comment_of_a_dictionary", "7 0 obj << %" + pdfObject(jsonFile, "x"), nil},
		{"large_of_another_kind", pdfObject("/Type /EmbeddedFile /Length %d", strings.Repeat("x", bake.MaxCredential+1)), nil},
		{"damaged_of_another_kind", pdfObject("/Type /EmbeddedFile /Filter /FlateDecode /Length %d", "x"), nil},
		{"cut_short_of_another_kind", "7 0 obj <</Type/EmbeddedFile>>stream\nx", nil},
	} {
		got, err := bake.Attachments([]byte(pdfHead + tt.pdf + pdfTail))
		var texts []string
		for _, file := range got {
			texts = append(texts, string(file))
		}
		if err != nil || !slices.Equal(texts, tt.want) {
			t.Errorf("%s: %q, %v, want %q", tt.name, texts, err, tt.want)
		}
	}
}

func TestAttachmentsRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, pdf string
		is        error
	}{
		{"encrypted", pdfObject(jsonFile, "x") + "trailer <</Encrypt 9 0 R>>", bake.ErrEncrypted},
		{"encrypted_at_once", "trailer <</Encrypt<</V 4>>>>" + pdfObject(jsonFile, "x"), bake.ErrEncrypted},
		{"large", pdfObject(jsonFile, strings.Repeat("x", bake.MaxCredential+1)), bake.ErrTooLarge},
		{"bomb", pdfObject(jsonFile+" /Filter /FlateDecode", compress(strings.Repeat("a", 50<<20))), bake.ErrTooLarge},
		{"damaged", pdfObject(jsonFile+" /Filter /FlateDecode", "x"), nil},
		{"cut_short", "7 0 obj <</Subtype/application#2fjson>>stream\nx", nil},
		{"many", strings.Repeat(pdfObject("/Type /EmbeddedFile /Length %d", "x"), 33), nil},
		{"file_too_large", strings.Repeat("x", bake.MaxImage), bake.ErrTooLarge},
	} {
		got, err := bake.Attachments([]byte(pdfHead + tt.pdf))
		if err == nil || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: %d files, %v, want %v", tt.name, len(got), err, tt.is)
		}
	}
}

// TestAttachmentsCost reads files of the largest size that are made to be read
// again and again: each costs about one pass. What reads on
// from everywhere would not come to its end.
func TestAttachmentsCost(t *testing.T) {
	for name, part := range map[string]string{
		"brackets":        "1 0 obj<<((((",
		"arrays":          "1 0 obj<</A[[[[",
		"comments":        "1 0 obj%",
		"names":           "1 0 obj<</A/B",
		"objects":         "1 0 obj\n",
		"numbers":         "1 0 obj<</A 1 1 1 1 ",
		"streams":         "1 0 obj<</Length 9 0 R>>stream\n",
		"ended streams":   "1 0 obj<</Length 9 0 R>>stream\nendstream",
		"encrypt":         "/Encrypt",
		"spaces":          "1 0 obj<<>>            ",
		"hex":             "1 0 obj<</A<",
		"dictionaries":    "1 0 obj<</A<</A<</A<<",
		"lengths nowhere": "1 0 obj<</Type/EmbeddedFile/Length 9 0 R>>stream\nendstream ",
	} {
		data := []byte(pdfHead + strings.Repeat(part, (bake.MaxImage-len(pdfHead))/len(part)))
		var files [][]byte
		var err error
		if _, bytes := work.Of(func() { files, err = bake.Attachments(data) }); bytes > 16*bake.MaxImage {
			t.Errorf("%s: %d MB", name, bytes>>20)
		}
		if len(files) > 0 && err == nil {
			t.Errorf("%s: %d files", name, len(files))
		}
	}
}

func FuzzAttachments(f *testing.F) {
	f.Add([]byte(pdfHead + pdfObject(jsonFile, `{"a":1}`) + pdfTail))
	f.Add([]byte(pdfHead + pdfObject(jsonFile+" /Filter [/FlateDecode] /DecodeParms null", compress("{}")) + "trailer <</Encrypt 1 0 R>>"))
	f.Add([]byte("1 0 obj<</#54ype/EmbeddedFile/Params<</A(\\)())/B<00>/C[1 2 R]>>/Length 2 0 R>>stream\r\nxendstream 2 0 obj 1 endobj"))
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := bake.Attachments(data)
		if err != nil && !errors.Is(err, bake.ErrEncrypted) && !strings.HasPrefix(err.Error(), "read PDF: ") {
			t.Errorf("%v", err)
		}
		if len(files) > 32 {
			t.Errorf("%d files", len(files))
		}
		for _, file := range files {
			if len(file) > bake.MaxCredential {
				t.Errorf("a file of %d bytes", len(file))
			}
		}
		if err != nil || bytes.HasSuffix(data, []byte("%")) {
			return
		}
		// What is attached behind is found as well, whatever stands before it,
		// unless that goes on into it.
		more, err := bake.Attachments(append(slices.Clone(data), pdfObject(jsonFile, "{}")...))
		if err == nil && len(more) < len(files) {
			t.Errorf("%d files, and %d with one more", len(files), len(more))
		}
	})
}
