package bake_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"laurel/internal/standards/bake"
	"laurel/internal/testing/work"
)

const (
	blockOpen = `<script type="application/json" id="file-credential">`
	blockOne  = blockOpen + `"{\"a\":1}"</script>`
)

func TestFromHTML(t *testing.T) {
	for _, tt := range []struct{ name, page, want string }{
		{"alone", blockOne, `[{"a":1}][]`},
		{"none", "<!doctype html><p>x</p>", "[][]"},
		{"inside_of_a_script", "<script>" + blockOpen + `"{}"`, "[][]"},
		{"two", blockOne + blockOne, `[{"a":1} {"a":1}][]`},
		{"other_data", "<SCRIPT Type = 'application/ld+json'>{}</script><script type=application/vc>[]</script><script type=\"text/json\">1</script>", "[][{} []]"},
		{"other_data_cut", "<script type='application/ld+json'>{}", "[][]"},
		{"in_a_page", "<!doctype html><script>x</script><body>" + blockOne + "<SCRIPT>y</SCRIPT></body>", `[{"a":1}][]`},
		{"escapes", blockOpen + "\n\"\\u003cscript\\u003e\\u00e9\xc3\xa9\" </script>", "[<script>éé][]"},
		{"end_in_capitals", blockOpen + `"x"</SCRIPT>`, "[x][]"},
		{"name_in_a_script", "<script>'" + `<script type="application/json" id="file-credential">` + "'</script>" + blockOne, `[{"a":1}][]`},
		{"named_without_a_script", "<p id=file-credential>" + blockOne, `[{"a":1}][]`},
		{"with_its_kit", blockOne + `<script type="application/json" id="file-list">"{}"</script><script type="application/json" id="file-lists">[]</script>`, `[{"a":1}][[]]`},
		{"cut_after", blockOne + "<script>x", `[{"a":1}][]`},
	} {
		own, others, err := bake.FromHTML([]byte(tt.page))
		if got := fmt.Sprintf("%s%s", own, others); err != nil || got != tt.want {
			t.Errorf("%s: %s, %v", tt.name, got, err)
		}
	}
}

func TestFromHTMLRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, page string
		is         error
	}{
		{"two_one_empty", blockOpen + "</script>" + blockOne, nil},
		{"two_written_otherwise", blockOne + "<SCRIPT ID=file-credential>x</script>", nil},
		{"written_otherwise", "<script id=file-credential>\"{}\"</script>", nil},
		{"cut", blockOpen + `"{}"`, nil},
		{"cut_in_its_tag", `<script id="file-credential"`, nil},
		{"empty", blockOpen + "</script>", nil},
		{"object", blockOpen + "{}</script>", nil},
		{"two_strings", blockOpen + `"a" "b"</script>`, nil},
		{"more", blockOpen + `"a",</script>`, nil},
		{"not_utf8", blockOpen + "\"\xff\"</script>", nil},
		{"half_a_pair", blockOpen + `"\ud800"</script>`, nil},
		{"large", blockOpen + `"` + strings.Repeat("a", bake.MaxCredential+1) + `"</script>`, bake.ErrTooLarge},
		{"page_too_large", blockOne + strings.Repeat(" ", bake.MaxImage), bake.ErrTooLarge},
	} {
		got, _, err := bake.FromHTML([]byte(tt.page))
		if err == nil || tt.is != nil && !errors.Is(err, tt.is) {
			t.Errorf("%s: %q, %v, want %v", tt.name, got, err, tt.is)
		}
	}
}

// TestFromHTMLCost reads the largest pages of scripts without an end.
// What reads on from every one of them would not come to its own.
func TestFromHTMLCost(t *testing.T) {
	for _, part := range []string{"<script", "<script>", "<script></script>", "<script>x</script", "<", blockOpen[:40]} {
		data := []byte(strings.Repeat(part, bake.MaxImage/len(part)))
		var own, others [][]byte
		var err error
		if _, bytes := work.Of(func() { own, others, err = bake.FromHTML(data) }); bytes > 4*bake.MaxImage {
			t.Errorf("%s: %d MB", part, bytes>>20)
		}
		if err != nil || len(own)+len(others) > 0 {
			t.Errorf("%s: %d, %d, %v", part, len(own), len(others), err)
		}
	}
}

func FuzzFromHTML(f *testing.F) {
	f.Add([]byte("<!doctype html>" + blockOne))
	f.Add([]byte(blockOne + blockOne))
	f.Add([]byte("<SCRIPT>'</script>" + blockOpen + "\"\\ud83d\\ude00\"</SCRIPT>"))
	f.Fuzz(func(t *testing.T, data []byte) {
		own, _, err := bake.FromHTML(data)
		if err != nil {
			return
		}
		for _, credential := range own {
			if len(credential) > bake.MaxCredential {
				t.Errorf("%d bytes", len(credential))
			}
		}
		// It stands there as it should, and one more is seen, whatever is left open
		// before it.
		if len(own) > bytes.Count(data, []byte(blockOpen)) {
			t.Error("there are no such blocks")
		}
		if more, _, err := bake.FromHTML(append(bytes.Clone(data), "></script>"+blockOne...)); err != nil || len(more) != len(own)+1 {
			t.Errorf("one more: %d of %d, %v", len(more), len(own), err)
		}
	})
}
