package audit

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"laurel/internal/material/text"
	"laurel/internal/standards/did"
	"laurel/internal/standards/tlog"
)

// log reads the issuer's log: its head must be signed with a key of the DID
// document, and each of its files be what the head is of.
func (a *auditor) log(document *did.Document) error {
	published := map[string]bool{}
	for p := range a.files {
		if rest, ok := strings.CutPrefix(p, tlog.Folder); ok {
			published[rest] = true
		}
	}
	if len(published) == 0 {
		return nil
	}
	const checkpoint = tlog.Folder + tlog.CheckpointPath
	if !published[tlog.CheckpointPath] {
		a.problem(checkpoint, "is missing, though the log's other files are there")
		return nil
	}
	data, err := a.logFile(tlog.CheckpointPath)
	if err != nil {
		return fmt.Errorf("read the log: %w", err)
	}
	head, err := tlog.OpenCheckpoint(string(data), tlog.Origin(strings.TrimSuffix(a.base, "/")), logKeys(document))
	if err != nil {
		a.problem(checkpoint, "%v", err)
		return nil
	}
	paths := tlog.Paths(head.Size)
	for rest := range published {
		if rest != tlog.CheckpointPath && !slices.Contains(paths, rest) {
			a.problem(tlog.Folder+rest, "is not a file of the log that %s signs", checkpoint)
		}
	}
	tree, err := tlog.ReadTree(head, a.logFile)
	var unread *tlog.ReadError
	switch {
	case errors.As(err, &unread) && errors.Is(err, fs.ErrNotExist):
		a.problem(tlog.Folder+unread.Path, "is missing")
		return nil
	case errors.As(err, &unread):
		return fmt.Errorf("read the log: %w", err)
	case err != nil:
		a.problem(checkpoint, "%v", err)
		return nil
	}
	for _, p := range paths {
		want, err := tree.File(p)
		if err != nil {
			return fmt.Errorf("compute the log: %w", err)
		}
		switch got, err := a.logFile(p); {
		case errors.Is(err, fs.ErrNotExist):
			a.problem(tlog.Folder+p, "is missing")
		case err != nil:
			return fmt.Errorf("read the log: %w", err)
		case !bytes.Equal(got, want):
			a.problem(tlog.Folder+p, "is not what the log's entries give")
		}
	}
	a.tree = tree
	return nil
}

func (a *auditor) logFile(p string) ([]byte, error) {
	if size := a.files[tlog.Folder+p]; size > maxFile {
		return nil, nil // whatever it is, it is not as it must be
	}
	return fs.ReadFile(a.public, tlog.Folder+p)
}

// logKeys are those that a log's head may be signed with: all that the DID
// document has and that are not revoked.
func logKeys(document *did.Document) []ed25519.PublicKey {
	var keys []ed25519.PublicKey
	for _, m := range document.VerificationMethod {
		if public, err := m.PublicKey(); err == nil && m.Revoked == "" {
			if key, ok := public.(ed25519.PublicKey); ok {
				keys = append(keys, key)
			}
		}
	}
	return keys
}

// logged checks that a public award is in the log, where its log.json says.
func (a *auditor) logged(_ context.Context, p string, credential []byte) {
	place := path.Dir(p) + "/" + tlog.PlaceFile
	_, placed := a.files[place]
	switch {
	case a.tree == nil && placed && a.files[tlog.Folder+tlog.CheckpointPath] == 0:
		a.problem(place, "names a log, but there is none")
		return
	case a.tree == nil:
		return // there is no log, or it was found bad
	case !placed:
		a.problem(p, "is not in the log: run laurel sign, then laurel build")
		return
	}
	data, err := fs.ReadFile(a.public, place)
	if err != nil {
		a.problem(place, "%v", err)
		return
	}
	var says struct {
		Log       string `json:"log"`
		Documents []struct {
			Index int64  `json:"index"`
			Salt  string `json:"salt"`
		} `json:"documents"`
	}
	if err := json.Unmarshal(data, &says, json.RejectUnknownMembers(true)); err != nil || says.Log != a.base+strings.TrimSuffix(tlog.Folder, "/") {
		a.problem(place, "does not tell of a place in this site's log")
		return
	}
	for _, d := range says.Documents {
		salt, ok := text.Base64URL(d.Salt)
		digest, err := tlog.DocumentDigest(salt, credential)
		if ok && err == nil && d.Index >= 0 && d.Index < a.tree.Size() && a.tree.Entry(d.Index).Digest() == digest {
			return
		}
	}
	a.problem(place, "the credential beside it is not in the log where it says")
}
