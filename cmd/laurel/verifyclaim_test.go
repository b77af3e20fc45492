package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A claim link is recognised in whatever place it is given, opened where its
// site is at hand, and never printed.
func TestVerifyClaimLink(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "academy")
	must(t, ".", "new", dir)
	replaceOnce(t, filepath.Join(dir, "content/awards/first-evening.yaml"), "visibility: public", "visibility: link\nvariants: [no-name]")
	must(t, dir, "key", "new")
	must(t, dir, "sign")
	must(t, dir, "build")
	var list struct {
		Links []struct{ Link string }
	}
	if err := json.Unmarshal([]byte(must(t, dir, "claim-links", "--json")), &list); err != nil || len(list.Links) < 2 {
		t.Fatalf("%d links, %v", len(list.Links), err)
	}
	link := list.Links[0].Link
	page, fragment, _ := strings.Cut(link, "#")
	name, key, _ := strings.Cut(fragment, ".")
	elsewhere := t.TempDir()
	message := filepath.Join(elsewhere, "message.txt")
	roster := filepath.Join(elsewhere, "known.yaml")
	for file, text := range map[string]string{message: "Your award: " + link + "\n", roster: "- '" + fragment + "'\n- [" + link} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	wrong := page + "#" + name + "." + strings.Repeat("A", 43)
	public := filepath.Join(dir, "public")
	for what, c := range map[string]struct {
		dir  string
		args []string
		code int
		says string // somewhere
	}{
		"at_hand":       {dir, []string{link, "--offline"}, 3, "claim link: full"},
		"documents":     {elsewhere, []string{link, "--offline", "--documents", public}, 0, "claim link: no-name"},
		"log":           {elsewhere, []string{link, "--offline", "--documents", public, "--require", "log"}, 0, "pass  log           The credential has been in the issuer\u2019s log since "},
		"encoded":       {elsewhere, []string{page + "#" + name + "%2E" + key, "--offline", "--documents", public}, 0, "2 valid"},
		"fragment":      {elsewhere, []string{"#" + fragment, "--offline", "--documents", public}, 0, "2 valid"},
		"full_stop":     {elsewhere, []string{link + ".", "--offline", "--documents", public}, 0, "2 valid"},
		"newsletter":    {elsewhere, []string{"<" + link + "&utm_source=mail>", "--offline", "--documents", public}, 0, "2 valid"},
		"too_long":      {elsewhere, []string{link + "A"}, 2, "cut off or changed"},
		"wrong_key":     {elsewhere, []string{wrong, "--documents", public}, 3, "does not open with the key"},
		"not_at_hand":   {elsewhere, []string{link}, 2, "open it in a browser"},
		"with_http":     {elsewhere, []string{strings.Replace(link, "https:", "http:", 1)}, 2, "open it in a browser"},
		"cut_off":       {elsewhere, []string{link[:len(link)-9]}, 2, "cut off"},
		"cut_off_short": {elsewhere, []string{page + "#" + name[:9]}, 2, "cut off"},
		"in_a_file":     {elsewhere, []string{message}, 3, "text with a claim link in it"},
		"registry":      {elsewhere, []string{message, "--registry", link}, 2, "an option contains a claim link"},
		"registry_file": {elsewhere, []string{message, "--registry", roster}, 2, "it contains a claim link"},
		"documents_too": {elsewhere, []string{message, "--documents", link}, 2, "an option contains a claim link"},
		"documents_url": {elsewhere, []string{message, "--documents", link + "=" + message}, 2, "an option contains a claim link"},
		"requirement":   {elsewhere, []string{message, "--require", link}, 2, "an option contains a claim link"},
	} {
		t.Run(what, func(t *testing.T) {
			for _, more := range []string{"-v", "--json"} {
				code, stdout, stderr := run(t, c.dir, append([]string{"verify", "--no-cache", more}, c.args...)...)
				all := stdout + stderr
				if code != c.code || more == "-v" && !strings.Contains(all, c.says) {
					t.Errorf("exit %d, want %d and %q:\n%s", code, c.code, c.says, all)
				}
				for part, secret := range map[string]string{"key": key, "start of the key": key[:12], "name": name, "start of the name": name[:9], "wrong key": wrong[len(wrong)-43:]} {
					if strings.Contains(all, secret) {
						t.Errorf("the %s is printed:\n%s", part, all)
					}
				}
			}
		})
	}
}
