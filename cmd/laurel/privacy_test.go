package main

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mr-tron/base58"

	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
)

// learner is a made-up person.
type learner struct{ name, email, studentID, visibility string }

// learners makes up n people with names in several scripts.
func learners(random *rand.Rand, n int) []learner {
	scripts := [][]string{
		strings.Fields("ba do ke li mu na po ri su ta ve zo"),
		strings.Fields("å ø né ší čá żu ğı ñe ő ț û ß"),
		strings.Fields("ба до ке ли му на по ри су та ве зо"),
		strings.Fields("βα δο κε λι μυ να πο ρι συ τα"),
		strings.Fields("ከ ለ መ ነ ረ ሰ ተ ወ ዘ የ"),
		strings.Fields("木 林 森 山 川 田 水 火 土 金"),
	}
	used := map[string]bool{} // two learners of one name would tell of each other
	word := func(syllables []string) string {
		for {
			var b strings.Builder
			for range 6 {
				b.WriteString(syllables[random.IntN(len(syllables))])
			}
			if w := b.String(); !used[w] {
				used[w] = true
				return w
			}
		}
	}
	var all []learner
	for i := range n {
		script := scripts[i%len(scripts)]
		all = append(all, learner{
			name:       word(script) + " " + word(script),
			email:      fmt.Sprintf("%s.%s@%s.example.org", word(scripts[0]), word(scripts[0]), word(scripts[0])),
			studentID:  fmt.Sprintf("ST-%010d", random.Int64N(1e10)),
			visibility: []string{"public", "link", "private"}[random.IntN(3)],
		})
	}
	return all
}

// writeCohorts writes award lists for some learners: a third in YAML, keyed by
// e-mail address, the others in a roster.
func writeCohorts(t *testing.T, dir, cohort string, people []learner) {
	t.Helper()
	var list, roster strings.Builder
	fmt.Fprintf(&list, "name: Gathering %s\nachievement: welcome-badge\nawardedDate: 2026-06-30\nroster: %s.csv\nrecipients:\n", cohort, cohort)
	fmt.Fprintf(&roster, "name,email,studentId,visibility,narrative\n")
	for i, p := range people {
		if i%3 == 0 {
			fmt.Fprintf(&list, "  - {name: %s, email: %s, visibility: %s}\n", p.name, p.email, p.visibility)
		} else {
			fmt.Fprintf(&roster, "%s,%s,%s,%s,%s was there.\n", p.name, p.email, p.studentID, p.visibility, p.name)
		}
	}
	for name, text := range map[string]string{cohort + ".yaml": list.String(), cohort + ".csv": roster.String()} {
		if err := os.WriteFile(filepath.Join(dir, "content/awards", name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// crowdedSite is a new site without awards, and a key that opens fast.
func crowdedSite(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "academy")
	must(t, "", "new", dir)
	lists, err := filepath.Glob(filepath.Join(dir, "content/awards/*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, list := range lists {
		if err := os.Remove(list); err != nil {
			t.Fatal(err)
		}
	}
	fastKey(t, dir)
	return dir
}

// peopleSearch looks for all that tells who the learners are. Of one whose
// award is public, the name may stand in that award's files.
func peopleSearch(t *testing.T, dir string, people []learner) *search {
	t.Helper()
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	folders := map[string]string{} // by last part of the award key
	for r := range l.State().Records() {
		folders[r.Award[strings.LastIndex(r.Award, "/")+1:]] = strings.TrimPrefix(r.Credential, "urn:uuid:")
	}
	s := newSearch()
	for i, p := range people {
		who := fmt.Sprintf("%s learner %d", p.visibility, i)
		uuid := folders[p.studentID]
		if uuid == "" {
			uuid = folders[p.email]
		}
		if uuid == "" {
			t.Fatalf("%s was not signed", who)
		}
		home := ""
		if p.visibility == "public" {
			home = "awards/" + uuid + "/"
		} else {
			s.add("id of "+who, "", []byte(uuid))
			s.add("id of "+who+" without hyphens", "", []byte(strings.ReplaceAll(uuid, "-", "")))
		}
		first, last, _ := strings.Cut(p.name, " ")
		for what, name := range map[string]string{"name": p.name, "first name": first, "last name": last} {
			s.addForms(what+" of "+who, home, name)
			s.addHashes(what+" of "+who, "", name)
		}
		s.addForms("student number of "+who, "", p.studentID)
		s.addForms("e-mail of "+who, "", p.email)
		for _, form := range []string{p.email, "mailto:" + p.email, p.email + "\n"} {
			s.addHashes("e-mail of "+who, "", form)
		}
		local, _, _ := strings.Cut(p.email, "@")
		s.addForms("half an e-mail of "+who, "", local)
	}
	return s
}

// TestPeopleStayPrivate is P23 and P24: 200 learners, and nothing of them
// anywhere in public/ or on the terminal but the names of those who are public,
// on their own pages.
func TestPeopleStayPrivate(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	people := learners(random, 200)
	var open, closed []learner
	for _, p := range people {
		if p.visibility == "public" {
			open = append(open, p)
		} else {
			closed = append(closed, p)
		}
	}
	dir := crowdedSite(t)
	public := filepath.Join(dir, "public")

	// What the site looks like without those who do not want to be on it.
	writeCohorts(t, dir, "quernstone", open)
	must(t, dir, "sign")
	must(t, dir, "build")
	before := files(t, public)

	writeCohorts(t, dir, "whetstone", closed)
	said := map[string]string{}
	for _, args := range [][]string{{"sign"}, {"build"}, {"audit", public}, {"sign", "--json"}, {"build", "--json"}, {"audit", public, "--json"}} {
		code, stdout, stderr := run(t, dir, args...)
		if code != 0 {
			t.Fatalf("laurel %s: exit %d\n%s%s", args, code, stdout, stderr)
		}
		said[strings.Join(args, " ")] = stdout + stderr
	}
	after := files(t, public)

	s := peopleSearch(t, dir, people)
	s.add("name of a cohort", "", []byte("quernstone"))
	s.add("name of a cohort", "", []byte("whetstone"))
	size := 0
	for name, data := range after {
		size += len(data)
		for _, finding := range s.in(name, data) {
			t.Error(finding)
		}
	}
	for command, out := range said {
		for _, finding := range s.in(command, []byte(out)) {
			t.Errorf("laurel %s", finding)
		}
	}
	t.Logf("%d learners, %d of them public; %d secrets looked for in %d files of %d bytes and %d outputs",
		len(people), len(open), s.n, len(after), size, len(said))

	// The others leave no trace at all, in no name, size or byte, but that
	// the number of awards is told, in round figures.
	for name := range after {
		if !bytes.Equal(before[name], after[name]) && name != "achievements/welcome-badge/index.html" {
			t.Errorf("%s differs with %d learners who are not public", name, len(closed))
		}
	}
	if len(before) != len(after) {
		t.Errorf("%d files without, %d with learners who are not public", len(before), len(after))
	}
	checkAwardsAreHidden(t, after, len(open))

	// The search works: it finds what an author writes where it should not be.
	about := filepath.Join(dir, "content/pages/about.md")
	text, err := os.ReadFile(about)
	if err != nil {
		t.Fatal(err)
	}
	for what, leak := range map[string]string{
		"name":        closed[0].name,
		"public name": open[0].name,
		"e-mail":      closed[1].email,
		"base64":      base64.StdEncoding.EncodeToString([]byte("mail " + closed[2].email)),
		"percent":     "<https://example.com/?q=" + strings.ReplaceAll(closed[3].email, "@", "%40") + ">",
		"hex":         hex.EncodeToString([]byte(closed[4].email)),
	} {
		if err := os.WriteFile(about, append(bytes.Clone(text), "\n"+leak+"\n"...), 0o644); err != nil {
			t.Fatal(err)
		}
		must(t, dir, "build")
		b, err := os.ReadFile(filepath.Join(public, "about/index.html"))
		if err != nil {
			t.Fatal(err)
		}
		if len(s.in("about/index.html", b)) == 0 {
			t.Errorf("%s: a leak is not found", what)
		}
	}
}

// checkAwardsAreHidden: the pages of public awards are for those who have their
// address.
func checkAwardsAreHidden(t *testing.T, public map[string][]byte, want int) {
	t.Helper()
	folder := regexp.MustCompile(`^awards/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/(index\.html|credential\.json|badge\.png|badge\.svg)$`)
	pages := 0
	for name, data := range public {
		if strings.HasPrefix(name, "awards/") {
			if !folder.MatchString(name) {
				t.Errorf("%s: a name that is more than 122 random bits", name)
			}
			if strings.HasSuffix(name, "/index.html") {
				pages++
				if !bytes.Contains(data, []byte(`<meta name="robots" content="noindex">`)) {
					t.Errorf("%s may be indexed", name)
				}
			}
			continue
		}
		if bytes.Contains(data, []byte("awards/")) {
			t.Errorf("%s leads to an award", name)
		}
	}
	if pages != want {
		t.Errorf("%d award pages for %d public awards", pages, want)
	}
	for _, name := range []string{"sitemap.xml", "catalog.json", "robots.txt", "index.html", "issuer.json", "status/1.json"} {
		if public[name] == nil {
			t.Errorf("there is no %s to look at", name)
		}
	}
}

// TestKeyStaysSecret is P11: after every command, neither what it said nor any
// file but the encrypted key holds the private key or the passphrase.
func TestKeyStaysSecret(t *testing.T) {
	dir := crowdedSite(t)
	writeCohorts(t, dir, "quernstone", learners(rand.New(rand.NewPCG(1, 1)), 6))
	key, err := keys.Unlock(filepath.Join(dir, "keys"), "key-2026-1", []byte(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	s := newSearch()
	private := key.(ed25519.PrivateKey)
	for what, b := range map[string][]byte{"seed": private.Seed(), "private key": private} {
		s.add(what, "", b)
		s.add(what+" in hex", "", []byte(hex.EncodeToString(b)))
		s.add(what+" in base64", "", []byte(base64.RawStdEncoding.EncodeToString(b)))
		s.add(what+" in base64url", "", []byte(base64.RawURLEncoding.EncodeToString(b)))
		s.add(what+" in base58", "", []byte(base58.Encode(b)))
		s.add(what+" as multikey", "", []byte(base58.Encode(append([]byte{0x80, 0x26}, b...))))
		s.add(what+" as numbers", "", []byte(strings.Trim(fmt.Sprint(b), "[]")))
	}
	s.add("passphrase", "", []byte(passphrase))
	s.add("second passphrase", "", []byte("another made-up passphrase"))
	second := filepath.Join(t.TempDir(), "second")
	if err := os.WriteFile(second, []byte("another made-up passphrase\n"), 0o600); err != nil {
		t.Fatal(err)
	}

	looked := 0
	after := func(args ...string) string {
		t.Helper()
		code, stdout, stderr := run(t, dir, args...)
		if code != 0 {
			t.Fatalf("laurel %s: exit %d\n%s%s", args, code, stdout, stderr)
		}
		for _, finding := range s.in("laurel "+strings.Join(args, " "), []byte(stdout+stderr)) {
			t.Error(finding)
		}
		for name, data := range files(t, dir) {
			if strings.HasPrefix(name, "keys/") && strings.HasSuffix(name, ".jwe") {
				continue
			}
			looked++
			for _, finding := range s.in(name, data) {
				t.Errorf("after %s: %s", args, finding)
			}
		}
		return stdout
	}
	after("key", "list", "-v")
	after("plan", "-v")
	after("sign", "-v")
	after("build", "-v")
	after("audit", filepath.Join(dir, "public"), "--json")
	awards := awardKeys(t, dir)
	after("suspend", awards[0], "--reason", "under review")
	after("reinstate", awards[0], "--reason", "all is well")
	after("revoke", awards[1], "--reason", "a mistake")
	after("sign")
	after("reissue", awards[2], "--reason", "corrected")
	after("key", "passphrase", "key-2026-1", "--new-passphrase-file", second)
	after("key", "new", "--passphrase-file", second)
	after("key", "retire", "key-2026-1")
	after("sign", "--passphrase-file", second)
	after("key", "revoke", "key-2026-1", "--reason", "laptop lost")
	after("sign", "--passphrase-file", second)
	after("build")

	// The search works.
	leak := filepath.Join(dir, "content/leak.txt")
	if err := os.WriteFile(leak, []byte("key: "+base58.Encode(private.Seed())), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(leak)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.in("content/leak.txt", b)) == 0 || looked < 300 {
		t.Errorf("%d files looked at; a leak is found: %v", looked, s.in("content/leak.txt", b))
	}
	t.Logf("%d secrets looked for in %d files", s.n, looked)
}

// awardKeys are the keys of all awards in the ledger, sorted.
func awardKeys(t *testing.T, dir string) []string {
	t.Helper()
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var awards []string
	for r := range l.State().Records() {
		awards = append(awards, r.Award)
	}
	slices.Sort(awards)
	return awards
}
