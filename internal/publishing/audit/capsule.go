package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"laurel/internal/material/text"
)

// capsuleStep is what the ciphertext of a sealed award is a multiple of, in
// bytes, and these are what a capsule and its page have at least, so that their
// size tells nothing.
const (
	capsuleStep      = 4096
	capsuleLeast     = capsuleStep
	capsulePageLeast = 2 * capsuleStep
)

// isCapsule tells whether a path is in the folder of sealed awards.
func isCapsule(p string) bool { return strings.HasPrefix(p, "c/") }

var capsuleName = regexp.MustCompile(`^c/[0-9a-f]{32}(\.page)?\.jwe$`)

// The headers of a capsule, and of a page, which says which key it has.
var (
	capsuleHeader     = regexp.MustCompile(`^\{"alg":"dir","enc":"A256GCM","zip":"DEF"\}$`)
	capsulePageHeader = regexp.MustCompile(`^\{"alg":"dir","enc":"A256GCM","kid":"page-1\.[A-Za-z0-9_-]{43}","zip":"DEF"\}$`)
)

// capsule checks what can be seen of a sealed award from outside: that it is
// one, a capsule or the page beside one, and that nothing but its random name
// tells it from another.
func (a *auditor) capsule(_ context.Context, p string, data []byte) {
	stem, page := strings.CutSuffix(p, ".page.jwe")
	other := strings.TrimSuffix(p, ".jwe") + ".page.jwe"
	header, least := capsuleHeader, capsuleLeast
	if page {
		other, header, least = stem+".jwe", capsulePageHeader, capsulePageLeast
	} else {
		a.note(func(r *Report) { r.Capsules++ })
	}
	if !capsuleName.MatchString(p) {
		a.problem(p, "is not named like a sealed award: 32 digits of lower-case hex, then .jwe or .page.jwe")
	} else if _, ok := a.files[other]; !ok {
		a.problem(p, "is alone: there is no %s", other)
	}
	if err := checkCapsule(data, header, least); err != nil {
		a.problem(p, "is not a sealed award: %v", err)
	}
}

// checkCapsule wants the compact serialization of a JWE with a direct key,
// A256GCM and compression (RFC 7516, section 7.1; RFC 7518, sections 4.5 and
// 5.3), filled up to at least least.
func checkCapsule(data []byte, header *regexp.Regexp, least int) error {
	parts := bytes.Split(data, []byte("."))
	if len(parts) != 5 {
		return fmt.Errorf("it has %d parts, not 5", len(parts))
	}
	var raw [5][]byte
	for i, part := range parts {
		var ok bool
		if raw[i], ok = text.Base64URL(string(part)); !ok {
			return fmt.Errorf("part %d is not base64url", i+1)
		}
	}
	if !header.Match(raw[0]) {
		return errors.New("its header is not dir, A256GCM and DEF alone")
	}
	switch {
	case len(raw[1]) != 0:
		return errors.New("it carries a key, which belongs in its link only")
	case len(raw[2]) != 12 || len(raw[4]) != 16:
		return errors.New("its initialisation vector or tag does not have the length that A256GCM uses")
	case len(raw[3]) < least || len(raw[3])%capsuleStep != 0:
		return fmt.Errorf("its %d bytes of content are not padded to a multiple of %d, from %d, so its size gives something away", len(raw[3]), capsuleStep, least)
	}
	return nil
}

var claimPages = regexp.MustCompile(`^(` + inLanguage + `)?claim/index\.html$`)

// claimPage checks that sealed awards can be opened: where there is one, so is
// the page that opens it, and that, in each language, takes this site's awards for such.
func (a *auditor) claimPage() error {
	const main = "claim/index.html"
	sealed := ""
	for name := range a.files {
		if isCapsule(name) && (sealed == "" || name < sealed) {
			sealed = name
		}
	}
	if _, ok := a.files[main]; !ok && sealed != "" {
		a.problem(sealed, "there is no %s to open it", main)
	}
	for p := range a.files {
		if claimPages.MatchString(p) {
			if err := a.opens(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// opens checks that a claim page takes this site's awards for such.
func (a *auditor) opens(p string) error {
	data, err := fs.ReadFile(a.public, p)
	if err != nil {
		return fmt.Errorf("read %s: %w", p, err)
	}
	// A theme may have made another page of it, without the element. What is no
	// HTML is told when it is looked at as a page.
	_ = eachTag(data, func(t html.Token) {
		if base := attr(t, "data-base"); attr(t, "id") == "claim-app" && base != "" && base != a.base {
			a.problem(p, "expects the awards of %q, not those of %q", base, a.base)
		}
	})
	return nil
}
