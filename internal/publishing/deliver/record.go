package deliver

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"github.com/go-json-experiment/json"
)

// recordFile is what a delivery remembers, beside the learners' folders: a
// header, then lines that each say all there is to say of one folder; a later
// one counts. So a run that is killed has lost nothing but its last line.
const recordFile = ".laurel-delivery.jsonl"

// header is the record's first line.
type header struct {
	Laurel string `json:"laurel"` // "delivery"
	Schema int    `json:"schemaVersion"`
	Site   string `json:"site"` // baseURL
}

// entry is what was written to one folder.
type entry struct {
	Folder string `json:"folder"`
	// Made is a digest of all that the files depend on; empty while they are
	// being written.
	Made string `json:"made,omitzero"`
	// Delivered is a digest of what the learner is handed, as it was when a
	// run last came to its end.
	Delivered string `json:"delivered,omitzero"`
	// Pending is the same of a run that has not come to its end.
	Pending string `json:"pending,omitzero"`
	// Files are names below the folder. None: it is gone.
	Files []string `json:"files,omitempty"`
}

// readRecord reads the record of a delivery; ok tells whether there is one. A
// last line that was never finished is left out.
func readRecord(root *os.Root, site string) (entries map[string]entry, ok bool, err error) {
	f, err := root.Open(recordFile)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]entry{}, false, nil
	}
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", recordFile, err)
	}
	defer f.Close()
	entries = map[string]entry{}
	r := bufio.NewReader(f)
	for n := 1; ; n++ {
		text, err := r.ReadBytes('\n')
		if err == io.EOF {
			return entries, n > 1, nil
		}
		if err != nil {
			return nil, false, fmt.Errorf("read %s: %w", recordFile, err)
		}
		if n == 1 {
			var h header
			if json.Unmarshal(text, &h) != nil || h.Laurel != "delivery" || h.Schema != 1 {
				return nil, false, fmt.Errorf("read %s: not a record of laurel deliver that this laurel knows", recordFile)
			}
			if h.Site != site {
				return nil, false, &OtherSiteError{h.Site}
			}
			continue
		}
		var e entry
		if err := json.Unmarshal(text, &e); err != nil || !e.sound() {
			return nil, false, fmt.Errorf("read %s:%d: not an entry of a delivery", recordFile, n)
		}
		if len(e.Files) == 0 {
			delete(entries, e.Folder)
		} else {
			entries[e.Folder] = e
		}
	}
}

// sound refuses names that lead elsewhere: what an entry names may be removed.
func (e entry) sound() bool {
	if !fs.ValidPath(e.Folder) {
		return false
	}
	return !slices.ContainsFunc(e.Files, func(name string) bool { return !fs.ValidPath(name) || name == "." })
}

// line is an entry as it is written down.
func (e entry) line() ([]byte, error) {
	b, err := json.Marshal(e)
	return append(b, '\n'), err
}

// wholeRecord is the record with one line a folder.
func wholeRecord(site string, entries map[string]entry) ([]byte, error) {
	head, err := json.Marshal(header{"delivery", 1, site})
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	b.Write(append(head, '\n'))
	for _, folder := range sortedKeys(entries) {
		text, err := entries[folder].line()
		if err != nil {
			return nil, err
		}
		b.Write(text)
	}
	return b.Bytes(), nil
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// OtherSiteError says that a folder holds another site's delivery.
type OtherSiteError struct{ Site string }

func (e *OtherSiteError) Error() string {
	return "the folder holds a delivery of another site, " + e.Site
}

// ForeignError says that a folder holds what deliver did not write. Nothing
// was written.
type ForeignError struct{ Name string }

func (e *ForeignError) Error() string {
	return fmt.Sprintf("not written by laurel deliver: %s", e.Name)
}
