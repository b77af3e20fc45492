package audit_test

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"laurel/internal/publishing/audit"
)

// The log is found to be what its head was signed for, and each public award in
// it; any other bytes of it are told.
func TestAuditOfLog(t *testing.T) {
	site := built(t)
	a := newAuditor(t)
	var tile, bundle, award string
	for p := range site {
		switch {
		case strings.HasPrefix(p, "log/tile/entries/"):
			bundle = p
		case strings.HasPrefix(p, "log/tile/0/"):
			tile = p
		case path.Base(p) == "credential.json":
			award = path.Dir(p)
		}
	}
	flip := func(p string, at int) func(fstest.MapFS) {
		return func(s fstest.MapFS) {
			b := slices.Clone(s[p].Data)
			b[(len(b)+at)%len(b)] ^= 1
			s[p] = &fstest.MapFile{Data: b}
		}
	}
	write := func(p, text string) func(fstest.MapFS) {
		return func(s fstest.MapFS) { s[p] = &fstest.MapFile{Data: []byte(text)} }
	}
	without := func(p string) func(fstest.MapFS) { return func(s fstest.MapFS) { delete(s, p) } }
	other := func(s fstest.MapFS) {
		for p := range site {
			if path.Base(p) == "log.json" && path.Dir(p) != award {
				s[award+"/log.json"] = site[p]
			}
		}
	}
	for _, c := range []struct {
		name, file, says string
		spoil            func(fstest.MapFS)
	}{
		{"signature", "log/checkpoint", "not signed", func(s fstest.MapFS) {
			// Another letter of base64, whatever stands there: a note is told from none.
			b, letter := s["log/checkpoint"].Data, byte('A')
			if b[len(b)-10] == letter {
				letter = 'B'
			}
			write("log/checkpoint", string(b[:len(b)-10])+string(letter)+string(b[len(b)-9:]))(s)
		}},
		{"size", "log/checkpoint", "not signed", func(s fstest.MapFS) {
			text := string(s["log/checkpoint"].Data)
			lines := strings.SplitN(text, "\n", 3)
			write("log/checkpoint", lines[0]+"\n1"+lines[1]+"\n"+lines[2])(s)
		}},
		{"no_note", "log/checkpoint", "not a signed note", write("log/checkpoint", "hello\n")},
		{"endless", "log/checkpoint", "longer than", write("log/checkpoint", strings.Repeat("x", 1<<20))},
		{"no_checkpoint", "log/checkpoint", "is missing", without("log/checkpoint")},
		{"no_log", award + "/log.json", "there is none", func(s fstest.MapFS) {
			maps.DeleteFunc(s, func(p string, _ *fstest.MapFile) bool { return strings.HasPrefix(p, "log/") })
		}},
		{"tile", tile, "is not what the log's entries give", flip(tile, 3)},
		{"no_tile", tile, "is missing", without(tile)},
		{"entry", "log/checkpoint", "not those that were signed", flip(bundle, 20)},
		{"no_bundle", bundle, "is missing", without(bundle)},
		{"another_tile", "log/tile/0/007", "not a file of the log", write("log/tile/0/007", "x")},
		{"no_place", award + "/credential.json", "is not in the log", without(award + "/log.json")},
		{"place_of_another", award + "/log.json", "not in the log where it says", other},
		{"no_json", award + "/log.json", "does not tell of a place", write(award+"/log.json", "{")},
		{"other_log", award + "/log.json", "does not tell of a place", write(award+"/log.json", `{"log":"https://example.org/log","documents":[]}`)},
		{"outside", award + "/log.json", "not in the log where it says", write(award+"/log.json", `{"log":"https://example.github.io/badges/log","documents":[{"index":99999,"salt":"AAAA"},{"index":-1,"salt":"AAAA"}]}`)},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := maps.Clone(site)
			c.spoil(s)
			r, err := a.run(t.Context(), s)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(r.Problems, func(p audit.Problem) bool { return p.File == c.file && strings.Contains(p.Text, c.says) }) {
				t.Errorf("problems are %+v", r.Problems)
			}
		})
	}
}
