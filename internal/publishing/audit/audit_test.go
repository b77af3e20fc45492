package audit_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"laurel/internal/cli"
	"laurel/internal/publishing/audit"
	"laurel/internal/standards/bake"
	"laurel/internal/standards/conform"
	"laurel/internal/standards/proof"
	"laurel/internal/standards/verify"
)

// signedAt is the clock of everything here.
var signedAt = time.Date(2026, 11, 15, 12, 0, 0, 0, time.UTC)

// built is a site as "laurel build" leaves it: what "laurel new" writes, with
// everybody public but one who is sent a claim link, one award revoked and one
// suspended.
func built(t *testing.T) fstest.MapFS {
	t.Helper()
	return builtFor(t, "", signedAt)
}

// builtFor is such a site for a base URL, signed and built at a time.
func builtFor(t *testing.T, base string, at time.Time) fstest.MapFS {
	t.Helper()
	passphrase := func(name string) (string, bool) { return "made up for tests", name == "LAUREL_PASSPHRASE" }
	dir := filepath.Join(t.TempDir(), "site")
	run := func(args ...string) {
		t.Helper()
		var out bytes.Buffer
		env := cli.Environment{Args: args, Stdout: &out, Stderr: &out, Lookup: passphrase, KeyWork: 1000, Rehearsal: true, Now: func() time.Time { return at }}
		if code := cli.Main(t.Context(), env); code != 0 {
			t.Fatalf("laurel %s: exit %d\n%s", args, code, out.String())
		}
	}
	run("new", dir)
	if base != "" {
		file := filepath.Join(dir, "content/site.yaml")
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, bytes.Replace(b, []byte("https://example.github.io/badges"), []byte(base), 1), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	lists, err := filepath.Glob(filepath.Join(dir, "content/awards/*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range lists {
		b, err := os.ReadFile(list)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range []string{"private", "link"} {
			b = bytes.ReplaceAll(b, []byte("visibility: "+v), []byte("visibility: public"))
			b = bytes.ReplaceAll(b, []byte(","+v+","), []byte(",public,"))
		}
		b = bytes.Replace(b, []byte("eunji@example.org,public"), []byte("eunji@example.org,link"), 1)
		if err := os.WriteFile(list, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run("-C", dir, "key", "new")
	run("-C", dir, "sign")
	run("-C", dir, "revoke", "first-evening/welcome-badge/welcome-01")
	run("-C", dir, "suspend", "first-evening/welcome-badge/S-1003")
	run("-C", dir, "sign")
	run("-C", dir, "build")

	site := fstest.MapFS{}
	err = filepath.WalkDir(filepath.Join(dir, "public"), func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(filepath.Join(dir, "public"), p)
		site[filepath.ToSlash(name)] = &fstest.MapFile{Data: b}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return site
}

// auditor audits many sites with one set of contexts and schemas.
type auditor struct {
	processor *proof.Processor
	checker   *conform.Checker
	now       time.Time
}

func newAuditor(t *testing.T) *auditor {
	t.Helper()
	p, err := proof.New()
	if err != nil {
		t.Fatal(err)
	}
	c, err := conform.New()
	if err != nil {
		t.Fatal(err)
	}
	return &auditor{p, c, signedAt.Add(time.Hour)}
}

func (a *auditor) run(ctx context.Context, site fs.FS) (*audit.Report, error) {
	return audit.Run(ctx, site, audit.Options{NewVerifier: func(load verify.Loader) (*verify.Verifier, error) {
		return verify.New(a.processor, a.checker, verify.Options{Now: a.now, Load: load}), nil
	}})
}

// swollen is a file system in which one file says it is larger than it is.
type swollen struct {
	fstest.MapFS
	name string
	size int64
}

func (s swollen) ReadDir(dir string) ([]fs.DirEntry, error) {
	entries, err := s.MapFS.ReadDir(dir)
	for i, e := range entries {
		if path.Join(dir, e.Name()) == s.name {
			entries[i] = swollenEntry{e, s.size}
		}
	}
	return entries, err
}

type swollenEntry struct {
	fs.DirEntry
	size int64
}

func (e swollenEntry) Info() (fs.FileInfo, error) {
	info, err := e.DirEntry.Info()
	return swollenInfo{info, e.size}, err
}

type swollenInfo struct {
	fs.FileInfo
	size int64
}

func (i swollenInfo) Size() int64 { return i.size }

// seeded is one thing wrong with a site: the problem it must give, in which
// file, and whether nothing else may be said.
type seeded struct {
	name  string
	file  string
	says  string
	alone bool
	spoil func(s fstest.MapFS)
}

func TestAudit(t *testing.T) {
	site := built(t)
	a := newAuditor(t)
	awards := slices.Sorted(maps.Keys(site))
	awards = slices.DeleteFunc(awards, func(p string) bool { return path.Base(p) != "credential.json" })
	sealed := slices.DeleteFunc(slices.Sorted(maps.Keys(site)), func(p string) bool { return path.Dir(p) != "c" })
	if len(awards) < 5 || len(sealed) != 2 { // a capsule and its page
		t.Fatalf("%d awards, %d sealed", len(awards), len(sealed))
	}

	t.Run("good", func(t *testing.T) {
		r, err := a.run(t.Context(), site)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Problems) > 0 || len(r.Warnings) > 0 {
			t.Errorf("problems: %v, warnings: %v", r.Problems, r.Warnings)
		}
		if r.Files != len(site) || r.Links < 100 || len(r.Lists) != 1 || r.Capsules != 1 || !r.RobotsUnread || r.Issuer != "did:web:example.github.io:badges" {
			t.Errorf("%d files of %d, %d links, %d lists, issuer %s", r.Files, len(site), r.Links, len(r.Lists), r.Issuer)
		}
		// A suspended award is, to its status list, one that is not good.
		if valid, bad := r.Count(audit.Valid), r.Count(audit.Bad); valid != len(awards)-2 || bad != 0 || r.Count(audit.Revoked)+r.Count(audit.Suspended) != 2 {
			t.Errorf("%+v", r.Credentials)
		}
		for _, c := range r.Credentials {
			if c.State == audit.Valid != (c.Detail == "") {
				t.Errorf("%+v", c)
			}
		}
	})
	t.Run("expired", func(t *testing.T) {
		later := *a
		later.now = signedAt.AddDate(3, 0, 0)
		r, err := later.run(t.Context(), site)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Problems) > 0 || r.Count(audit.Expired) == 0 || r.Count(audit.Valid) == 0 {
			t.Errorf("%d expired, %d valid, problems: %v", r.Count(audit.Expired), r.Count(audit.Valid), r.Problems)
		}
	})

	for _, c := range append(problems(t, site, awards), sealedProblems(t, site, sealed[0])...) {
		t.Run(c.name, func(t *testing.T) {
			spoilt := maps.Clone(site)
			c.spoil(spoilt)
			r, err := a.run(t.Context(), spoilt)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.ContainsFunc(r.Problems, func(p audit.Problem) bool { return p.File == c.file && strings.Contains(p.Text, c.says) }) {
				t.Errorf("no problem %q in %s, but %v", c.says, c.file, r.Problems)
			}
			if c.alone && len(r.Problems) != 1 {
				t.Errorf("more problems than one: %v", r.Problems)
			}
			if !slices.IsSortedFunc(r.Problems, func(x, y audit.Problem) int { return strings.Compare(x.File, y.File) }) {
				t.Errorf("not sorted: %v", r.Problems)
			}
		})
	}
	for name, size := range map[string]int64{"file": 101 << 20, "site": 99 << 20} {
		t.Run("large-"+name, func(t *testing.T) {
			var fsys fs.FS = swollen{site, "robots.txt", size}
			file, says := "robots.txt", "is 101 MiB large"
			if name == "site" {
				fsys, file, says = swollenAll{site, size}, ".", "GitHub Pages takes at most 1024 MiB"
			}
			r, err := a.run(t.Context(), fsys)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Problems) != 1 || r.Problems[0].File != file || !strings.Contains(r.Problems[0].Text, says) {
				t.Errorf("problems: %v", r.Problems)
			}
		})
	}
	t.Run("stopped", func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if _, err := a.run(ctx, site); !errors.Is(err, context.Canceled) {
			t.Errorf("error is %v", err)
		}
	})
	t.Run("no-site", func(t *testing.T) { noSite(t, a, site) })
	t.Run("link-out", func(t *testing.T) { linkOut(t, a, site) })
}

// swollenAll makes every file as large as that.
type swollenAll struct {
	fstest.MapFS
	size int64
}

func (s swollenAll) ReadDir(dir string) ([]fs.DirEntry, error) {
	entries, err := s.MapFS.ReadDir(dir)
	for i, e := range entries {
		if !e.IsDir() {
			entries[i] = swollenEntry{e, s.size}
		}
	}
	return entries, err
}

// problems are those a site may have, one at a time.
func problems(t *testing.T, site fstest.MapFS, awards []string) []seeded {
	t.Helper()
	welcome := awards[slices.IndexFunc(awards, func(p string) bool { return bytes.Contains(site[p].Data, []byte("welcome-badge")) })]
	first, second := path.Dir(awards[0]), path.Dir(awards[1])
	replace := func(file, old, to string) func(fstest.MapFS) {
		return func(s fstest.MapFS) {
			if !bytes.Contains(s[file].Data, []byte(old)) {
				t.Fatalf("%s does not hold %q", file, old)
			}
			s[file] = &fstest.MapFile{Data: bytes.Replace(s[file].Data, []byte(old), []byte(to), 1)}
		}
	}
	put := func(file, text string) func(fstest.MapFS) {
		return func(s fstest.MapFS) { s[file] = &fstest.MapFile{Data: []byte(text)} }
	}
	remove := func(file string) func(fstest.MapFS) { return func(s fstest.MapFS) { delete(s, file) } }
	inBody := func(markup string) func(fstest.MapFS) {
		return replace("index.html", "</main>", markup+"</main>")
	}
	foreignPNG, err := bakeInto(bake.NewPNG, site["achievements/welcome-badge/image.png"].Data, site[awards[1]].Data)
	if err != nil {
		t.Fatal(err)
	}
	return []seeded{
		{"link-to-nowhere", "index.html", `"achievements/gone/" leads nowhere`, true, inBody(`<a href="achievements/gone/">x</a>`)},
		{"link-to-folder-without-page", "index.html", "leads nowhere", true, inBody(`<a href="status/">x</a>`)},
		{"link-out-of-the-site", "index.html", "leads outside the site", true, inBody(`<a href="../other/">x</a>`)},
		{"absolute-link-out-of-the-site", "index.html", "leads outside the site", true, inBody(`<a href="/other/">x</a>`)},
		{"own-url-to-nowhere", "index.html", "leads nowhere", true, inBody(`<a href="https://example.github.io/badges/gone.html">x</a>`)},
		{"link-that-is-none", "index.html", "is not a URL", true, inBody(`<a href="https://example.org:port/">x</a>`)},
		{"javascript-link", "index.html", "scheme that is not safe", true, inBody(`<a href="javascript:alert(1)">x</a>`)},
		{"javascript-link-spelt-oddly", "index.html", "scheme that is not safe", true, inBody(`<a href="JaVaScript&colon;alert(1)">x</a>`)},
		{"javascript-link-with-control", "index.html", `"java`, true, inBody("<a href=\"java\tscript:alert(1)\">x</a>")},
		{"data-link", "index.html", "scheme that is not safe", true, inBody(`<a href="data:text/html,x">x</a>`)},
		{"other-app", "index.html", "scheme that is not safe", true, inBody(`<a href="dccrequest://present?request=%7B%7D">x</a>`)},
		{"wallet-image", "index.html", "scheme that is not safe", true, inBody(`<img src="dccrequest://request?request=%7B%7D">`)},
		{"file-image", "index.html", "scheme that is not safe", true, inBody(`<img src="file:///etc/passwd">`)},
		{"foreign-script", "index.html", "from another site", true, inBody(`<script src="https://cdn.example.com/x.js"></script>`)},
		{"foreign-image", "index.html", "from another site", true, inBody(`<img src="https://example.com/x.png">`)},
		{"foreign-image-without-scheme", "index.html", "from another site", true, inBody(`<img src="//example.com/x.png">`)},
		{"foreign-style", "index.html", "from another site", true, inBody(`<link rel="stylesheet" href="https://example.com/x.css">`)},
		{"foreign-frame", "index.html", "from another site", true, inBody(`<iframe src="https://example.com/"></iframe>`)},
		{"foreign-srcset", "index.html", "from another site", true, inBody(`<img srcset="issuer.json 1x, https://example.com/x.png 2x">`)},
		{"missing-srcset", "index.html", `"gone.png" leads nowhere`, true, inBody(`<img srcset="gone.png 100w, issuer.json 200w">`)},
		{"foreign-object", "index.html", "from another site", true, inBody(`<object data="https://example.com/x.svg"></object>`)},
		{"missing-page", "index.html", "leads nowhere", false, remove("achievements/welcome-badge/index.html")},
		{"missing-image", "index.html", "leads nowhere", false, remove("achievements/welcome-badge/image-card.svg")},

		{"changed-credential", awards[0], "proof: ", false, replace(awards[0], `"name":"`, `"name":"X`)},
		{"changed-signature", awards[0], "proof: ", false, replace(awards[0], `"proofValue":"z`, `"proofValue":"z2`)},
		{"credential-without-proof", awards[0], "proof", false, replace(awards[0], `"proof":`, `"proofs":`)},
		{"credential-that-is-none", awards[0], "", false, put(awards[0], "hello")},
		{"credential-in-another-folder", first + "/credential.json", "its id is not that of its folder", false, func(s fstest.MapFS) { s[awards[0]] = s[awards[1]] }},
		{"missing-achievement", welcome, "leads nowhere", false, remove("achievements/welcome-badge/achievement.json")},
		{"missing-picture", welcome, "leads nowhere", false, remove("achievements/welcome-badge/image.png")},
		{"missing-list", awards[0], "status: ", false, remove("status/1.json")},
		{"changed-list", "status/1.json", "proof: ", false, replace("status/1.json", `"ttl":600000`, `"ttl":999999`)},
		{"list-under-another-number", "status/2.json", "its id is not the URL", true, func(s fstest.MapFS) { s["status/2.json"] = s["status/1.json"] }},
		{"list-that-is-none", "status/2.json", "", true, put("status/2.json", "{}")},
		{"picture-of-another-award", first + "/badge.png", "contains a different credential from the one beside it", true, func(s fstest.MapFS) { s[first+"/badge.png"] = s[second+"/badge.png"] }},
		{"drawing-of-another-award", first + "/badge.svg", "contains a different credential from the one beside it", true, func(s fstest.MapFS) { s[first+"/badge.svg"] = s[second+"/badge.svg"] }},
		{"picture-baked-anew", first + "/badge.png", "contains a different credential from the one beside it", true, put(first+"/badge.png", string(foreignPNG))},
		{"picture-without-credential", first + "/badge.png", "", true, func(s fstest.MapFS) { s[first+"/badge.png"] = s["achievements/welcome-badge/image.png"] }},
		{"picture-that-is-none", first + "/badge.png", "", true, put(first+"/badge.png", "hello")},

		{"achievement-of-another", "achievements/welcome-badge/achievement.json", "its id is not the URL", true, func(s fstest.MapFS) {
			s["achievements/welcome-badge/achievement.json"] = s["achievements/short-course/achievement.json"]
		}},
		{"achievement-that-is-none", "achievements/welcome-badge/achievement.json", "is not JSON", true, put("achievements/welcome-badge/achievement.json", "<html>")},
		{"catalog-that-is-none", "catalog.json", "is not JSON", true, put("catalog.json", "{")},
		{"sitemap-of-another-site", "sitemap.xml", "is not of this site", true, replace("sitemap.xml", "<loc>https://example.github.io/badges/", "<loc>https://example.com/")},
		{"sitemap-to-nowhere", "sitemap.xml", "leads nowhere", true, replace("sitemap.xml", "badges/about/", "badges/gone/")},
		{"sitemap-that-is-none", "sitemap.xml", "is not XML", true, put("sitemap.xml", "<urlset>")},
		{"sitemap-of-awards", "sitemap.xml", "leads to an award", true, replace("sitemap.xml", "badges/about/", "badges/"+first+"/")},
		{"part-of-a-sitemap-that-is-missing", "sitemap.xml", "leads nowhere", true, put("sitemap.xml", "<sitemapindex><sitemap><loc>https://example.github.io/badges/sitemap-1.xml</loc></sitemap></sitemapindex>")},
		{"feed-to-nowhere", "feed.xml", "leads nowhere", true, replace("feed.xml", `achievements/welcome-badge/"`, `achievements/gone/"`)},
		{"feed-that-is-none", "feed.xml", "is not an Atom feed", true, put("feed.xml", "<rss/>")},
		{"catalog-to-nowhere", "catalog.json", "leads nowhere", true, replace("catalog.json", `welcome-badge/image.png"`, `welcome-badge/gone.png"`)},
		{"preview-of-another-site", "index.html", "is not of this site", true, inBody(`<meta property="og:image" content="https://example.com/x.png">`)},
		{"preview-that-is-missing", "index.html", "leads nowhere", true, inBody(`<meta property="og:image" content="https://example.github.io/badges/x.png">`)},
		{"page-that-says-nothing", "index.html", "is not JSON", true, replace("index.html", `{"@context":"https://schema.org"`, `{"@context":https://schema.org`)},
		{"page-that-names-what-is-gone", "index.html", "leads nowhere", true, replace("index.html", `"url":"https://example.github.io/badges/achievements/`, `"url":"https://example.github.io/badges/gone/`)},

		{"symlink", "old.html", "is not a plain file", true, func(s fstest.MapFS) {
			s["old.html"] = &fstest.MapFile{Data: []byte("index.html"), Mode: fs.ModeSymlink | 0o777}
		}},
		{"pipe", "pipe", "is not a plain file", true, func(s fstest.MapFS) { s["pipe"] = &fstest.MapFile{Mode: fs.ModeNamedPipe} }},

		{"another-key", awards[0], "proof: ", false, replace("did.json", string(multikey(t, site)), "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")},
		{"key-that-is-none", "did.json", "key did:web:", false, replace("did.json", string(multikey(t, site)), "z6Mk")},
		{"key-of-another", "did.json", "has a different controller", false, replace("did.json", `"controller": "did:web:example.github.io:badges"`, `"controller": "did:web:example.com"`)},
		{"key-that-may-not-sign", "did.json", "is not in assertionMethod", false, replace("did.json", `"assertionMethod"`, `"authentication"`)},
		{"no-key", "did.json", "has no key", false, func(s fstest.MapFS) {
			s["did.json"] = &fstest.MapFile{Data: []byte(`{"@context":["https://www.w3.org/ns/did/v1"],"id":"did:web:example.github.io:badges"}`)}
		}},
	}
}

// sealedProblems are those of sealed awards and of the page that opens them.
func sealedProblems(t *testing.T, site fstest.MapFS, capsule string) []seeded {
	t.Helper()
	parts := strings.Split(string(site[capsule].Data), ".")
	with := func(part int, text string) func(fstest.MapFS) {
		changed := slices.Clone(parts)
		changed[part] = text
		return func(s fstest.MapFS) { s[capsule] = &fstest.MapFile{Data: []byte(strings.Join(changed, "."))} }
	}
	encode := base64.RawURLEncoding.EncodeToString
	beside := strings.TrimSuffix(capsule, ".jwe") + ".page.jwe"
	move := func(to string) func(fstest.MapFS) {
		return func(s fstest.MapFS) { s[to] = s[capsule]; delete(s, capsule); delete(s, beside) }
	}
	besideWith := func(part int, text string) func(fstest.MapFS) {
		return func(s fstest.MapFS) {
			changed := strings.Split(string(s[beside].Data), ".")
			changed[part] = text
			s[beside] = &fstest.MapFile{Data: []byte(strings.Join(changed, "."))}
		}
	}
	page := "claim/index.html"
	inPage := func(old, to string) func(fstest.MapFS) {
		return func(s fstest.MapFS) {
			if !bytes.Contains(s[page].Data, []byte(old)) {
				t.Fatalf("%s does not hold %q", page, old)
			}
			s[page] = &fstest.MapFile{Data: bytes.Replace(s[page].Data, []byte(old), []byte(to), 1)}
		}
	}
	link := "claim/#0123456789abcdef0123456789abcdef." + strings.Repeat("A", 43)
	return []seeded{
		{"capsule-by-name", "c/eun-ji.jwe", "is not named like", true, move("c/eun-ji.jwe")},
		{"capsule-in-capitals", "c/" + strings.Repeat("A", 32) + ".jwe", "is not named like", true, move("c/" + strings.Repeat("A", 32) + ".jwe")},
		{"list-of-capsules", "c/index.json", "is not a sealed award", false, func(s fstest.MapFS) { s["c/index.json"] = &fstest.MapFile{Data: []byte("[]")} }},
		{"capsule-in-clear", capsule, "it has 1 parts", true, func(s fstest.MapFS) { s[capsule] = &fstest.MapFile{Data: []byte("Eun-ji Yesi")} }},
		{"capsule-with-newline", capsule, "part 5 is not base64url", true, with(4, parts[4]+"\n")},
		{"capsule-with-key", capsule, "carries a key", true, with(1, "AAAA")},
		{"capsule-of-another-algorithm", capsule, "its header is not dir, A256GCM and DEF alone", true, with(0, encode([]byte(`{"alg":"dir","enc":"A128GCM","zip":"DEF"}`)))},
		{"capsule-not-compressed", capsule, "its header is not dir, A256GCM and DEF alone", true, with(0, encode([]byte(`{"alg":"dir","enc":"A256GCM"}`)))},
		{"capsule-with-more-header", capsule, "its header is not dir, A256GCM and DEF alone", true, with(0, encode([]byte(`{"alg":"dir","enc":"A256GCM","kid":"eunji@example.org","zip":"DEF"}`)))},
		{"capsule-without-page", capsule, "is alone: there is no", true, func(s fstest.MapFS) { delete(s, beside) }},
		{"page-without-capsule", beside, "is alone: there is no", true, func(s fstest.MapFS) { delete(s, capsule) }},
		{"page-in-clear", beside, "it has 1 parts", true, func(s fstest.MapFS) { s[beside] = &fstest.MapFile{Data: []byte("Eun-ji Yesi")} }},
		{"page-with-a-name", beside, "its header is not dir, A256GCM and DEF alone", true, besideWith(0, encode([]byte(`{"alg":"dir","enc":"A256GCM","kid":"eunji@example.org","zip":"DEF"}`)))},
		{"page-of-one-step", beside, "its size gives something away", true, besideWith(3, encode(make([]byte, 4096)))},
		{"capsule-not-filled-up", capsule, "its size gives something away", true, with(3, encode(make([]byte, 5000)))},
		{"capsule-with-nothing", capsule, "its size gives something away", true, with(3, "")},
		{"capsule-with-short-tag", capsule, "length that A256GCM uses", true, with(4, "AAAA")},

		{"no-claim-page", capsule, "to open it", true, func(s fstest.MapFS) { delete(s, page) }},
		{"claim-page-of-another-site", page, "expects the awards of", true, inPage(`data-base="https://example.github.io/badges/"`, `data-base="https://example.com/"`)},
		{"claim-page-without-script", page, "leads nowhere", true, inPage(`src="../assets/claim-`, `src="../assets/gone-`)},
		{"base-proof", "assets/x.txt", "contains a base proof", true, func(s fstest.MapFS) {
			s["assets/x.txt"] = &fstest.MapFile{Data: []byte(`"proofValue": "u2V0AhVhAHADS"`)}
		}},
		{"claim-link-on-a-page", "index.html", "gives a claim link away", true, func(s fstest.MapFS) {
			s["index.html"] = &fstest.MapFile{Data: bytes.Replace(s["index.html"].Data, []byte("</main>"), []byte(`<a href="`+link+`">x</a></main>`), 1)}
		}},
		{"whole-claim-link-on-a-page", "index.html", "gives a claim link away", true, func(s fstest.MapFS) {
			s["index.html"] = &fstest.MapFile{Data: bytes.Replace(s["index.html"].Data, []byte("</main>"), []byte(`<a href="https://example.github.io/badges/`+link+`">x</a></main>`), 1)}
		}},
	}
}

// multikey is the issuer's public key.
func multikey(t *testing.T, site fstest.MapFS) []byte {
	t.Helper()
	_, rest, ok := bytes.Cut(site["did.json"].Data, []byte(`"publicKeyMultibase": "`))
	key, _, _ := bytes.Cut(rest, []byte(`"`))
	if !ok || len(key) != 48 {
		t.Fatalf("no key in did.json:\n%s", site["did.json"].Data)
	}
	return key
}

// noSite are folders that cannot be audited at all.
func noSite(t *testing.T, a *auditor, site fstest.MapFS) {
	for name, c := range map[string]struct {
		spoil func(s fstest.MapFS)
		says  string
	}{
		"empty":       {func(s fstest.MapFS) { clear(s) }, "build the site first"},
		"no-did":      {func(s fstest.MapFS) { delete(s, "did.json") }, "DID document"},
		"did-is-none": {func(s fstest.MapFS) { s["did.json"] = &fstest.MapFile{Data: []byte("[]")} }, "did.json"},
		"did-elsewhere": {func(s fstest.MapFS) { s[".well-known/did.json"] = s["did.json"]; delete(s, "did.json") },
			"which is not where this file is"},
		"did-of-no-website": {func(s fstest.MapFS) {
			s["did.json"] = &fstest.MapFile{Data: bytes.ReplaceAll(s["did.json"].Data, []byte("did:web:example.github.io:badges"), []byte("did:example:badges"))}
		}, "did.json"},
	} {
		t.Run(name, func(t *testing.T) {
			spoilt := maps.Clone(site)
			c.spoil(spoilt)
			if _, err := a.run(t.Context(), spoilt); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

// linkOut is a link out of a real folder: it is found, and not followed.
func linkOut(t *testing.T, a *auditor, site fstest.MapFS) {
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, "public"), site); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "secret.json"), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(dir, "secret.json"), filepath.Join(dir, "public/secret.json")); err != nil {
		t.Fatal(err)
	}
	root, err := os.OpenRoot(filepath.Join(dir, "public"))
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	r, err := a.run(t.Context(), root.FS())
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Problems) != 1 || r.Problems[0].File != "secret.json" || !strings.Contains(r.Problems[0].Text, "is not a plain file") {
		t.Errorf("problems: %v", r.Problems)
	}
}

// TestExposed hides what is for one learner alone in many kinds of files, each
// under a name that a theme's asset could have.
func TestExposed(t *testing.T) {
	site := built(t)
	a := newAuditor(t)
	link := "https://example.github.io/badges/claim/#" + strings.Repeat("0f", 16) + "." + strings.Repeat("k", 43)
	var credential []byte
	for p, f := range site {
		if path.Base(p) == "credential.json" {
			credential = f.Data
		}
	}
	blank := site["achievements/welcome-badge/image.png"].Data
	baked, err := bakeInto(bake.NewPNG, blank, credential)
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := bakeInto(bake.NewSVG, site["achievements/welcome-badge/image.svg"].Data, credential)
	if err != nil {
		t.Fatal(err)
	}
	token := "eyJhbGciOiJFZERTQSJ9." + base64.RawURLEncoding.EncodeToString(credential) + ".AAAA"
	const link1, one = "gives a claim link away", "contains a credential"
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"list.csv":        {[]byte("name,email,link\r\nAda Example,ada@example.org," + link + "\r\n"), link1},
		"key.txt":         {[]byte(link[strings.Index(link, "#")+1:]), link1},
		"escaped.txt":     {[]byte(strings.Replace(link, "#", "%23", 1)), link1},
		"wide.txt":        {wide(link), link1},
		"list.csv.gz":     {gzipped(t, []byte(link)), link1},
		"twice.gz":        {gzipped(t, gzipped(t, []byte(link))), link1},
		"list.xlsx":       {zipped(t, "xl/sharedStrings.xml", []byte("<t>"+link+"</t>")), link1},
		"name.zip":        {zipped(t, link[strings.Index(link, "#")+1:], nil), link1},
		"certificate.pdf": {append([]byte("%PDF-1.7\n1 0 obj\n<</Filter/FlateDecode>>stream\n"), append(zlibbed(t, []byte("/URI("+link+")")), "\nendstream"...)...), link1},
		"text.png":        {withChunk(blank, "tEXt", []byte("Comment\x00"+link)), link1},
		"packed.png":      {withChunk(blank, "zTXt", append([]byte("Comment\x00\x00"), zlibbed(t, []byte(link))...)), link1},
		"token.js":        {[]byte("x='" + base64.RawURLEncoding.EncodeToString([]byte(`{"link":"`+link+`"}`)) + "'"), link1},
		"badge.png":       {baked, one},
		"badge.svg":       {drawn, one},
		"credential.json": {credential, one},
		"credential.jwt":  {[]byte(token), one},
		"folder.zip":      {zipped(t, "ada/credential.json", credential), one},
	} {
		t.Run(name, func(t *testing.T) {
			spoilt := maps.Clone(site)
			ext, sum := path.Ext(name), sha256.Sum256(c.data)
			file := fmt.Sprintf("assets/%s-%x%s", strings.TrimSuffix(name, ext), sum[:4], ext)
			spoilt[file] = &fstest.MapFile{Data: c.data}
			r, err := a.run(t.Context(), spoilt)
			if err != nil {
				t.Fatal(err)
			}
			if len(r.Problems) != 1 || r.Problems[0].File != file || !strings.Contains(r.Problems[0].Text, c.says) {
				t.Errorf("want %q, got %v", c.says, r.Problems)
			}
			if strings.Contains(fmt.Sprint(r.Problems, r.Warnings), strings.Repeat("k", 43)) {
				t.Error("the report gives the link away")
			}
		})
	}
}

// TestPlaces puts files where no build writes one.
func TestPlaces(t *testing.T) {
	site := built(t)
	a := newAuditor(t)
	for _, c := range []struct{ file, text, problem, warning string }{
		{"CNAME", "badges.example.org\n", "", ""},
		{"assets/font-ba7816bf.woff2", "abc", "", ""},
		{"assets/people-ba7816bf.csv", "abc", "", "themes rarely have"},
		{"assets/Report-ba7816bf.PDF", "abc", "", "themes rarely have"},
		{"assets/font.woff2", "abc", "", "is not a file that laurel build writes"},
		{"assets/font-00000000.woff2", "abc", "", "is not a file that laurel build writes"},
		{"people.csv", "name\n", "", "is not a file that laurel build writes"},
		{"awards/spring/list.txt", "x", "", "is not a file that laurel build writes"},
		{"achievements/welcome-badge/people.pdf", "x", "", "is not a file that laurel build writes"},
		{".DS_Store", "x", "", "is not a file that laurel build writes"},
		{"handed/.laurel-delivery.jsonl", `{"laurel":"delivery"}` + "\n", "belongs to a delivery to learners", ""},
	} {
		t.Run(strings.ReplaceAll(c.file, "/", "-"), func(t *testing.T) {
			spoilt := maps.Clone(site)
			spoilt[c.file] = &fstest.MapFile{Data: []byte(c.text)}
			r, err := a.run(t.Context(), spoilt)
			if err != nil {
				t.Fatal(err)
			}
			for what, l := range map[string]struct {
				says string
				list []audit.Problem
			}{"problem": {c.problem, r.Problems}, "warning": {c.warning, r.Warnings}} {
				if l.says == "" && len(l.list) > 0 || l.says != "" && (len(l.list) != 1 || l.list[0].File != c.file || !strings.Contains(l.list[0].Text, l.says)) {
					t.Errorf("%s: want %q, got %v", what, l.says, l.list)
				}
			}
		})
	}

	t.Run("below-a-record", func(t *testing.T) {
		spoilt := maps.Clone(site)
		for _, p := range []string{".laurel-delivery.jsonl", "ada-example/welcome/certificate.html"} {
			spoilt["handed/"+p] = &fstest.MapFile{Data: []byte("x")}
		}
		r, err := a.run(t.Context(), spoilt)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Problems) != 2 || r.Problems[1].File != "handed/ada-example/welcome/certificate.html" {
			t.Errorf("problems: %v", r.Problems)
		}
	})
}

// wide is text as some programs save it, UTF-16 with the low byte first.
func wide(text string) []byte {
	data := []byte("\xff\xfe")
	for _, c := range []byte(text) {
		data = append(data, c, 0)
	}
	return data
}

func gzipped(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	return packed(t, &b, gzip.NewWriter(&b), data)
}

func zlibbed(t *testing.T, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	return packed(t, &b, zlib.NewWriter(&b), data)
}

func packed(t *testing.T, b *bytes.Buffer, w io.WriteCloser, data []byte) []byte {
	t.Helper()
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func zipped(t *testing.T, name string, data []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withChunk puts a chunk before the end of a PNG.
func withChunk(png []byte, name string, body []byte) []byte {
	const end = 12 // IEND
	out := bytes.Clone(png[:len(png)-end])
	out = binary.BigEndian.AppendUint32(out, uint32(len(body)))
	typed := append([]byte(name), body...)
	out = append(out, typed...)
	out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(typed))
	return append(out, png[len(png)-end:]...)
}

func bakeInto(blank func(image []byte) (*bake.Blank, error), image, credential []byte) ([]byte, error) {
	b, err := blank(image)
	if err != nil {
		return nil, err
	}
	return b.Bake(credential)
}
