package main

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"laurel/internal/issuing/keys"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/tlog"
)

// held is what a ledger has of one credential or variant.
type held struct {
	award, variant string
	list, index    int
	status         ledger.Status
}

// everything is what a ledger has, by credential id.
func everything(t *testing.T, dir string) (all map[string]held, documents map[string]string) {
	t.Helper()
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	all, documents = map[string]held{}, map[string]string{}
	for r := range l.State().Records() {
		all[r.Credential] = held{r.Award, ledger.Full, r.List, r.Index, r.Status}
		docs, err := l.Documents(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range r.Variants {
			all[v.Credential] = held{r.Award, v.Name, v.List, v.Index, r.Status}
		}
		for _, d := range docs {
			id := r.Credential
			for _, v := range r.Variants {
				if v.Name == d.Variant {
					id = v.Credential
				}
			}
			documents[id] = string(d.Document)
		}
	}
	return all, documents
}

// TestAdoptThousand loses the ledger of 1,000 awards: what is public, sealed and in
// learners' hands comes back as it was, revocations and variants too, nobody is issued
// anything, and of 1,000 further awards none gets an index that another has.
func TestAdoptThousand(t *testing.T) {
	slow(t, "signs 2,000 awards")
	t.Parallel()
	const n = 1000
	people := learners(rand.New(rand.NewPCG(9, 9)), n)
	groups := map[string][]learner{}
	for _, p := range people {
		groups[map[bool]string{true: "millstones", false: "whetstones"}[p.variants]] = append(groups[map[bool]string{true: "millstones", false: "whetstones"}[p.variants]], p)
	}
	dir := crowdedSite(t)
	for cohort, of := range groups {
		writeCohorts(t, dir, cohort, of)
	}
	must(t, dir, "sign")
	before, _ := everything(t, dir)
	var revoked []string
	for id, h := range before {
		if h.variant == ledger.Full && len(revoked) < 40 {
			revoked = append(revoked, id)
		}
	}
	slices.Sort(revoked)
	list := filepath.Join(t.TempDir(), "revoked.txt")
	if err := os.WriteFile(list, []byte(strings.Join(revoked, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	must(t, dir, "revoke", "--from", list, "--reason", "made up", "--yes")
	must(t, dir, "sign")
	must(t, dir, "build")
	links := filepath.Join(t.TempDir(), "links.csv")
	must(t, dir, "claim-links", "--out", links)
	before, documents := everything(t, dir)
	published := files(t, filepath.Join(dir, "public"))
	records := recordsOf(t, dir)

	// Learners have the files of what is private, and of sealed awards that have no
	// link any more, all in one folder.
	kept := t.TempDir()
	given := 0
	for _, r := range records {
		if r.Visibility != "private" && (r.Visibility != "link" || r.Status == ledger.Active) {
			continue
		}
		given++
		folder := filepath.Join(kept, fmt.Sprintf("learner %d", given))
		for i, id := range append([]string{r.Credential}, variantIDs(r)...) {
			name := filepath.Join(folder, append([]string{""}, variantNames(r)...)[i], "credential.json")
			if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(documents[id]), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := os.RemoveAll(filepath.Join(dir, "content/ledger")); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := run(t, dir, "sign"); code != 1 {
		t.Fatalf("laurel sign without its ledger: exit %d\n%s", code, out)
	}
	code, out, errs := run(t, dir, "ledger", "adopt", filepath.Join(dir, "public"), links, kept, "--set-aside")
	t.Logf("exit %d\n%s%s", code, out, errs)
	if code != 0 {
		t.Fatal("not everything was adopted")
	}
	after, again := everything(t, dir)
	public := 0
	for id, h := range before {
		got, ok := after[id]
		// Of a public award the other forms are in nobody's hands here.
		if !ok && h.variant != ledger.Full && visibilityOf(records, h.award) == "public" {
			public++
			continue
		}
		if got != h || again[id] != documents[id] {
			t.Fatalf("%+v has become %+v, the same document: %v", h, got, again[id] == documents[id])
		}
	}
	if len(after)+public != len(before) || public == 0 {
		t.Errorf("%d credentials have become %d; %d are not public", len(before), len(after), public)
	}
	if out := must(t, dir, "plan"); strings.Contains(out, "awards to sign") {
		t.Errorf("somebody would be issued anew:\n%s", out)
	}
	must(t, dir, "sign")
	must(t, dir, "build")
	for name, data := range files(t, filepath.Join(dir, "public")) {
		// Where an award is in the log, log.json, is another: its event is.
		if strings.HasPrefix(name, "awards/") && !strings.HasSuffix(name, "/log.json") && string(published[name]) != string(data) {
			t.Errorf("%s is another", name)
		}
	}

	// New awards get other lists.
	more := learners(rand.New(rand.NewPCG(10, 10)), n)
	for i := range more {
		more[i].variants = false
	}
	writeCohorts(t, dir, "quernstones", more)
	must(t, dir, "sign")
	taken := map[[2]int]string{}
	fresh := 0
	for id, h := range before {
		taken[[2]int{h.list, h.index}] = id
	}
	now, _ := everything(t, dir)
	for id, h := range now {
		p := [2]int{h.list, h.index}
		if other := taken[p]; other != "" && other != id {
			t.Fatalf("index %d of list %d is given twice", h.index, h.list)
		}
		taken[p] = id
		if strings.HasPrefix(h.award, "quernstones/") {
			fresh++
			if h.list == 1 {
				t.Fatal("an index is drawn from a frozen list")
			}
		}
	}
	if fresh != n {
		t.Errorf("%d new awards", fresh)
	}
	t.Logf("%d credentials with variants, %d learners' folders, %d indexes, none twice", len(before), given, len(taken))
}

func recordsOf(t *testing.T, dir string) []ledger.Record {
	t.Helper()
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	var all []ledger.Record
	for r := range l.State().Records() {
		all = append(all, *r)
	}
	return all
}

func variantIDs(r ledger.Record) (ids []string) {
	for _, v := range r.Variants {
		ids = append(ids, v.Credential)
	}
	return ids
}

func variantNames(r ledger.Record) (names []string) {
	for _, v := range r.Variants {
		names = append(names, v.Name)
	}
	return names
}

func visibilityOf(records []ledger.Record, award string) string {
	for _, r := range records {
		if r.Award == award {
			return r.Visibility
		}
	}
	return ""
}

// TestAdoptLog: the entries of the published log are the first of the new ledger's,
// so that the log goes on; entries that are not what was signed are refused.
func TestAdoptLog(t *testing.T) {
	t.Parallel()
	dir := crowdedSite(t)
	writeCohorts(t, dir, "quern", learners(rand.New(rand.NewPCG(1, 2)), 3))
	must(t, dir, "sign")
	must(t, dir, "build")
	key, err := keys.Unlock(filepath.Join(dir, "keys"), "key-2026-1", []byte(passphrase))
	if err != nil {
		t.Fatal(err)
	}
	var entries []tlog.Entry
	for i := range 300 {
		entries = append(entries, tlog.NewEntry(time.Unix(1.7e9, 0), sha256.Sum256([]byte{byte(i), byte(i >> 8)})))
	}
	tree := tlog.NewTree(entries)
	head, err := tree.HeadAt(tree.Size())
	if err != nil {
		t.Fatal(err)
	}
	checkpoint, err := tlog.SignCheckpoint(tlog.Origin("https://example.github.io/badges"), head, key)
	if err != nil {
		t.Fatal(err)
	}
	public := filepath.Join(dir, "public")
	write := func(name string, data []byte) {
		t.Helper()
		name = filepath.Join(public, "log", filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("checkpoint", []byte(checkpoint))
	bundle := ""
	for _, p := range tlog.Paths(tree.Size()) {
		data, err := tree.File(p)
		if err != nil {
			t.Fatal(err)
		}
		write(p, data)
		if strings.Contains(p, "entries") {
			bundle = p
		}
	}
	older := filepath.Join(t.TempDir(), "older")
	if err := os.Rename(filepath.Join(dir, "content/ledger"), older); err != nil {
		t.Fatal(err)
	}
	good, err := tree.File(bundle)
	if err != nil {
		t.Fatal(err)
	}
	bad := slices.Clone(good)
	bad[20] ^= 1
	write(bundle, bad)
	if code, out, errs := run(t, dir, "ledger", "adopt", public); code != 1 || !strings.Contains(errs, "the log's 300 entries are not those that were signed; nothing was written") {
		t.Errorf("a log that was changed: exit %d\n%s%s", code, out, errs)
	}
	if all, _ := everything(t, dir); len(all) > 0 {
		t.Errorf("%d credentials were entered all the same", len(all))
	}
	write(bundle, good)
	if out := must(t, dir, "ledger", "adopt", public); !strings.Contains(out, "300 entries of the log") {
		t.Errorf("laurel ledger adopt:\n%s", out)
	}
	l, err := ledger.Open(filepath.Join(dir, "content/ledger"), ledger.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	if n := l.State().Log().Adopted; n != 300 {
		t.Errorf("%d entries were taken over", n)
	}
	if err := l.State().Against(ledger.Seen{Where: "public/", Checkpoint: checkpoint}); err != nil {
		t.Errorf("the ledger does not go on from the log: %v", err)
	}
	again, err := l.NextHead(t.Context(), time.Now())
	if err != nil {
		t.Fatal(err)
	}
	if size := again.Head().Size; size <= 300 {
		t.Errorf("the next head has %d leaves", size)
	}
	if out := must(t, dir, "ledger", "adopt", public); !strings.HasPrefix(out, "nothing to adopt\n") {
		t.Errorf("again:\n%s", out)
	}

	// A ledger that has events of its own cannot take the log over; from its start, with
	// that one as a source, it can.
	if err := os.Rename(filepath.Join(dir, "content/ledger"), filepath.Join(dir, "adopted-ledger")); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(older, filepath.Join(dir, "content/ledger")); err != nil {
		t.Fatal(err)
	}
	code, out, errs := run(t, dir, "ledger", "adopt", public)
	if code != 1 || !strings.Contains(errs, "has entries that the ledger has not") || !strings.Contains(errs, "hint: so that the log goes on") {
		t.Errorf("over another ledger: exit %d\n%s%s", code, out, errs)
	}
	if err := os.Rename(filepath.Join(dir, "content/ledger"), older); err != nil {
		t.Fatal(err)
	}
	if out := must(t, dir, "ledger", "adopt", older); !strings.HasPrefix(out, "adopted 3 credentials, 6 variants, 1 status list, 1 event of keys, 300 entries of the log\n") {
		t.Errorf("from an older ledger:\n%s", out)
	}
	must(t, dir, "ledger", "check")
	if code, out, errs := run(t, dir, "build"); code != 1 || !strings.Contains(errs, "would lose its log") || !strings.Contains(errs, "hint: laurel sign") {
		t.Errorf("built before the log's head is signed: exit %d\n%s%s", code, out, errs)
	}
}
