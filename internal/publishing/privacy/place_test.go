package privacy

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"laurel/internal/material/hint"
)

// tree makes files with their folders below a root; a name that ends in a slash
// is a folder, one with an arrow a link.
func tree(t *testing.T, root string, names ...string) {
	t.Helper()
	for _, name := range names {
		from, to, link := strings.Cut(root+"/"+name, " -> ")
		err := os.MkdirAll(filepath.Dir(from), 0o755)
		switch {
		case err != nil:
		case link:
			err = os.Symlink(to, from)
		case strings.HasSuffix(name, "/"):
			err = os.MkdirAll(from, 0o755)
		default:
			err = os.WriteFile(from, nil, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// Nothing private is written where anything is published, or into what laurel
// keeps, by whatever way it is named.
func TestCheckPlace(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	built := func(dir string) {
		tree(t, root, dir+"/issuer.json", dir+"/catalog.json", dir+"/verify/index.html")
	}
	tree(t, root, "site/content/site.yaml", "site/content/ledger/0001.jsonl", "site/keys/", "site/themes/default/assets/", "site/.laurel/",
		"site/.git/", "site/packages/", "elsewhere/", "to-public -> site/public", "to-keys -> site/keys", "gone -> nowhere",
		"other/content/site.yaml", "other/public/x/", "other/lists/")
	built("site/public")
	tree(t, root, "linked/content/site.yaml", "linked/public -> ../published", "linked/content/awards -> ../../rosters")
	built("published")
	tree(t, root, "rosters/a.yaml")
	built("copied")
	tree(t, root, "pushed/.git/", "pushed/lists/", "pushed/docs/")
	built("pushed/docs/badges")
	tree(t, root, "project/.git/", "project/lists/")
	tree(t, root, "bare/content/site.yaml")

	for name, c := range map[string]struct{ site, out, why string }{
		"elsewhere":        {"site", "elsewhere/links.csv", ""},
		"elsewhere_new":    {"site", "elsewhere/new/packages", ""},
		"beside":           {"site", "links.csv", ""},
		"in_the_site":      {"site", "site/packages", ""},
		"project":          {"site", "project/lists/x", ""},
		"other_lists":      {"site", "other/lists/x", ""},
		"public":           {"site", "site/public", "lies inside public/, which is published"},
		"public_file":      {"site", "site/public/links.csv", "lies inside public/"},
		"public_deep":      {"site", "site/public/a/b/c", "lies inside public/"},
		"public_dots":      {"site", "site/keys/../public/x", "lies inside public/"},
		"public_linked_to": {"site", "to-public/x", "lies inside public/"},
		"public_missing":   {"bare", "bare/public/x", "lies inside public/"},
		"public_a_link":    {"linked", "linked/public/x", "lies inside public/"},
		"public_resolved":  {"linked", "published/x", "lies inside public/"},
		"ledger":           {"site", "site/content/ledger/0001.jsonl", "lies inside content/"},
		"content":          {"site", "site/content", "lies inside content/"},
		"rosters_resolved": {"linked", "rosters/a.yaml", "lies inside content/awards/"},
		"keys":             {"site", "to-keys/x", "lies inside keys/"},
		"themes":           {"site", "site/themes/default/assets/x.csv", "lies inside themes/"},
		"cache":            {"site", "site/.laurel/x", "lies inside .laurel/"},
		"other_public":     {"site", "other/public/x/y", "which is published in another site"},
		"other_keys":       {"site", "other/keys/x", "which holds keys in another site"},
		"copied":           {"site", "copied/packages", "which contains a built site"},
		"copied_itself":    {"site", "copied", "which contains a built site"},
		"pushed":           {"site", "pushed/lists/x", "a git work tree with a built site"},
		"pushed_itself":    {"site", "pushed", "a git work tree with a built site"},
		"site_itself":      {"site", "site", "is the site folder"},
		"above":            {"site", ".", "is the site folder"},
		"link_to_nowhere":  {"site", "gone/x", "a link that leads nowhere"},
	} {
		t.Run(name, func(t *testing.T) {
			err := CheckPlace(root+"/"+c.site, root+"/"+c.out)
			if c.why == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), c.why) {
				t.Errorf("error is %v, want one with %q", err, c.why)
			}
			if name != "link_to_nowhere" && hint.Of(err) == "" {
				t.Errorf("%v has no hint", err)
			}
		})
	}
}
