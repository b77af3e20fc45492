package site

import "testing"

func TestLabel(t *testing.T) {
	for term, want := range map[string]string{
		"":                        "",
		"Badge":                   "Badge",
		"CertificateOfCompletion": "Certificate of Completion",
		"MicroCredential":         "Micro Credential",
		"ext:StudyGroup":          "Study Group",
		"ceasn:Competency":        "Competency",
		"ceterms:Credential":      "Credential",
		"ext:ESCOSkill":           "ESCO Skill",
		"CFItem":                  "CF Item",
		"CTDL":                    "CTDL",
		"GradePointAverage":       "Grade Point Average",
	} {
		if got := label(term); got != want {
			t.Errorf("label(%q) = %q, want %q", term, got, want)
		}
	}
}

func TestRoundDown(t *testing.T) {
	for n, want := range map[int]int{0: 0, 1: 0, 4: 0, 5: 5, 9: 5, 10: 10, 19: 10, 20: 20, 49: 20, 50: 50, 99: 50, 100: 100, 1999: 1000, 2000: 2000, 5000: 5000} {
		if got := roundDown(n); got != want {
			t.Errorf("roundDown(%d) = %d, want %d", n, got, want)
		}
	}
}
