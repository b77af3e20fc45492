package site

import (
	"encoding/base64"
	"fmt"
	"path"
	"strings"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
	"laurel/internal/issuing/ledger"
	"laurel/internal/standards/tlog"
)

// OfLog tells whether a file of this path, below public/, can only be the log's, of
// whatever size the log was then, or one that says where a credential is in it.
func OfLog(name string) bool {
	if rest, ok := strings.CutPrefix(name, tlog.Folder); ok {
		_, err := tlog.End(rest)
		return err == nil || rest == tlog.CheckpointPath
	}
	award, _ := path.Match("awards/*/"+tlog.PlaceFile, name)
	page, _ := path.Match(model.CapsulePagePath("*"), name)
	return award || page
}

// Decides tells of a file that a verdict depends on: a DID document, keys, a status
// list, the head of the log.
func Decides(name string) bool {
	for _, pattern := range []string{"did.json", ".well-known/did.json", "jwks.json", ".well-known/jwks.json", "endorsers/*/did.json", "status/*", tlog.Folder + tlog.CheckpointPath} {
		if ok, _ := path.Match(pattern, name); ok {
			return true
		}
	}
	return false
}

// log plans the log as it is under its newest head: the checkpoint, tiles, and
// entries.
func (p *Layout) log() error {
	log := p.in.State.Log()
	if log.Seq == 0 {
		return nil
	}
	p.data(tlog.Folder+tlog.CheckpointPath, []byte(log.Checkpoint))
	for _, path := range tlog.Paths(log.Size) {
		end, err := tlog.End(path)
		if err != nil {
			return fmt.Errorf("plan the log: %w", err)
		}
		head := p.in.State.HeadOver(end)
		p.add(Output{Path: tlog.Folder + path, Kind: LogTile, Fingerprint: digest(string(LogTile), path, head.Root[:])})
	}
	return nil
}

// Logged is a digest of where the documents of a record are in the log; ok tells
// whether they are in it.
func (p *Layout) Logged(rec *ledger.Record) (place [32]byte, ok bool) {
	head := p.in.State.Logged(rec.Seq)
	if head == nil {
		return place, false
	}
	return digest(tlog.PlaceFile, rec.Pos.Hash[:], head.Root[:], p.in.Site.BaseURL), true
}

// LogFile is what log.json says: which log, and of each document the index of
// its entry and the salt of its digest, by which whoever has the document knows
// that the entry is its. It does not say whose the documents are.
type LogFile struct {
	Log       string        `json:"log"` // URL of the log's folder, without a slash at its end
	Documents []LogDocument `json:"documents"`
}

// LogDocument is one signed form of a credential in the log.
type LogDocument struct {
	Index int64  `json:"index"`
	Salt  string `json:"salt"` // 32 bytes, base64url
}

// LogFile is a LogFile of the documents of one variant, as ledger.Document or
// capsule.Credential calls it, among those of its award; nil: there is none of it.
func (p *Layout) LogFile(variant string, places []ledger.LogPlace) ([]byte, error) {
	if variant == ledger.Full {
		variant = ""
	}
	var f LogFile
	for _, place := range places {
		if place.Variant == variant {
			f.Documents = append(f.Documents, LogDocument{place.Index, base64.RawURLEncoding.EncodeToString(place.Salt[:])})
		}
	}
	if f.Documents == nil {
		return nil, nil
	}
	f.Log = p.in.Site.URL("log")
	return json.Marshal(f)
}
