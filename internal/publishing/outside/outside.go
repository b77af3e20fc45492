// Package outside owns what is known of the ledger outside of it: the newest
// event that this folder saw, in .laurel/head.json, and what public/ and the live
// site show. A ledger is never believed alone: see ledger.State.Against.
//
// It reads names and lists, not credentials, so that looking costs every command
// little. It verifies no signature: what it reads can only make laurel refuse.
package outside

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/uuid"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/material/durable"
	"laurel/internal/material/hint"
	"laurel/internal/standards/did"
	"laurel/internal/standards/tlog"
	"laurel/internal/standards/vc"
)

// Names of the places, as messages tell them.
const (
	HeadFile = ".laurel/head.json"
	Public   = "public/"
)

// checkpoint is where the head of the log is published.
const checkpoint = tlog.Folder + tlog.CheckpointPath

// ReadMark reads .laurel/head.json of a site folder: the zero Mark where there is
// none.
func ReadMark(dir string) (ledger.Mark, error) {
	var m ledger.Mark
	b, err := os.ReadFile(filepath.Join(dir, HeadFile))
	if errors.Is(err, fs.ErrNotExist) {
		return m, nil
	}
	if err != nil {
		return m, fmt.Errorf("read %s: %w", HeadFile, err)
	}
	hash, hexErr := []byte(nil), error(nil)
	if err = json.Unmarshal(b, &m, json.RejectUnknownMembers(true)); err == nil {
		hash, hexErr = hex.DecodeString(m.Hash)
	}
	if err != nil || hexErr != nil || len(hash) != 32 || m.Seq < 1 {
		return m, hint.Errorf("look whether content/ledger/ is the newest one; then remove the file, and the next build writes it again",
			"%s is damaged: it does not name an event of the ledger", HeadFile)
	}
	return m, nil
}

// WriteMark writes .laurel/head.json, whole or not at all. The ledger's fsync
// comes first. A file that knows of a later event stays.
func WriteMark(dir string, m ledger.Mark) error {
	if old, err := ReadMark(dir); m.Seq == 0 || err == nil && (old == m || old.Seq > m.Seq) {
		return nil
	}
	b, err := json.Marshal(m, json.Deterministic(true), jsontext.WithIndent("  "))
	if err == nil {
		err = replace(dir, append(b, '\n'))
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", HeadFile, err)
	}
	return nil
}

// replace goes through os.Root, so that no link leads out of the folder.
func replace(dir string, data []byte) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	if err := root.Mkdir(path.Dir(HeadFile), 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return durable.Replace(root, HeadFile, data, 0o644)
}

// Folder reads what public/ of a site folder shows. What cannot be read as what it
// should be shows nothing: building writes it anew, and audit tells of it.
func Folder(dir string) (ledger.Seen, error) {
	root, err := os.OpenRoot(filepath.Join(dir, Public))
	if errors.Is(err, fs.ErrNotExist) {
		return ledger.Seen{}, nil
	}
	if err != nil {
		return ledger.Seen{}, fmt.Errorf("look at public/: %w", err)
	}
	defer root.Close()
	seen := ledger.Seen{Where: Public}
	get := func(p string) []byte {
		b, err := root.ReadFile(p)
		if err != nil {
			return nil
		}
		return b
	}
	for _, name := range names(root, "awards") {
		if id, err := uuid.Parse(name); err == nil && id.String() == name {
			seen.Credentials = append(seen.Credentials, id.URN())
		}
	}
	for _, name := range names(root, path.Dir(model.CapsulePath("x"))) {
		if name, ok := strings.CutSuffix(name, path.Ext(model.CapsulePath("x"))); ok && isCapsuleName(name) {
			seen.Capsules = append(seen.Capsules, name)
		}
	}
	for _, name := range names(root, path.Dir(model.StatusListPath(1))) {
		n, err := strconv.Atoi(strings.TrimSuffix(name, ".json"))
		if err == nil && n > 0 && path.Base(model.StatusListPath(n)) == name {
			addList(&seen, n, get(model.StatusListPath(n)))
		}
	}
	addKeys(&seen, cmp.Or(string(get("did.json")), string(get(".well-known/did.json"))))
	seen.Checkpoint = string(get(checkpoint))
	return seen, nil
}

// names are those of a folder of public/; none where there is no such folder.
func names(root *os.Root, folder string) []string {
	f, err := root.Open(folder)
	if err != nil {
		return nil
	}
	defer f.Close()
	all, _ := f.Readdirnames(-1) // what cannot be read is found by the build
	return all
}

func isCapsuleName(name string) bool {
	b, err := hex.DecodeString(name)
	return err == nil && len(b) == 16 && strings.ToLower(name) == name
}

func addList(seen *ledger.Seen, n int, data []byte) {
	c, err := vc.ParseStatusList(data)
	if err != nil {
		return
	}
	bits, err := vc.DecodeBitstring(c.CredentialSubject.EncodedList, 0)
	if err != nil {
		return
	}
	l := ledger.SeenList{List: n, ValidFrom: c.ValidFrom.Time}
	for i := range bits.Len() {
		if set, _ := bits.Get(i); set {
			l.Set = append(l.Set, i)
		}
	}
	seen.Lists = append(seen.Lists, l)
}

func addKeys(seen *ledger.Seen, document string) {
	d, err := did.ParseDocument([]byte(document))
	if err != nil {
		return
	}
	for _, k := range d.PublishedKeys(time.Unix(0, 0)) {
		seen.Keys = append(seen.Keys, ledger.SeenKey{Kid: k.Kid, PublicKeyMultibase: k.PublicKeyMultibase, Revoked: !k.Revoked.IsZero()})
	}
}

// maxLists is how many status lists of a live site are asked for.
const maxLists = 1000

// Live asks a live site, below its base URL, what it shows: its log's head, keys
// and status lists. It cannot ask for the names of awards. Get returns the body of
// a URL, and nil where there is nothing; its errors end the look, since a site that
// does not answer shows nothing of what it has.
func Live(base string, get func(url string) ([]byte, error)) (ledger.Seen, error) {
	seen := ledger.Seen{Where: base}
	document, err := get(base + "/" + did.WebPath(base))
	if err != nil {
		return seen, err
	}
	addKeys(&seen, string(document))
	head, err := get(base + "/" + checkpoint)
	if err != nil {
		return seen, err
	}
	seen.Checkpoint = string(head)
	for n := 1; n <= maxLists; n++ {
		list, err := get(base + "/" + model.StatusListPath(n))
		if err != nil {
			return seen, err
		}
		if list == nil {
			break
		}
		addList(&seen, n, list)
	}
	return seen, nil
}
