package render

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"laurel/themes"
)

// TestFile looks at a certificate that is a file: its policy allows exactly the
// script and the style in it, nothing in it leads elsewhere but links, and what
// was signed stands in it as it is.
func TestFile(t *testing.T) {
	r := newTest(t)
	credential := `{"name":"</script><script>alert(1)</script> ' \" \\ & <!-- ünï"}`
	p := FilePage{AwardPage: *sampleAward(), Credential: credential, DIDDocument: "{}", StatusListDocument: "{}",
		AsOf: time.Date(2026, 8, 1, 0, 0, 0, 0, time.UTC), Picture: []byte("<svg>1</svg>"), IssuerPicture: []byte("<svg>2</svg>")}
	b, err := r.File(p)
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	policy := regexp.MustCompile(`content="(default-src [^"]*)"`).FindStringSubmatch(page)
	if policy == nil {
		t.Fatal("no policy")
	}
	allowed := strings.NewReplacer("&#39;", "'", "&#43;", "+").Replace(policy[1])
	for element, directive := range map[string]string{"script": "script-src", "style": "style-src"} {
		inline := regexp.MustCompile(`(?s)<`+element+`>(.*?)</`+element+`>`).FindAllStringSubmatch(page, -1)
		if len(inline) != 1 {
			t.Fatalf("%d elements %s", len(inline), element)
		}
		sum := sha256.Sum256([]byte(inline[0][1]))
		if want := directive + " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "';"; !strings.Contains(allowed, want) {
			t.Errorf("the policy %s lacks %s", allowed, want)
		}
	}
	if !strings.Contains(allowed, "default-src 'none'; ") || strings.Contains(allowed, "connect-src") || strings.Contains(allowed, "'self'") || strings.Contains(allowed, "unsafe") {
		t.Errorf("the policy is %s", allowed)
	}
	for _, src := range regexp.MustCompile(`(?:src|srcset|href)="([^"]*)"`).FindAllStringSubmatch(regexp.MustCompile(`(?s)<script>.*?</script>`).ReplaceAllString(page, ""), -1) {
		if strings.HasPrefix(src[0], "src") && !strings.HasPrefix(src[1], "data:image/svg+xml;base64,") {
			t.Errorf("the page asks for %s", src[1])
		}
	}
	block := regexp.MustCompile(`(?s)id="file-credential">(.*?)</script>`).FindStringSubmatch(page)
	var got string
	if block == nil || json.Unmarshal([]byte(block[1]), &got) != nil || got != credential {
		t.Errorf("the credential stands there as %q", block)
	}
	if !strings.Contains(page, "Amina Yusuf-Lindqvist") || !strings.Contains(page, "data:image/svg+xml;base64,"+base64.StdEncoding.EncodeToString([]byte("<svg>1</svg>"))) {
		t.Error("the sheet is not what it should be")
	}
	again, err := newTest(t).File(p)
	if err != nil || string(again) != page {
		t.Errorf("the same award gives other bytes, %v", err)
	}
}

// TestFileRefusesTheme refuses a theme with whose script or style a file would
// not be what it says.
func TestFileRefusesTheme(t *testing.T) {
	for name, c := range map[string]struct{ file, text, want string }{
		"script": {"file/offline.js", "'</Script><p>'", "cannot stand in a page"},
		"style":  {"file/file.css", "/* </style> */", "cannot stand in a page"},
		"policy": {"templates/file.html", "<!doctype html><html><head><title>x</title></head></html>", "Content-Security-Policy"},
		"field":  {"templates/file.html", "{{.Nothing}}", "templates/file.html:1"},
	} {
		if _, err := New(files(c.file, c.text), nil, Options{ThemeName: "themes/mine"}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(files("file/offline.js", "1;\r\n2;\r\n"), nil, Options{}); err != nil {
		t.Error(err)
	}
	if _, err := themes.Default().Open("file/offline.js"); err != nil {
		t.Error(err)
	}
}
