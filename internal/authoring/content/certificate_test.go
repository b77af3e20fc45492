package content_test

import (
	"errors"
	"strings"
	"testing"

	"laurel/internal/authoring/content"
)

// TestCertificate: what is wrong with a certificate is told with its place, and what to
// do.
func TestCertificate(t *testing.T) {
	const siteFile = "content/site.yaml"
	own := academy().replace(t, siteFile, "visibility:", "certificate: {design: portrait, caption: Scan, partner: {name: Guild}}\nvisibility:")
	for name, c := range map[string]struct{ says, want, hint string }{
		"design":   {"{design: clasic}", "there is no design of that name", `did you mean "classic"?`},
		"nothing":  {"{design: baroque}", "there is no design of that name", "write classic, modern or portrait"},
		"third":    {"{signatories: [{name: A}, {name: B}, {name: C}]}", "is one too many: a certificate has room for 2 signatories", "delete all but those who sign"},
		"picture":  {"{signatories: [{name: A, image: hand.png}]}", "there is no such file in content/images", "put the picture there, or correct the name"},
		"seal":     {"{seal: seal.gif}", "is not a .png, .jpg or .svg file", "export it as PNG"},
		"nameless": {"{partner: {image: x.png}}", "is required, but missing", ""},
		"field":    {"{signatures: []}", "unknown field in certificate", `did you mean "signatories"?`},
		"text":     {"modern", "must be a mapping", "write design:"},
	} {
		_, err := own.replace(t, siteFile, "{design: portrait, caption: Scan, partner: {name: Guild}}", c.says).load(t)
		var p content.Problems
		if !errors.As(err, &p) || !strings.Contains(err.Error(), siteFile+":") || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.hint) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
