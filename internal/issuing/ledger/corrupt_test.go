package ledger_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"laurel/internal/issuing/ledger"
)

// segment1 writes the events and returns the file's name and bytes.
func segment1(t testing.TB, groups ...[]ledger.Event) (name string, data []byte) {
	t.Helper()
	dir := t.TempDir()
	write(t, dir, ledger.Options{}, groups...)
	name = filepath.Join(dir, "0001.jsonl")
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return name, data
}

func put(t testing.TB, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

func seqOf(l *ledger.Ledger) int64 {
	seq, _, _ := l.State().Head()
	return seq
}

// P20: whatever a power cut leaves of the last three lines, the whole ones
// stay, the rest is told and dropped, and the next run goes on.
func TestTruncatedAnywhere(t *testing.T) {
	for name, events := range map[string][]ledger.Event{
		"issues":   issues(1, 7),
		"capsules": {issue(1), issue(2), variants(3), capsules(3, all...), withdraw(3, "é"), capsules(1, "")},
	} {
		t.Run(name, func(t *testing.T) { truncatedAnywhere(t, events) })
	}
}

// seldom is a step, or with -short one that leaves out ten of eleven.
func seldom(step int) int {
	if testing.Short() {
		return 11 * step
	}
	return step
}

// truncatedAnywhere writes all events but the last, and cuts the last three of
// them off byte by byte.
func truncatedAnywhere(t *testing.T, events []ledger.Event) {
	count := int64(len(events))
	name, data := segment1(t, slices.Clone(events[:count-1]))
	dir := filepath.Dir(name)
	third := len(bytes.Join(bytes.SplitAfter(data, []byte("\n"))[:2], nil))
	for size := third; size < len(data); size += seldom(1) {
		put(t, name, data[:size])
		whole := int64(bytes.Count(data[:size], []byte("\n")))
		offset := int64(bytes.LastIndexByte(data[:size], '\n') + 1)
		torn := int64(size) > offset

		l, err := ledger.Open(dir, ledger.Options{})
		if err != nil {
			t.Fatalf("%d bytes: open: %v", size, err)
		}
		if seqOf(l) != whole || (l.Torn() != nil) != torn {
			t.Fatalf("%d bytes: head %d, torn %+v", size, seqOf(l), l.Torn())
		}
		l.Close()
		if now, _ := os.ReadFile(name); len(now) != size {
			t.Fatalf("%d bytes: reading changed the file", size)
		}
		w, err := ledger.OpenWriter(dir, ledger.Options{FS: openUnsynced(t, dir)})
		if err != nil {
			t.Fatalf("%d bytes: open for writing: %v", size, err)
		}
		if got := w.Torn(); torn && (got == nil || got.Offset != offset || got.Bytes != int64(size)-offset || got.File != name) {
			t.Fatalf("%d bytes: torn is %+v", size, got)
		}
		if err := w.Append(start, slices.Clone(events[whole:])); err != nil {
			t.Fatalf("%d bytes: append: %v", size, err)
		}
		w.Close()
		if l := open(t, dir); seqOf(l) != count || l.Torn() != nil {
			t.Fatalf("%d bytes: after the next run the head is %d", size, seqOf(l))
		}
	}
}

// P20: no bit of the last line can change unnoticed. Without its final newline
// the line counts as unfinished: it looks like what a crash leaves.
func TestEveryBitOfLastLine(t *testing.T) {
	everyBitOfLastLine(t, 1, issues(1, 4))
}

// Of the other types, one bit of every byte.
func TestEveryByteOfLastLine(t *testing.T) {
	for last, group := range map[string][]ledger.Event{
		"variants": {issue(1), issue(2), variants(3)},
		"capsule":  {issue(1), issue(2), capsules(2, "")},
		"withdraw": {issue(2), capsules(2, ""), withdraw(2, "é")},
	} {
		t.Run(last, func(t *testing.T) { everyBitOfLastLine(t, 9, group) })
	}
}

// everyBitOfLastLine writes three events and changes the last one, a bit in
// step at a time.
func everyBitOfLastLine(t *testing.T, step int, group []ledger.Event) {
	name, data := segment1(t, group)
	dir := filepath.Dir(name)
	last := bytes.LastIndexByte(data[:len(data)-1], '\n') + 1
	for i := last * 8; i < len(data)*8; i += seldom(step) {
		mutant := bytes.Clone(data)
		mutant[i/8] ^= 1 << (i % 8)
		put(t, name, mutant)
		l, err := ledger.Open(dir, ledger.Options{})
		if i/8 == len(data)-1 {
			if err != nil || l.Torn() == nil || seqOf(l) != 2 {
				t.Fatalf("newline, bit %d: %v", i%8, err)
			}
			l.Close()
			continue
		}
		var ce *ledger.CorruptError
		if !errors.As(err, &ce) || ce.Line < 3 || ce.File != name {
			t.Fatalf("byte %d, bit %d (%q became %q): error is %v", i/8-last, i%8, data[i/8], mutant[i/8], err)
		}
		if _, err := ledger.OpenWriter(dir, ledger.Options{}); err == nil {
			t.Fatalf("byte %d, bit %d: opened for writing", i/8-last, i%8)
		}
	}
}

// An earlier line with every bit flipped once would take long; one bit of
// every byte finds what the last line's test cannot: newlines lost or made.
func TestEveryByteOfEarlierLine(t *testing.T) {
	name, data := segment1(t, issues(1, 4))
	end := bytes.IndexByte(data, '\n')
	for i := range end + 1 {
		mutant := bytes.Clone(data)
		mutant[i] ^= 1 << (i % 8)
		put(t, name, mutant)
		_, err := ledger.Open(filepath.Dir(name), ledger.Options{})
		var ce *ledger.CorruptError
		if !errors.As(err, &ce) || ce.Line > 2 {
			t.Fatalf("byte %d: error is %v", i, err)
		}
	}
}

// chain builds a segment whose sums and prevs are right, from bodies without
// them: what a bug or a hand with a script could write.
func chain(bodies ...string) []byte {
	prev := strings.Repeat("0", 64)
	var b []byte
	for i, body := range bodies {
		body = strings.ReplaceAll(body, "PREV", prev)
		body = strings.ReplaceAll(body, "HEAD", fmt.Sprintf(`"seq":%d,"time":"2026-03-01T09:00:00Z"`, i+1))
		body = strings.TrimSuffix(body, "}")
		sum := sha256.Sum256([]byte(body))
		line := body + `,"sum":"` + hex.EncodeToString(sum[:]) + `"}`
		hash := sha256.Sum256([]byte(line))
		prev = hex.EncodeToString(hash[:])
		b = append(append(b, line...), '\n')
	}
	return b
}

const (
	goodKey   = `{HEAD,"type":"key","prev":"PREV","salt":"c2FsdHNhbHRzYWx0c2FsdA","kid":"key-2026-1","action":"added","publicKeyMultibase":"z6MkExample","at":"2026-03-01T09:00:00Z"}`
	goodIssue = `{HEAD,"type":"issue","prev":"PREV","salt":"c2FsdHNhbHRzYWx0c2FsdA","award":"a/b/c","credential":"urn:uuid:1","list":1,"index":5,"visibility":"link","documents":[{"format":"f","mediaType":"m","document":{"a":1}}]}`
	goodForms = `{HEAD,"type":"issue","prev":"PREV","salt":"c2FsdHNhbHRzYWx0c2FsdA","award":"a/b/v","credential":"urn:uuid:5","list":1,"index":50,"visibility":"link","variants":[{"name":"no-name","credential":"urn:uuid:6","list":2,"index":0}],"documents":[{"format":"f","mediaType":"m","document":{"a":1}},{"format":"f","mediaType":"m","variant":"no-name","document":{"a":2}}]}`
	goodSeal  = `{HEAD,"type":"capsule","prev":"PREV","salt":"c2FsdHNhbHRzYWx0c2FsdA","award":"a/b/c","credential":"urn:uuid:1","capsules":[{"name":"0123456789abcdef0123456789abcdef","key":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}],"packed":["e30"]}`
	goodGone  = `{HEAD,"type":"withdraw","prev":"PREV","salt":"c2FsdHNhbHRzYWx0c2FsdA","award":"a/b/c","credential":"urn:uuid:1","date":"2026-03-01T09:00:00Z"}`
	goodLog   = `{HEAD,"type":"log","prev":"PREV","salt":"c2FsdHNhbHRzYWx0c2FsdA","entries":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="}`
	goodHead  = `{HEAD,"type":"head","prev":"PREV","salt":"c2FsdHNhbHRzYWx0c2FsdA","size":8,"root":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","edge":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=","checkpoint":"example.org/log\n8\n"}`
	goodMerge = `{HEAD,"type":"merge","prev":"PREV","salt":"c2FsdHNhbHRzYWx0c2FsdA","last":9,"hash":"0000000000000000000000000000000000000000000000000000000000000000","events":3}`
	goodClock = `{HEAD,"type":"clock","prev":"PREV","salt":"c2FsdHNhbHRzYWx0c2FsdA","at":"2026-03-01T08:00:00Z","reason":"it was in 2096"}`
	goodList  = `{HEAD,"type":"list","prev":"PREV","salt":"c2FsdHNhbHRzYWx0c2FsdA","list":1,"set":0,"document":{"a":1}}`
)

func TestStrictReading(t *testing.T) {
	edit := strings.NewReplacer
	cases := []struct {
		name string
		data []byte
		line int
		want string
	}{
		{"good", chain(goodKey, goodIssue, goodList), 0, ""},
		{"good_capsule", chain(goodIssue, goodForms, goodSeal, goodGone), 0, ""},
		{"variants_empty", chain(edit(`[{"name":"no-name","credential":"urn:uuid:6","list":2,"index":0}]`, `[]`, `,{"format":"f","mediaType":"m","variant":"no-name","document":{"a":2}}`, ``).Replace(goodForms)), 1, "as laurel writes it"},
		{"variant_unknown_member", chain(edit(`"index":0`, `"index":0,"x":1`).Replace(goodForms)), 1, `unknown member "/variants/0/x"`},
		{"variants_after_documents", chain(edit(`"variants":[{"name":"no-name","credential":"urn:uuid:6","list":2,"index":0}],`, ``, `{"a":2}}]`, `{"a":2}}],"variants":[{"name":"no-name","credential":"urn:uuid:6","list":2,"index":0}]`).Replace(goodForms)), 1, "as laurel writes it"},
		{"capsule_unknown_member", chain(goodIssue, edit(`"capsules"`, `"x":1,"capsules"`).Replace(goodSeal)), 2, `unknown member "/x"`},
		{"capsule_missing_name", chain(goodIssue, edit(`"name":"0123456789abcdef0123456789abcdef",`, ``).Replace(goodSeal)), 2, "32 digits"},
		{"capsule_other_order", chain(goodIssue, edit(`"award":"a/b/c","credential":"urn:uuid:1"`, `"credential":"urn:uuid:1","award":"a/b/c"`).Replace(goodSeal)), 2, "as laurel writes it"},
		{"capsule_white_space", chain(goodIssue, edit(`"capsules":`, `"capsules": `).Replace(goodSeal)), 2, "as laurel writes it"},
		{"capsule_after_sealed", chain(goodIssue, edit(`"award":"a/b/c",`, ``, `["e30"]`, `["e30"],"award":"a/b/c"`).Replace(goodSeal)), 2, "as laurel writes it"},
		{"capsule_twice", chain(goodIssue, goodSeal, edit(`0123456789abcdef0`, `f123456789abcdef0`).Replace(goodSeal)), 3, "sealed a second time"},
		{"withdraw_before_capsule", chain(goodIssue, goodGone), 2, "never sealed"},
		{"withdraw_no_date", chain(goodIssue, goodSeal, edit(`,"date":"2026-03-01T09:00:00Z"`, ``).Replace(goodGone)), 3, "date is not a UTC time"},
		{"unknown_member", chain(goodKey, edit(`"list":1`, `"list":1,"lisst":2`).Replace(goodIssue)), 2, `unknown member "/lisst"`},
		{"member_of_other_type", chain(edit(`"kid"`, `"index":1,"kid"`).Replace(goodKey)), 1, `unknown member "/index"`},
		{"unknown_member_of_document", chain(edit(`"format"`, `"x":1,"format"`).Replace(goodIssue)), 1, `unknown member "/documents/0/x"`},
		{"case_folded_member", chain(edit(`"kid"`, `"Kid"`).Replace(goodKey)), 1, `unknown member "/Kid"`},
		{"duplicate_name", chain(edit(`"index":5`, `"index":5,"index":6`).Replace(goodIssue)), 1, `member "/index" is given twice`},
		{"duplicate_name_escaped", chain(edit(`"index":5`, `"index":5,"\u0069ndex":6`).Replace(goodIssue)), 1, "is given twice"},
		{"duplicate_name_in_document", chain(edit(`{"a":1}`, `{"a":1,"a":2}`).Replace(goodIssue)), 1, `member "/documents/0/document/a" is given twice`},
		{"duplicate_name_in_list", chain(edit(`{"a":1}`, `{"a":1,"a":2}`).Replace(goodList)), 1, "is given twice"},
		{"duplicate_type", chain(edit(`"kid"`, `"type":"issue","kid"`).Replace(goodKey)), 1, "is given twice"},
		{"not_utf8", chain(edit(`"f"`, "\"\xff\"").Replace(goodIssue)), 1, "invalid JSON"},
		{"trailing_data", chain(goodKey + `{}`), 1, "invalid JSON"},
		{"missing_index", chain(edit(`"index":5,`, ``).Replace(goodIssue)), 1, "as laurel writes it"},
		{"missing_set", chain(edit(`"set":0,`, ``).Replace(goodList)), 1, "as laurel writes it"},
		{"other_order", chain(edit(`"list":1,"index":5`, `"index":5,"list":1`).Replace(goodIssue)), 1, "as laurel writes it"},
		{"white_space", chain(edit(`"list":1`, `"list": 1`).Replace(goodIssue)), 1, "as laurel writes it"},
		{"null_member", chain(edit(`"at"`, `"reason":null,"at"`).Replace(goodKey)), 1, "as laurel writes it"},
		{"wrong_kind", chain(edit(`"index":5`, `"index":"5"`).Replace(goodIssue)), 1, `wrong kind of value in "/index"`},
		{"fraction", chain(edit(`"index":5`, `"index":5.5`).Replace(goodIssue)), 1, `wrong kind of value in "/index"`},
		{"no_documents", chain(edit(`{"format":"f","mediaType":"m","document":{"a":1}}`, ``).Replace(goodIssue)), 1, "no documents"},
		{"no_document", chain(edit(`,"document":{"a":1}`, ``).Replace(goodList)), 1, "neither a JSON object nor"},
		{"time_zone", chain(edit(`"at":"2026-03-01T09:00:00Z"`, `"at":"2026-03-01T09:00:00+01:00"`).Replace(goodKey)), 1, "at is not a UTC time"},
		{"time_fraction", chain(edit(`"at":"2026-03-01T09:00:00Z"`, `"at":"2026-03-01T09:00:00.5Z"`).Replace(goodKey)), 1, "at is not a UTC time"},
		{"unknown_type", chain(edit(`"key"`, `"wish"`).Replace(goodKey)), 1, `unknown type of event "wish"`},
		{"no_type", chain(edit(`"type":"key",`, ``).Replace(goodKey)), 1, "does not begin with"},
		{"type_later", chain(edit(`"type":"key",`, ``, `"prev":`, `"prev":`, `"at"`, `"type":"key","at"`).Replace(goodKey)), 1, "does not begin with"},
		{"prev_upper_case", chain(edit(`PREV`, strings.Repeat("A", 64)).Replace(goodKey)), 1, "lower-case hex"},
		{"prev_wrong", chain(goodKey, edit(`PREV`, strings.Repeat("0", 64)).Replace(goodIssue)), 2, "does not follow the line before it"},
		{"first_prev_wrong", chain(edit(`PREV`, strings.Repeat("1", 64)).Replace(goodKey)), 1, "does not follow the line before it"},
		{"seq_gap", chain(goodKey, edit(`HEAD`, `"seq":3,"time":"2026-03-01T09:00:00Z"`).Replace(goodIssue)), 2, "event 3 follows event 1"},
		{"seq_zero", chain(edit(`HEAD`, `"seq":0,"time":"2026-03-01T09:00:00Z"`).Replace(goodKey)), 1, "event 0 appears a second time"},
		{"clock_backwards", chain(goodKey, edit(`HEAD`, `"seq":2,"time":"2026-02-28T09:00:00Z"`).Replace(goodIssue)), 2, "earlier than the event before it"},
		{"index_twice", chain(goodIssue, edit(`a/b/c`, `a/b/d`, `uuid:1`, `uuid:2`).Replace(goodIssue)), 2, "index 5 of list 1"},
		{"credential_twice", chain(goodIssue, edit(`a/b/c`, `a/b/d`, `"index":5`, `"index":6`).Replace(goodIssue)), 2, "issued a second time"},
		{"award_twice", chain(goodIssue, edit(`uuid:1`, `uuid:2`, `"index":5`, `"index":6`).Replace(goodIssue)), 2, "for an award that has one"},
		{"index_outside", chain(edit(`"index":5`, `"index":131072`).Replace(goodIssue)), 1, "outside the list"},
		{"no_json", []byte("hello\n"), 1, "does not end with its checksum"},
		{"ended", append(chain(goodKey), '\n'), 0, ""},
		{"ended_twice", append(chain(goodKey), "\n\n"...), 3, "behind the empty one that ends the segment"},
		{"nothing_ended", []byte("\n"), 1, "does not end with its checksum"},
		{"no_salt", chain(edit(`"salt":"c2FsdHNhbHRzYWx0c2FsdA",`, ``).Replace(goodKey)), 1, "salt is not"},
		{"short_salt", chain(edit(`c2FsdHNhbHRzYWx0c2FsdA`, `c2FsdHNhbHRzYWx0c2Fs`).Replace(goodKey)), 1, "salt is not"},
		{"loose_salt", chain(edit(`c2FsdHNhbHRzYWx0c2FsdA`, `c2FsdHNhbHRzYWx0c2FsdB`).Replace(goodKey)), 1, "salt is not"},
		{"good_head", chain(goodLog, goodKey, goodIssue, goodForms, goodHead, goodMerge, goodClock), 0, ""},
		{"head_of_other_size", chain(goodKey, goodHead), 2, "signed over 8 leaves, but there are 1"},
		{"head_without_edge", chain(goodKey, edit(`"edge":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",`, ``).Replace(goodHead)), 2, "edge has 0 bytes"},
		{"root_with_line_end", chain(goodKey, edit(`"root":"AAAA`, `"root":"AAAA\n`).Replace(goodHead)), 2, "wrong kind of value"},
		{"root_loose", chain(goodLog, goodKey, goodIssue, goodForms, edit(`AAA=","edge`, `AAB=","edge`).Replace(goodHead)), 5, "as laurel writes it"},
		{"merge_hash_upper_case", chain(edit(`"hash":"00`, `"hash":"AA`).Replace(goodMerge)), 1, "lower-case hex"},
		{"merge_twice", chain(goodMerge, goodMerge), 2, "a second time"},
		{"clock_with_zone", chain(goodKey, edit(`08:00:00Z"`, `08:00:00+00:30"`).Replace(goodClock)), 2, "UTC"},
		{"byte_order_mark", append([]byte("\ufeff"), chain(goodKey)...), 1, "does not end with its checksum"},
		{"cr_lf", bytes.ReplaceAll(chain(goodKey), []byte("\n"), []byte("\r\n")), 1, "autocrlf"},
		{"long_line", append(bytes.Repeat([]byte("x"), ledger.MaxLine+1), '\n'), 1, "longer than"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, filepath.Join(dir, "0001.jsonl"), c.data)
			_, err := ledger.Open(dir, ledger.Options{})
			if c.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			prefix := fmt.Sprintf("%s:%d: ", filepath.Join(dir, "0001.jsonl"), c.line)
			if err == nil || !strings.HasPrefix(err.Error(), prefix) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %s… %s", err, prefix, c.want)
			}
		})
	}
}

// P21: two clones that both grew and were merged are told as that.
func TestMergeOfTwoClones(t *testing.T) {
	_, common := segment1(t, issues(1, 3))
	_, ours := segment1(t, issues(1, 3), issues(3, 5))
	_, theirs := segment1(t, issues(1, 3), issues(5, 6))
	a, b := string(ours[len(common):]), string(theirs[len(common):])
	for name, data := range map[string]string{
		"union":       string(common) + a + b,
		"other_union": string(common) + b + a,
		"markers":     string(common) + "<<<<<<< HEAD\n" + a + "=======\n" + b + ">>>>>>> theirs\n",
		"doubled":     string(ours) + string(ours),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, filepath.Join(dir, "0001.jsonl"), []byte(data))
			_, err := ledger.Open(dir, ledger.Options{})
			var ce *ledger.CorruptError
			if !errors.As(err, &ce) || !ce.Merged || ce.Line < 3 || !strings.Contains(err.Error(), "merge of two copies") {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestLinesMovedOrLost(t *testing.T) {
	_, data := segment1(t, issues(1, 6))
	lines := bytes.SplitAfter(bytes.TrimSuffix(data, []byte("\n")), []byte("\n"))
	lines[4] = append(lines[4], '\n')
	for name, order := range map[string][]int{
		"lost": {0, 1, 3, 4}, "first_lost": {1, 2, 3, 4}, "swapped": {0, 2, 1, 3, 4}, "doubled": {0, 1, 1, 2, 3, 4},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var b []byte
			for _, i := range order {
				b = append(b, lines[i]...)
			}
			put(t, filepath.Join(dir, "0001.jsonl"), b)
			var ce *ledger.CorruptError
			if _, err := ledger.Open(dir, ledger.Options{}); !errors.As(err, &ce) || ce.Line == 0 {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestSegmentFiles(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, ledger.Options{MaxSegment: 1500}, issues(1, 10))
	in := func(name string) string { return filepath.Join(dir, name) }
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	second, err := os.ReadFile(in("0002.jsonl"))
	must(err)
	refused := func(want string) {
		t.Helper()
		_, err := ledger.Open(dir, ledger.Options{})
		var ce *ledger.CorruptError
		if !errors.As(err, &ce) || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %q", err, want)
		}
	}
	// Other files are no business of the ledger.
	put(t, in("README.md"), []byte("hello"))
	put(t, in("0002.jsonl.bak"), second)
	open(t, dir)

	put(t, in("0002 (copy).jsonl"), second)
	refused("not the name of a segment")
	must(os.Remove(in("0002 (copy).jsonl")))
	put(t, in("2.jsonl"), second)
	refused("not the name of a segment")
	must(os.Remove(in("2.jsonl")))

	must(os.Remove(in("0002.jsonl")))
	refused("0002.jsonl: the segment is missing")
	put(t, in("0002.jsonl"), nil)
	refused("empty, though another follows")
	put(t, in("0002.jsonl"), second[:len(second)-1])
	refused("not ended by an empty line")
	put(t, in("0002.jsonl"), second[:len(second)-2])
	refused("the last line is unfinished")
	must(os.Remove(in("0002.jsonl")))
	put(t, in("elsewhere"), second)
	must(os.Symlink("elsewhere", in("0002.jsonl")))
	refused("symbolic link")
	must(os.Remove(in("0002.jsonl")))
	must(exec.Command("mkfifo", in("0002.jsonl")).Run())
	refused("device or pipe")
	must(os.Remove(in("0002.jsonl")))
	must(os.Mkdir(in("0002.jsonl"), 0o700))
	refused("a folder")
	must(os.Remove(in("0002.jsonl")))
	put(t, in("0002.jsonl"), second)
	open(t, dir)

	must(os.Remove(in(".lock")))
	must(os.Symlink(filepath.Join(t.TempDir(), "outside"), in(".lock")))
	if _, err := ledger.OpenWriter(dir, ledger.Options{}); err == nil || !strings.Contains(err.Error(), "not a regular file") {
		t.Errorf("a lock that leads out: %v", err)
	}
}

// A disk that lost more than a line may leave a long stretch of zeros.
func TestLongTornTail(t *testing.T) {
	name, data := segment1(t, issues(1, 3))
	put(t, name, append(bytes.Clone(data), make([]byte, ledger.MaxLine+100)...))
	w := openWriter(t, filepath.Dir(name), ledger.Options{})
	if w.Torn() == nil || w.Torn().Bytes != ledger.MaxLine+100 {
		t.Errorf("torn is %+v", w.Torn())
	}
	if now, _ := os.ReadFile(name); !bytes.Equal(now, data) {
		t.Error("the whole lines did not stay as they were")
	}
}
