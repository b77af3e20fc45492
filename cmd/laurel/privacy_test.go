package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
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
type learner struct {
	name, email, studentID, visibility string
	variants                           bool
}

// learners makes up n people with names in several scripts: a third of each
// visibility, and of each third two in five with variants.
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
		script := scripts[random.IntN(len(scripts))]
		p := learner{
			name:       word(script) + " " + word(script),
			email:      fmt.Sprintf("%s.%s@%s.example.org", word(scripts[0]), word(scripts[0]), word(scripts[0])),
			studentID:  fmt.Sprintf("ST-%010d", random.Int64N(1e10)),
			visibility: []string{"public", "link", "private"}[i%3],
			variants:   i%5 < 2,
		}
		if i%4 == 0 { // as some people write it
			p.email = strings.ToUpper(p.email[:1]) + p.email[1:]
		}
		all = append(all, p)
	}
	return all
}

// writeCohorts writes award lists for some learners: a third in YAML, keyed by
// e-mail address, the others in a roster.
func writeCohorts(t *testing.T, dir, cohort string, people []learner) {
	t.Helper()
	var list, roster strings.Builder
	fmt.Fprintf(&list, "name: Gathering %s\nachievement: welcome-badge\nawardedDate: 2026-06-30\n", cohort)
	if len(people) > 0 && people[0].variants {
		list.WriteString("variants: [full, no-name, achievement-only]\n")
	}
	fmt.Fprintf(&list, "roster: %s.csv\nrecipients:\n", cohort)
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

// recordOf finds each learner's record by the last part of its award key.
func recordOf(t *testing.T, l *ledger.Ledger, people []learner) []*ledger.Record {
	t.Helper()
	byKey := map[string]*ledger.Record{}
	for r := range l.State().Records() {
		byKey[r.Award[strings.LastIndex(r.Award, "/")+1:]] = r
	}
	var records []*ledger.Record
	for i, p := range people {
		r := byKey[p.studentID]
		if r == nil {
			r = byKey[p.email]
		}
		if r == nil {
			t.Fatalf("%s learner %d was not signed", p.visibility, i)
		}
		if want := map[bool]int{true: 2}[p.variants]; len(r.Variants) != want {
			t.Fatalf("%s learner %d has %d variants, not %d", p.visibility, i, len(r.Variants), want)
		}
		records = append(records, r)
	}
	return records
}

// secrets are what must not be found: in people all that tells who the
// learners are, in links what would lead to what is not public. Of a learner
// whose award is public, the name may stand in that award's files.
type secrets struct{ people, links *search }

func secretsOf(t *testing.T, dir string, people []learner) secrets {
	t.Helper()
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	s := secrets{newSearch(), newSearch()}
	for i, r := range recordOf(t, l, people) {
		p := people[i]
		who := fmt.Sprintf("%s learner %d", p.visibility, i)
		s.addPerson(who, p, "awards/"+strings.TrimPrefix(r.Credential, "urn:uuid:")+"/")
		s.people.addForms("award key of "+who, "", r.Award)
		s.people.addHashes("award key of "+who, "", r.Award)
		s.addLinks(t, who, p, l, r)
	}
	return s
}

func (s secrets) addPerson(who string, p learner, home string) {
	if p.visibility != "public" {
		home = ""
	}
	first, last, _ := strings.Cut(p.name, " ")
	for what, name := range map[string]string{"name": p.name, "first name": first, "last name": last} {
		s.people.addForms(what+" of "+who, home, name)
		s.people.addHashes(what+" of "+who, "", name)
	}
	s.people.addForms("student number of "+who, "", p.studentID)
	s.people.addHashes("student number of "+who, "", p.studentID)
	s.people.addForms("e-mail of "+who, "", p.email)
	folded := strings.ToLower(p.email)
	for _, form := range []string{p.email, folded, strings.ToUpper(p.email), "mailto:" + p.email, "mailto:" + folded, folded + "\n"} {
		s.people.addHashes("e-mail of "+who, "", form)
	}
	local, _, _ := strings.Cut(p.email, "@")
	s.people.addForms("half an e-mail of "+who, "", local)
}

// addLinks looks for the ids of credentials that nobody sees but who was handed
// them, and for the keys of capsules.
func (s secrets) addLinks(t *testing.T, who string, p learner, l *ledger.Ledger, r *ledger.Record) {
	t.Helper()
	var ids []string
	if p.visibility != "public" {
		ids = append(ids, r.Credential)
	}
	for _, v := range r.Variants {
		ids = append(ids, v.Credential)
	}
	for _, id := range ids {
		uuid := strings.TrimPrefix(id, "urn:uuid:")
		s.links.addForms("id of "+who, "", uuid)
		s.links.add("id of "+who+" without hyphens", "", []byte(strings.ReplaceAll(uuid, "-", "")))
	}
	for _, c := range capsulesOf(t, l, r) {
		s.links.add("key of a capsule of "+who, "", []byte(c.Key))
		raw, err := base64.RawURLEncoding.DecodeString(c.Key)
		if err != nil {
			t.Fatal(err)
		}
		s.links.add("key of a capsule of "+who+" as bytes", "", raw)
		s.links.add("key of a capsule of "+who+" in hex", "", []byte(hex.EncodeToString(raw)))
	}
}

// capsulesOf are the capsules of a record, with their keys; none where it is
// not sealed.
func capsulesOf(t *testing.T, l *ledger.Ledger, r *ledger.Record) []ledger.Capsule {
	t.Helper()
	if r.Capsules == nil {
		return nil
	}
	e, err := l.Event(r.CapsulePos)
	if err != nil {
		t.Fatal(err)
	}
	return e.Capsule.Capsules
}

// inFiles reports what of the secrets is in published files.
func (s secrets) inFiles(t *testing.T, published map[string][]byte) (findings, size int) {
	t.Helper()
	for name, data := range published {
		size += len(data)
		for _, finding := range append(s.people.in(name, data), s.links.in(name, data)...) {
			t.Error(finding)
			findings++
		}
	}
	return findings, size
}

// TestPeopleStayPrivate is P23 and P24: 200 learners, and nothing of them
// anywhere in public/ or on the terminal but the names of those who are public,
// on their own pages. What is asked for by name, such as a list of links for a
// mail merge, is not looked at.
func TestPeopleStayPrivate(t *testing.T) {
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	people := learners(rand.New(rand.NewPCG(seed, 0)), 200)
	groups := map[string][]learner{} // by the cohort they are in
	for _, p := range people {
		cohort := map[bool]string{true: "quernstone", false: "whetstone"}[p.visibility == "public"]
		if p.variants {
			cohort = map[bool]string{true: "millstones", false: "grindstone"}[p.visibility == "public"]
		}
		groups[cohort] = append(groups[cohort], p)
	}
	open := slices.Concat(groups["quernstone"], groups["millstones"])
	closed := slices.Concat(groups["whetstone"], groups["grindstone"])
	dir := crowdedSite(t)
	public := filepath.Join(dir, "public")

	// What the site looks like without those who do not want to be on it.
	said := map[string]string{}
	say := func(args ...string) {
		t.Helper()
		code, stdout, stderr := run(t, dir, args...)
		if code != 0 {
			t.Fatalf("laurel %s: exit %d\n%s%s", args, code, stdout, stderr)
		}
		said[fmt.Sprintf("%s (%d)", strings.Join(args, " "), len(said))] = stdout + stderr
	}
	for _, cohort := range []string{"quernstone", "millstones"} {
		writeCohorts(t, dir, cohort, groups[cohort])
	}
	say("sign")
	say("build")
	before := files(t, public)
	for _, cohort := range []string{"whetstone", "grindstone"} {
		writeCohorts(t, dir, cohort, groups[cohort])
	}
	for _, args := range [][]string{{"sign", "-v"}, {"build", "-v"}, {"audit", public}, {"sign", "--json"}, {"build", "--json"}, {"audit", public, "--json"}} {
		say(args...)
	}
	after := files(t, public)
	s := secretsOf(t, dir, people)
	for cohort := range groups {
		s.people.addForms("name of a cohort", "", cohort)
	}
	found, size := s.inFiles(t, after)
	t.Logf("%d learners, %d of them public, %d with variants; %d secrets looked for in %d files of %d bytes: %d found",
		len(people), len(open), len(groups["millstones"])+len(groups["grindstone"]), s.people.n+s.links.n, len(after), size, found)

	// The others leave no trace, in no name, size or byte, but the files they
	// are sealed in, and that the number of awards is told, in round figures; and
	// that the log has grown, of which the ledger's tests show that it is random
	// but for its length and times.
	sealed := sealedFiles(t, dir, closed)
	for _, all := range []map[string][]byte{before, after} {
		maps.DeleteFunc(all, func(name string, _ []byte) bool { return strings.HasPrefix(name, "log/") })
	}
	for name := range after {
		if !bytes.Equal(before[name], after[name]) && name != "achievements/welcome-badge/index.html" && sealed[name] == "" {
			t.Errorf("%s differs with %d learners who are not public", name, len(closed))
		}
	}
	if len(before)+len(sealed) != len(after) {
		t.Errorf("%d files without, %d with learners who are not public, %d of them sealed", len(before), len(after), len(sealed))
	}
	checkAwardsAreHidden(t, after, len(open))
	checkSealed(t, dir, after, closed)
	checkChance(t, dir, people, groups)

	// Decisions tell nothing either; and what is withdrawn is gone.
	withdrawn := decide(t, dir, closed, say)
	say("build")
	later := files(t, public)
	maps.DeleteFunc(later, func(name string, _ []byte) bool { return strings.HasPrefix(name, "log/") })
	found, size = s.inFiles(t, later)
	t.Logf("after decisions: %d files of %d bytes: %d found", len(later), size, found)
	if len(later) != len(after)-len(withdrawn) {
		t.Errorf("%d files, %d of them withdrawn, have become %d", len(after), len(withdrawn), len(later))
	}
	for _, name := range withdrawn {
		if later[name] != nil {
			t.Errorf("%s was withdrawn and is still there", name)
		}
	}
	for name := range sealed {
		if !slices.Contains(withdrawn, name) && !bytes.Equal(later[name], after[name]) {
			t.Errorf("%s is another after decisions: who watches the site knows whom one was about", name)
		}
	}
	for command, out := range said {
		for _, finding := range s.people.in(command, []byte(out)) {
			t.Errorf("laurel %s", finding)
		}
	}
	t.Logf("%d secrets looked for in %d outputs", s.people.n, len(said))
}

// decide revokes, suspends and withdraws awards that are sealed, and returns
// the files that a build will take off the site.
func decide(t *testing.T, dir string, closed []learner, say func(...string)) (withdrawn []string) {
	t.Helper()
	var ids []string
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for i, r := range recordOf(t, l, closed) {
		if closed[i].visibility != "link" || !closed[i].variants || len(ids) == 3 {
			continue
		}
		if ids = append(ids, r.Credential); len(ids) == 3 {
			for _, name := range r.Capsules {
				withdrawn = append(withdrawn, "c/"+name+".jwe", "c/"+name+".page.jwe")
			}
		}
	}
	if len(ids) < 3 || len(withdrawn) != 8 {
		t.Fatalf("%d sealed awards with variants, the last in %d files", len(ids), len(withdrawn))
	}
	say("revoke", ids[0], "--reason", "a mistake", "--json")
	say("suspend", ids[1], "--reason", "under review", "--json")
	say("withdraw", ids[2], "--reason", "asked for", "--json")
	say("sign")
	return withdrawn
}

// TestLeaksAreFound: the search works. It finds what an author writes where it
// should not be, and what a theme prints.
func TestLeaksAreFound(t *testing.T) {
	t.Parallel()
	var open, closed []learner
	for _, p := range learners(rand.New(rand.NewPCG(1, 2)), 15) {
		if p.variants = false; p.visibility == "public" {
			open = append(open, p)
		} else {
			closed = append(closed, p)
		}
	}
	dir := crowdedSite(t)
	writeCohorts(t, dir, "quernstone", append(slices.Clone(open), closed...))
	must(t, dir, "sign")
	must(t, dir, "build")
	s := secretsOf(t, dir, append(slices.Clone(open), closed...))
	clean := files(t, filepath.Join(dir, "public"))
	s.inFiles(t, clean)
	sum := sha256.Sum256([]byte(strings.ToLower(closed[5].email)))
	about := filepath.Join(dir, "content/pages/about.md")
	text, err := os.ReadFile(about)
	if err != nil {
		t.Fatal(err)
	}
	written := map[string]string{
		"name":        closed[0].name,
		"public name": open[0].name,
		"e-mail":      closed[1].email,
		"base64":      base64.StdEncoding.EncodeToString([]byte("mail " + closed[2].email)),
		"percent":     "<https://example.com/?q=" + strings.ReplaceAll(closed[3].email, "@", "%40") + ">",
		"hex":         hex.EncodeToString([]byte(closed[4].email)),
		"SHA-256":     hex.EncodeToString(sum[:]),
	}
	for what, leak := range written {
		if err := os.WriteFile(about, append(bytes.Clone(text), "\n"+leak+"\n"...), 0o644); err != nil {
			t.Fatal(err)
		}
		must(t, dir, "build")
		b, err := os.ReadFile(filepath.Join(dir, "public/about/index.html"))
		if err != nil {
			t.Fatal(err)
		}
		if len(s.people.in("about/index.html", b)) == 0 {
			t.Errorf("%s: a leak is not found", what)
		}
	}
	if err := os.WriteFile(about, text, 0o644); err != nil {
		t.Fatal(err)
	}
	must(t, dir, "build")
	themes := leakyThemes(t, closed[6].email)
	for what, theme := range themes {
		folder := filepath.Join(dir, "themes/default")
		if err := os.RemoveAll(folder); err != nil {
			t.Fatal(err)
		}
		for name, data := range theme {
			file := filepath.Join(folder, filepath.FromSlash(name))
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, data, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		must(t, dir, "build")
		found := false
		for name, data := range files(t, filepath.Join(dir, "public")) {
			if !bytes.Equal(data, clean[name]) && len(s.people.in(name, data)) > 0 {
				found = true
				break
			}
		}
		if !found {
			t.Errorf("a theme prints an address (%s), and it is not found", what)
		}
	}
	t.Logf("%d leaks of an author and %d of a theme were found", len(written), len(themes))
}

// checkAwardsAreHidden: the pages of public awards are for those who have their
// address.
func checkAwardsAreHidden(t *testing.T, public map[string][]byte, want int) {
	t.Helper()
	folder := regexp.MustCompile(`^awards/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/(index\.html|credential\.json|log\.json|badge\.png|badge\.svg)$`)
	leads := regexp.MustCompile(`awards/[0-9a-fA-F]`)
	recipient := regexp.MustCompile(`<p class="recipient[^"]*"[^>]*>([^<]+)</p>`)
	pages, names := 0, 0
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
				// What machines read names nobody.
				head, body, _ := bytes.Cut(data, []byte("</head>"))
				for _, name := range recipient.FindAllSubmatch(body, -1) {
					if names++; bytes.Contains(head, name[1]) {
						t.Errorf("the head of a page says %s", name[1])
					}
				}
			}
			continue
		}
		if leads.Match(data) {
			t.Errorf("%s leads to an award", name)
		}
	}
	if pages != want {
		t.Errorf("%d award pages for %d public awards", pages, want)
	}
	if names == 0 {
		t.Error("no award page names its learner")
	}
	for _, name := range []string{"sitemap.xml", "catalog.json", "catalog-context.json", "ctdl.json", "feed.xml", "robots.txt", "index.html", "issuer.json", "status/1.json"} {
		if public[name] == nil {
			t.Errorf("there is no %s to look at", name)
		}
	}
}

// TestKeyStaysSecret is P11: after every command, neither what it said nor any
// file but the encrypted key holds the private key or the passphrase.
func TestKeyStaysSecret(t *testing.T) {
	t.Parallel()
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

	looked, clean := 0, map[[32]byte]bool{} // files as they were when they were looked at
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
			sum := sha256.Sum256(append([]byte(name+"\n"), data...))
			if clean[sum] {
				continue
			}
			looked++
			clean[sum] = true
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
	after("key", "retire", "key-2026-1", "--yes")
	after("sign", "--passphrase-file", second)
	packages := filepath.Join(t.TempDir(), "packages")
	code, stdout, stderr := run(t, dir, "deliver", "--out", packages)
	delivered := files(t, packages)
	if code > 1 || len(delivered) < 20 { // 1: a name cannot be set in the certificate's font
		t.Fatalf("laurel deliver: exit %d, %d files\n%s%s", code, len(delivered), stdout, stderr)
	}
	delivered["what deliver says"] = []byte(stdout + stderr)
	for name, data := range delivered {
		looked++
		for _, finding := range s.in(name, data) {
			t.Errorf("a learner is sent %s", finding)
		}
	}
	after("key", "revoke", "key-2026-1", "--yes", "--reason", "laptop lost")
	after("sign", "--passphrase-file", second)
	after("build", "-v")
	after("claim-links", "-v")
	for _, award := range awards {
		code, stdout, stderr := run(t, dir, "withdraw", award, "--reason", "asked for")
		if code == 0 { // it was sealed
			after("claim-links", "--json")
			break
		}
		if strings.Contains(stdout+stderr, passphrase) {
			t.Error("the passphrase is told")
		}
	}
	// The search works.
	leak := filepath.Join(dir, "content/leak.txt")
	if err := os.WriteFile(leak, []byte("key: "+base58.Encode(private.Seed())), 0o600); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(leak)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.in("content/leak.txt", b)) == 0 || looked < 120 {
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
