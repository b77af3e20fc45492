package deliver_test

import (
	"encoding/csv"
	"regexp"
	"strings"
	"testing"

	"laurel/internal/material/table"
	"laurel/internal/publishing/deliver"
)

func TestSlug(t *testing.T) {
	for name, want := range map[string]string{
		"Ada Exampleton": "ada-exampleton", "Zoë Brontësdóttir": "zoe-brontesdottir", "Łukasz Gęślą-Jaźń": "lukasz-gesla-jazn",
		"Großmann, Jürgen": "grossmann-jurgen", "O’Neill": "oneill", "Đorđe Æsøn": "dorde-aeson", "İpek Ilgın": "ipek-ilgin",
		"Дмитрий Щукин": "dmitrii-shchukin", "Ελένη Παράδειγμα": "eleni-paradeigma", "홍길동": "learner", "": "learner",
		"../../etc/passwd": "etc-passwd", "CON": "con", "a\x00b": "a-b", "ada@example.org": "learner", "Ada <ada@example.org>": "learner",
		strings.Repeat("Bartholomäus ", 10): "bartholomaus-bartholomaus-bartholomaus-b", "  ": "learner", "-": "learner",
	} {
		if got := deliver.Slug(name); got != want {
			t.Errorf("%q is %q, want %q", name, got, want)
		}
	}
}

func TestLearnerFolder(t *testing.T) {
	digest := deliver.DigestOf("https://example.org", "email\nada@example.org\nada example")
	a := deliver.LearnerFolder(digest, "Ada Example", 8)
	if !regexp.MustCompile(`^ada-example-[0-9a-f]{8}$`).MatchString(a) {
		t.Error(a)
	}
	for _, other := range []string{
		deliver.DigestOf("https://example.org", "email\nada@example.com\nada example"),
		deliver.DigestOf("https://example.com", "email\nada@example.org\nada example"),
	} {
		if a == deliver.LearnerFolder(other, "Ada Example", 8) {
			t.Errorf("two learners meet in %s", a)
		}
	}
	if long := deliver.LearnerFolder(digest, "Ada Example", 16); !strings.HasPrefix(long, a) || len(long) != len(a)+8 {
		t.Error(long)
	}
}

func FuzzSlug(f *testing.F) {
	f.Add("Zoë/../é")
	good := regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)
	f.Fuzz(func(t *testing.T, name string) {
		if s := deliver.Slug(name); !good.MatchString(s) || len(s) > 40 {
			t.Errorf("%q is %q", name, s)
		}
	})
}

func TestMailMerge(t *testing.T) {
	b, err := deliver.MailMerge([]*deliver.Award{
		deliver.NewAward("ada-1", "Ada \"Countess\" Example, Jr.", "ada@example.org", "Welding", "https://example.org/claim/#x.y"),
		deliver.NewAward("learner-2", "=HYPERLINK(\"https://evil.example\")", "", "Zoë", ""),
	}, table.CSV)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	if !strings.HasPrefix(text, "\ufeffname,email,achievement,folder,link\r\n") || strings.Count(text, "\r\n") != 3 || strings.Count(text, "\n") != 3 {
		t.Errorf("%q", text)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
	if err != nil || len(rows) != 3 || rows[1][0] != `Ada "Countess" Example, Jr.` || rows[2][0] != `'=HYPERLINK("https://evil.example")` || rows[2][4] != "" {
		t.Errorf("%q, %v", rows, err)
	}
}
