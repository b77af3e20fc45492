package privacy

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Origin says where a file that is to be published comes from, and so how it
// is looked at.
type Origin int

// The origins of files.
const (
	// Made is a file that laurel makes and that is no award's: it may hold no
	// credential.
	Made Origin = iota
	// Award is a file of an award that has its place on the site.
	Award
	// Evidence is a file that was signed with a public award. Its author chose it, and
	// it may be anything.
	Evidence
	// Theme is a file of the theme that is published as it is. It was never
	// looked at before, and may be anything.
	Theme
	// Static is a file of content/static, which is looked at as one of the theme.
	Static
)

// File is one that is to be published.
type File struct {
	Path   string // relative to public/, slash-separated
	Origin Origin
	Data   []byte
}

// of names a file of the theme or of content/static where its author finds it.
func (f File) of() (what, where string) {
	if f.Origin == Static {
		return "content/static/" + f.Path, ""
	}
	return f.Path, "of the theme "
}

// Gate is what every file passes on its way to public/. It may be used by
// several goroutines.
type Gate struct {
	site         string
	isCredential func(id string) bool
	private      map[string]bool
}

// NewGate is the gate of a site folder. The ledger's credentials, variants too,
// are told by isCredential; private are the hex SHA-256 of files of evidence that are
// for learners alone.
func NewGate(site string, isCredential func(id string) bool, private map[string]bool) *Gate {
	return &Gate{site: site, isCredential: isCredential, private: private}
}

// Pass refuses files that give away what is private: a claim link or a base proof
// in any, a credential outside of an award's files, and in those of the theme whatever is a
// key, a ledger, a list of learners, or a copy of a private file. A file of evidence is
// looked at as one of the theme, and may be published from content/; one that is not
// beside a public award is refused, wherever it stands. Files of the theme are unpacked; the
// others laurel has made itself, and they are looked at as they are.
func (g *Gate) Pass(files ...File) error {
	bySize := map[int64][]File{}
	for _, f := range files {
		if sum := sha256.Sum256(f.Data); len(g.private) > 0 && g.private[hex.EncodeToString(sum[:])] {
			return exposed("public/"+f.Path, "would be a file of evidence that is for a learner alone", moveDelivery)
		}
		if f.Origin == Evidence {
			if err := g.passTheme(f); err != nil {
				return err
			}
			continue
		}
		if f.Origin != Theme && f.Origin != Static {
			if err := passMade(f); err != nil {
				return err
			}
			continue
		}
		if err := g.passTheme(f); err != nil {
			return err
		}
		if n := int64(len(f.Data)); n > 0 {
			bySize[n] = append(bySize[n], f)
		}
	}
	if len(bySize) == 0 {
		return nil
	}
	for _, folder := range folders {
		if folder.secret {
			if err := g.notAmong(folder, bySize); err != nil {
				return err
			}
		}
	}
	return nil
}

func passMade(f File) error {
	var found Found
	found.look(f.Data)
	switch {
	case found.ClaimLink:
		return exposed("public/"+f.Path, "would contain a claim link", takeOutLink)
	case found.BaseProof:
		return exposed("public/"+f.Path, "would contain a base proof, with which everything in its credential can be shown", moveDelivery)
	case found.Credential && f.Origin != Award:
		return exposed("public/"+f.Path, "would contain a credential, which only the files of an award may", moveDelivery)
	}
	return nil
}

// passTheme refuses an asset that is private by its form or its words. The id of
// a credential is one of these: certificates show it.
func (g *Gate) passTheme(f File) error {
	found := Find(f.Data)
	holds, hint := privateForm(f.Data), moveKeys
	switch {
	case holds != "":
	case found.ClaimLink:
		holds, hint = "a claim link", takeOutLink
	case found.BaseProof:
		holds, hint = "a base proof, with which everything in its credential can be shown", moveDelivery
	case found.Credential:
		holds, hint = "a signed credential", moveDelivery
	case slices.ContainsFunc(found.IDs, g.isCredential):
		holds, hint = "the id of a credential", moveDelivery
	case isLogPlace(f.Data):
		holds, hint = "where a learner's credential is in the log", moveDelivery
	case isLearnerList(f.Data):
		holds, hint = "a list of learners", moveDelivery
	default:
		return nil
	}
	if f.Origin == Evidence {
		return exposed("public/"+f.Path, "would be a file of evidence that contains "+holds, "what is published is public for good; leave it out of the award's evidence, or make the award one that is handed out by link")
	}
	what, where := f.of()
	return exposed(what, where+"would be published, and contains "+holds, hint)
}

// notAmong refuses files that are a copy of, or a hard link to, one of a private
// folder.
func (g *Gate) notAmong(of folder, bySize map[int64][]File) error {
	top, err := filepath.EvalSymlinks(filepath.Join(g.site, filepath.FromSlash(of.name)))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("search %s: %w", of.name, err)
	}
	return filepath.WalkDir(top, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("search %s: %w", of.name, err)
		case d.IsDir() && filepath.Dir(path) == top && slices.Contains(of.shared, d.Name()):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		info, err := d.Info()
		if err != nil {
			return fmt.Errorf("search %s: %w", of.name, err)
		}
		for _, f := range bySize[info.Size()] {
			data, err := os.ReadFile(path)
			if err != nil {
				return fmt.Errorf("search %s: %w", of.name, err)
			}
			if bytes.Equal(data, f.Data) {
				what, where := f.of()
				return exposed(what, where+"would be published, and is a file of "+of.name+"/", moveKeys)
			}
		}
		return nil
	})
}

// isLearnerList knows the lists that "laurel deliver" and "laurel claim-links"
// write, also where there are no links in them: the first line of the tables,
// and that of the record of a delivery.
func isLearnerList(data []byte) bool {
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	return bytes.HasPrefix(data, []byte("name,email,achievement,")) || bytes.HasPrefix(data, []byte(`{"laurel":"delivery"`))
}

// isLogPlace knows the file that tells of a credential where it is in the log: who
// has it can tell whether a credential is that one.
func isLogPlace(data []byte) bool {
	var members map[string]jsontext.Value
	if json.Unmarshal(data, &members) != nil {
		return false
	}
	_, log := members["log"]
	_, documents := members["documents"]
	return log && documents
}

// privateForm says what private thing the bytes are by their form: an
// encrypted or plain private key, or lines of a ledger; empty: none.
func privateForm(data []byte) string {
	trimmed := bytes.TrimSpace(data)
	if bytes.HasPrefix(trimmed, []byte("-----BEGIN ")) && bytes.Contains(trimmed, []byte("PRIVATE KEY-----")) {
		return "a private key"
	}
	if !bytes.HasPrefix(trimmed, []byte("{")) {
		return ""
	}
	for line := range bytes.Lines(trimmed) {
		if bytes.HasPrefix(line, []byte(`{"seq":`)) && bytes.Contains(line, []byte(`"prev":"`)) {
			return "lines of a ledger"
		}
	}
	var members map[string]jsontext.Value
	if json.Unmarshal(trimmed, &members) != nil {
		return ""
	}
	has := func(name string) bool { _, ok := members[name]; return ok }
	if has("ciphertext") && (has("encrypted_key") || has("recipients")) || has("kty") && has("d") {
		return "a private key"
	}
	return ""
}
