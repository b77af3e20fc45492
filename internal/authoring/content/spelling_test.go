package content_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/authoring/model"
	"laurel/internal/material/text"
)

// TestSpelling: what people type is read as they mean it: texts composed (NFC),
// rosters without the white space around their cells and of one kind in names, a
// student's number with slashes, files with names from a Mac.
func TestSpelling(t *testing.T) {
	const sheet = "content/awards/gruppe-a\u0308.csv"
	f := academy().with(spring, "name: \"Fru\u0308hling\"\nachievement: welding\nawardedDate: 2026-06-30\nroster: \"gruppe-ä.csv\"\n").
		with(sheet, "\ufeffname , email,\u00a0studentId,narrative\r\n Zoe\u0308\u00a0Nguye\u0302\u0303n\u3000,\tzoe\u0308@example.org , 12-345,\"one\n\u212b, two \"\r\n"+
			"  , ,\u00a0,\r\nBen , , CSC/2019/045 ,\r\n  \"Cy Example\",CY@Example.ORG,,\r\n")
	delete(f, springSheet)
	site, err := f.load(t)
	if err != nil {
		t.Fatal(err)
	}
	c := site.Cohorts[len(site.Cohorts)-1]
	if c.Name != "Frühling" {
		t.Errorf("the list is called %+q", c.Name)
	}
	want := []struct {
		who       model.Recipient
		key, text string
	}{
		{model.Recipient{Name: "Zoë Nguyễn", Email: "zoë@example.org", StudentID: "12-345"}, "spring-2026/welding/12-345", "one\nÅ, two"},
		{model.Recipient{Name: "Ben", StudentID: "CSC/2019/045"}, "spring-2026/welding/CSC/2019/045", ""},
		{model.Recipient{Name: "Cy Example", Email: "CY@Example.ORG"}, "spring-2026/welding/CY@Example.ORG", ""},
	}
	if len(c.Awards) != len(want) {
		t.Fatalf("%d awards", len(c.Awards))
	}
	for i, a := range c.Awards {
		if a.Recipient != want[i].who || a.Key.String() != want[i].key || a.Narrative != want[i].text {
			t.Errorf("%+q %+q %+q, want %+q", a.Recipient, a.Key.String(), a.Narrative, want[i])
		}
	}
}

// TestSameAddress: two spellings of one address are one recipient.
func TestSameAddress(t *testing.T) {
	for _, two := range [][2]string{
		{"Ana.Example@Example.ORG", "ana.example@example.org"},
		{"ida@bücher.example", "ida@xn--bcher-kva.example"},
		{"zoë@example.org", "zoe\u0308@example.org"},
	} {
		f := academy().with(spring, "name: Spring\nachievement: welding\nawardedDate: 2026-06-30\nrecipients:\n"+
			"  - {name: A, email: \""+two[0]+"\"}\n  - {name: A, email: \""+two[1]+"\"}\n")
		delete(f, springSheet)
		refused(t, f.write(t), spring, "is the same award as in content/awards/spring-2026.yaml:5", 0)
	}
}

// TestCases reads lists as people have sent them (testdata/cases), in which each
// was a fault once.
func TestCases(t *testing.T) {
	for name, want := range map[string][]string{
		"07-email-hash-case":      {"t/welcome-badge/u Ana Upper Ana.Example@Example.ORG", "t/welcome-badge/i Ida IDN ida@bücher.example"},
		"16-whitespace-errors":    {"t/welcome-badge/ana@example.org Ana ana@example.org", "t/welcome-badge/ben@example.org Ben ben@example.org"},
		"17-studentid-with-slash": {"t/welcome-badge/CSC/2019/045 Ana "},
		"18-nfd-name-signed":      {"t/welcome-badge/z Zoë Müller zoë@example.org"},
	} {
		t.Run(name, func(t *testing.T) {
			f := academy().with("content/achievements/welcome-badge.yaml", "name: Welcome\ndescription: Was there.\ncriteria: {narrative: Come.}\n")
			delete(f, spring)
			delete(f, springSheet)
			for _, file := range []string{"t.yaml", "t.csv"} {
				data, err := os.ReadFile(filepath.Join("testdata/cases", name, file))
				if err != nil {
					t.Fatal(err)
				}
				f["content/awards/"+file] = string(data)
			}
			site, err := f.load(t)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, a := range site.Cohorts[0].Awards {
				got = append(got, a.Key.String()+" "+a.Recipient.Name+" "+a.Recipient.Email)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q, want %q", got, want)
			}
		})
	}
}

// TestAcceptedIsShown: of what content takes, a terminal, a report and print show
// every character that has a shape; what they could not show is a problem in its
// line.
func TestAcceptedIsShown(t *testing.T) {
	var list []rune
	chance := rand.New(rand.NewPCG(5, 6))
	for r := rune(' '); r <= unicode.MaxRune; r++ {
		edge := text.ClassOf(r) != text.ClassOf(r-1) || text.ClassOf(r) != text.ClassOf(r+1)
		if utf8.ValidRune(r) && (edge || chance.IntN(500) == 0) {
			list = append(list, r)
		}
	}
	const head = "name: Welcome\ndescription: Was there.\ncriteria: {narrative: Come.}\ntag:\n"
	var yaml strings.Builder
	yaml.WriteString(head)
	for _, r := range list {
		fmt.Fprintf(&yaml, "  - \"a\\U%08xb\"\n", r)
	}
	refused := map[int]string{}
	const file = "content/achievements/welcome-badge.yaml"
	for _, p := range academy().with(file, yaml.String()).problems(t) {
		if p.File != file {
			t.Fatal(p)
		}
		refused[p.Line-strings.Count(head, "\n")-1] = p.Text
	}
	taken := 0
	for i, r := range list {
		s := "a" + string(r) + "b"
		switch fault, hidden := refused[i], text.ClassOf(r) == text.Hidden; {
		case strings.Contains(fault, "twice"): // composed, it is another
		case (fault != "") != (text.Fault(r) != ""):
			t.Errorf("%U: %q, to the table %q", r, fault, text.Fault(r))
		case fault != "":
		case !hidden && (text.Terminal(s) != s || text.Escape(s) != s || utf8.RuneCountInString(text.Print(s)) < utf8.RuneCountInString(norm.NFC.String(s)) && text.ClassOf(r) != text.Joiner):
			t.Errorf("%U is taken, and is %q on a terminal, %q in a report, %q in print", r, text.Terminal(s), text.Escape(s), text.Print(s))
		default:
			taken++
		}
	}
	t.Logf("%d code points: %d taken and shown, %d refused", len(list), taken, len(refused))
}
