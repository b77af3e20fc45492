package cases

import (
	"bufio"
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"laurel/internal/testing/interop"
)

// disagreements are where laurel and another verifier differ, by what was done to a good document, and by which clause laurel is right.
// In all of them the other takes what laurel refuses.
func disagreements() map[string]struct {
	judges []string
	clause string
} {
	const digitalBazaar, openWallet = "@digitalbazaar/ed25519-signature-2018", "@sd-jwt/sd-jwt-vc"
	const unreferenced = "RFC 9901, section 7.1, step 5: if any disclosure was not referenced by digest value, the SD-JWT MUST be rejected"
	return map[string]struct {
		judges []string
		clause string
	}{
		"padded":             {[]string{digitalBazaar, "didkit", "jose"}, `RFC 7515, section 2: base64url is "with all trailing '=' characters omitted"`},
		"payload-present":    {[]string{digitalBazaar}, "RFC 7515, appendix F: the payload of a detached JWS is the empty string"},
		"fourth-part":        {[]string{digitalBazaar}, "RFC 7515, section 7.1: a compact JWS has three parts"},
		"disclosure-changed": {[]string{openWallet}, unreferenced},
		"disclosure-added":   {[]string{openWallet}, unreferenced},
		"disclosure-twice":   {[]string{openWallet}, unreferenced + "; a second one of a digest is referenced by none that is left"},
		"proofvalue-added":   {[]string{digitalBazaar, "didkit"}, "Data Integrity 1.0, section 4.3: all of the proof but its value is signed; JSON Web Signature 2020 has its value in jws, so that a proofValue beside it is said by nobody"},
	}
}

// TestSuiteJudges has the libraries of others sign credentials of Ed25519Signature2018,
// JsonWebSignature2020 and, in the vocabulary of the DCC, Ed25519Signature2020, JWTs and
// SD-JWTs, and judge them, good and altered; laurel and its page are asked the same.
func TestSuiteJudges(t *testing.T) {
	const scripts = "../interop"
	for _, dir := range []string{scripts, pageSource} {
		if err := interop.Install(t.Context(), dir); err != nil {
			t.Fatal(err)
		}
	}
	stdout, stderr, code, err := interop.Run(t.Context(), scripts, "", "suites.mjs")
	if err != nil || code != 0 {
		t.Fatalf("suites.mjs: %v, exit code %d\n%s", err, code, stderr)
	}
	var list []Case
	says := map[string]map[string]bool{}
	lines := bufio.NewScanner(bytes.NewReader(stdout))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var line struct {
			Name string          `json:"name"`
			Text string          `json:"text"`
			Says map[string]bool `json:"says"`
		}
		if err := json.Unmarshal(lines.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		list = append(list, Case{Name: line.Name, Suite: "judges", Input: []byte(line.Text), At: now})
		says[line.Name] = line.Says
	}
	page := askPage(t, list)
	alike, unknown, differ := map[string]int{}, 0, map[string]int{}
	for _, c := range list {
		r := verifierOf(t, c).Credential(t.Context(), c.Input)
		if got, theirs := answer(r), string(page[c.id()].Verdict)+" "+page[c.id()].Code; got != theirs {
			t.Errorf("%s: the page says %s, laurel %s", c.Name, theirs, got)
		}
		if deciding := Deciding(r); r.Verdict == undetermined && (deciding == "suite-unsupported" || deciding == "key-unsupported") {
			unknown++
			continue
		}
		_, altered, _ := strings.Cut(c.Name, ", ")
		known := disagreements()[altered].judges
		for judge, good := range says[c.Name] {
			switch mine := r.Verdict == valid; {
			case mine == good:
				alike[judge]++
			case good && slices.Contains(known, judge):
				differ[judge+" "+altered]++
			default:
				t.Errorf("%s: %s says %v, laurel %s", c.Name, judge, good, answer(r))
			}
		}
	}
	t.Logf("%d documents, %d of a kind that laurel does not know; judged alike: %v; otherwise: %v", len(list), unknown, alike, differ)
	for altered, d := range disagreements() {
		for _, judge := range d.judges {
			if differ[judge+" "+altered] == 0 {
				t.Errorf("%s no longer takes %s", judge, altered)
			}
		}
	}
	if len(alike) != 5 || len(list) < 150 {
		t.Errorf("%d documents, judged by %d", len(list), len(alike))
	}
}
