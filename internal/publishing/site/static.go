package site

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
)

// StaticError says that a file of content/static would stand where laurel writes one,
// now or later.
type StaticError struct{ Path string }

func (e *StaticError) Error() string {
	return fmt.Sprintf("content/static/%s would be published as %s, which is laurel's to write; nothing was written", e.Path, e.Path)
}

// Hint says what to try.
func (*StaticError) Hint() string {
	return "delete or rename it: content/static/ is for what others ask for; laurel makes its own files of content/ and the theme"
}

// own are the folders at the top of public/ in which only laurel writes, and the files
// that are there in some sites.
var (
	ownFolders = []string{"achievements", "assets", "awards", "c", "certificates", "claim", "endorsements", "endorsers", "log", "programs", "skills", "status", "verify", "vct"}
	ownFiles   = []string{"did.json", "jwks.json", ".well-known/did.json", ".well-known/jwks.json", "logo.png", "logo.svg"}
)

// static plans the files of content/static. It comes last, and takes the place of
// nothing.
func (p *Layout) static() error {
	if len(p.in.Site.Static) == 0 {
		return nil
	}
	taken, folders := map[string]bool{}, map[string]bool{}
	take := func(path string) {
		taken[path] = true
		for i, c := range path {
			if c == '/' {
				folders[path[:i]] = true
			}
		}
	}
	for _, o := range p.Outputs {
		take(strings.ToLower(o.Path))
	}
	for _, f := range p.in.Site.Static {
		lower := strings.ToLower(f.Path)
		top, _, deep := strings.Cut(lower, "/")
		inFile := false // a folder would have to stand where a file does
		for i, c := range lower {
			inFile = inFile || c == '/' && taken[lower[:i]]
		}
		if taken[lower] || folders[lower] || inFile || slices.Contains(ownFiles, lower) || slices.Contains(ownFolders, top) && (deep || lower == top) {
			return &StaticError{f.Path}
		}
		p.add(Output{Path: f.Path, Kind: Static, Bytes: f.Data, Fingerprint: sha256.Sum256(f.Data)})
		take(lower)
	}
	return nil
}
