package interop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Text that has gone wrong somewhere: in URLs that are decoded twice or not at
// all, in chunks of an image that are read as if they were text, in markup.
const (
	hardName = `100 % sure + safe & sound #1; "quoted" 'n' back\slash {brace} }{ 🎓 مرحبا <b>`
	hardText = `%41 %zz %25 %E0%A4%A a=b?c/d @ ; , $ ]]> --> \u0041 \\" } } { 漢字 🏳️‍🌈 שלום a%20b+c`
	hardCode = `#%{&}+"'🎓`
)

// writeHardText adds an award that says all of that.
func (a *academy) writeHardText(t *testing.T) {
	t.Helper()
	quote := func(s string) string { return quoted(t, s) }
	for name, text := range map[string]string{
		"content/achievements/hard-words.yaml": fmt.Sprintf("name: %s\ndescription: %s\nachievementType: Badge\nhumanCode: %s\ncriteria:\n  narrative: %s\n",
			quote(hardName), quote(hardText), quote(hardCode), quote("Says "+hardText)),
		"content/awards/hard-words.yaml": fmt.Sprintf("name: Hard words\nachievement: hard-words\nawardedDate: 2026-06-30\nvisibility: public\nrecipients:\n  - {key: hard-1, name: %s, narrative: %s}\n",
			quote("Exempla "+hardName), quote(hardText)),
	} {
		if err := os.WriteFile(filepath.Join(a.dir, filepath.FromSlash(name)), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// quoted is a text as YAML and JSON have it.
func quoted(t *testing.T, s string) string {
	t.Helper()
	b, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(strings.ReplaceAll(strings.ReplaceAll(string(b), `\u003c`, "<"), `\u003e`, ">"), `\u0026`, "&")
}

// parsed is a JSON document.
func parsed(t *testing.T, what string, text []byte) any {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
	return v
}

// testUnbake takes the credential out of every badge that is published, with
// libraries by others, and compares it with the one beside it.
func testUnbake(t *testing.T, a *academy) {
	var badges []string
	for _, kind := range []string{"png", "svg"} {
		found, err := filepath.Glob(filepath.Join(a.public(), "awards/*/badge."+kind))
		if err != nil || len(found) < 10 {
			t.Fatalf("%d badges as %s (%v)", len(found), kind, err)
		}
		badges = append(badges, found...)
	}
	compareBaked(t, badges)
	t.Logf("%d badges", len(badges))
}

// compareBaked takes the credential out of badges and compares it with the one
// beside each.
func compareBaked(t *testing.T, badges []string) {
	t.Helper()
	stdout, stderr, code := node(t, append([]string{"unbake.mjs"}, badges...)...)
	if code != 0 {
		t.Errorf("unbake.mjs: exit code %d\n%s", code, stderr)
	}
	seen := 0
	for line := range splitLines(stdout) {
		var baked struct {
			File, Kind, Text, Naive, Error string
			Count                          int
		}
		if err := json.Unmarshal(line, &baked); err != nil {
			t.Fatal(err)
		}
		seen++
		if baked.Error != "" || baked.Count != 1 {
			t.Errorf("%s: carries %d credentials: %s", baked.File, baked.Count, baked.Error)
			continue
		}
		file := filepath.Join(filepath.Dir(baked.File), "credential.json")
		beside, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		want := parsed(t, file, beside)
		kind := "openbadgecredential"
		if bytes.Contains(beside, []byte(`"ClrCredential"`)) {
			kind = "clrcredential"
		}
		if baked.Kind != kind {
			t.Errorf("%s: carries a %s, not a %s", baked.File, baked.Kind, kind)
		}
		if !reflect.DeepEqual(parsed(t, baked.File, []byte(baked.Text)), want) {
			t.Errorf("%s carries another credential than is beside it", baked.File)
		}
		if !reflect.DeepEqual(parsed(t, baked.File, []byte(baked.Naive)), want) {
			t.Errorf("%s: who counts braces gets %q", baked.File, baked.Naive)
		}
	}
	if seen != len(badges) {
		t.Errorf("%d of %d badges were looked at", seen, len(badges))
	}
}

// testDeliver has others look at what learners are sent: forms of awards of
// every visibility, in folders.
func testDeliver(t *testing.T, a *academy) {
	out := filepath.Join(t.TempDir(), "packages")
	if _, code := a.try(t, "deliver", "bookkeeping-evening-2026", "diploma-2026", "hard-words", "--out", out); code > 1 {
		t.Fatalf("laurel deliver: exit code %d", code) // 1: a name cannot be set in the certificate's font
	}
	var credentials, badges []string
	err := filepath.WalkDir(out, func(file string, d fs.DirEntry, err error) error {
		switch filepath.Ext(file) {
		case ".json":
			if d.Name() == "credential.json" {
				credentials = append(credentials, file)
			}
		case ".png", ".svg":
			badges = append(badges, file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(credentials) < 17 || len(badges) != 2*len(credentials) {
		t.Fatalf("%d credentials and %d badges are delivered", len(credentials), len(badges))
	}
	compareBaked(t, badges)
	for _, v := range judge(t, append([]string{"--at", judgedAt.Format(time.RFC3339), a.public(), baseURL}, credentials...)...) {
		if !v.Verified {
			t.Errorf("%s: %s refuses it: %s", v.File, v.Judge, v.Error)
		}
	}
	t.Logf("%d credentials and %d badges", len(credentials), len(badges))
}

// endedAward is on the page of an award that does not count, which nobody is to
// take into a wallet.
var endedAward = regexp.MustCompile(`class="wrap award is-(revoked|suspended)`)

var walletLink = regexp.MustCompile(`href="(dccrequest:[^"]*)"`)

// testWallet takes the credential out of the wallet link of every award page,
// as the wallet does, and has the judges look at what comes out.
func testWallet(t *testing.T, a *academy) {
	pages, err := filepath.Glob(filepath.Join(a.public(), "awards/*/index.html"))
	if err != nil || len(pages) < 10 {
		t.Fatalf("%d award pages (%v)", len(pages), err)
	}
	var offered []string
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		found := walletLink.FindAllSubmatch(text, -1)
		if ended := endedAward.Match(text); ended == (len(found) > 0) {
			t.Fatalf("%s, revoked or suspended: %t, has %d links into the wallet", page, ended, len(found))
		} else if !ended {
			offered = append(offered, page)
		}
	}
	links := walletLinks(t, offered)
	longest := 0
	for _, link := range links {
		longest = max(longest, len(link))
	}
	out := t.TempDir()
	for i, offer := range decodeOffers(t, links) {
		if len(offer.Credentials) != 1 || offer.Origin != "https://academy.example.org" || offer.Holder != nil {
			t.Fatalf("%s offers %d credentials, from %q", offered[i], len(offer.Credentials), offer.Origin)
		}
		beside, err := os.ReadFile(filepath.Join(filepath.Dir(offered[i]), "credential.json"))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(parsed(t, offered[i], offer.Credentials[0]), parsed(t, offered[i], beside)) {
			t.Errorf("%s offers another credential than is beside it", offered[i])
		}
		if err := os.WriteFile(filepath.Join(out, fmt.Sprintf("%03d.json", i)), offer.Credentials[0], 0o644); err != nil {
			t.Fatal(err)
		}
	}
	files, err := filepath.Glob(filepath.Join(out, "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	for _, v := range judge(t, append([]string{"--at", judgedAt.Format(time.RFC3339), a.public(), baseURL}, files...)...) {
		if filepath.Dir(v.File) != out {
			continue
		}
		if judged++; !v.Verified {
			t.Errorf("%s: %s refuses what the wallet receives: %s", v.ID, v.Judge, v.Error)
		}
	}
	if judged != judges*len(links) {
		t.Errorf("%d verdicts on %d offers", judged, len(links))
	}
	t.Logf("%d links, the longest of %d characters", len(links), longest)
}

// walletLinks are the links into the wallet that the script of award pages makes of
// the credentials beside them.
func walletLinks(t *testing.T, of []string) []string {
	t.Helper()
	const scripts = "../../../themes/default/src"
	if err := Install(t.Context(), scripts); err != nil {
		t.Fatal(err)
	}
	var files []string
	for _, page := range of {
		file, err := filepath.Abs(filepath.Join(filepath.Dir(page), "credential.json"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, file)
	}
	stdout, stderr, code, err := Run(t.Context(), scripts, strings.Join(files, "\n"), "tools/wallet.mjs", baseURL)
	links := strings.Fields(string(stdout))
	if err != nil || code != 0 || len(links) != len(files) {
		t.Fatalf("%d links for %d awards: exit code %d, %v\n%s", len(links), len(files), code, err, stderr)
	}
	return links
}

// offer is what the wallet finds in a link.
type offer struct {
	Credentials []json.RawMessage
	Origin      string
	Holder      *string
	Error       string
}

// decodeOffers reads links as the wallet does.
func decodeOffers(t *testing.T, links []string) []offer {
	t.Helper()
	needNode(t)
	stdout, stderr, code := nodeReading(t, strings.Join(links, "\n"), "wallet.mjs")
	if code != 0 {
		t.Errorf("wallet.mjs: exit code %d\n%s", code, stderr)
	}
	var offers []offer
	for line := range splitLines(stdout) {
		var o offer
		if err := json.Unmarshal(line, &o); err != nil {
			t.Fatal(err)
		}
		if o.Error != "" {
			t.Errorf("link %d: the wallet refuses it: %s", len(offers), o.Error)
		}
		offers = append(offers, o)
	}
	if len(offers) != len(links) {
		t.Fatalf("the wallet read %d of %d links", len(offers), len(links))
	}
	return offers
}
