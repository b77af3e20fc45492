package site

import (
	"testing"

	"laurel/internal/standards/vc"
)

func TestSkillSlug(t *testing.T) {
	for name, want := range map[string]string{
		"apply arc welding techniques":             "apply-arc-welding-techniques",
		"Welders, Cutters, Solderers, and Brazers": "welders-cutters-solderers-and-brazers",
		"Führt Maße":      "fuhrt-masse",
		"employer's duty": "employers-duty",
		"Löten (MIG/MAG)": "loten-mig-mag",
		"溶接":              "384be6ed",
		"C++ 溶接":          "c-fb44a58e",
		"C#":              "c-04022884",
		"C":               "c",
		"":                "example-org-x",
		"a very long name of a skill that goes on and on, and on, and then on": "a-very-long-name-of-a-skill-that-goes-on-and-on-and-on-and-t-fa633fbf",
	} {
		if got := skillSlug(vc.Alignment{TargetName: name, TargetURL: "//example.org/x"}); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}
