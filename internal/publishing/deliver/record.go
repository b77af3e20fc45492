package deliver

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"

	"github.com/go-json-experiment/json"

	"laurel/internal/authoring/model"
)

// recordFile is what a delivery remembers, beside the learners' folders: a
// header, then lines that each say all there is to say of one folder; a later
// one counts. So a run that is killed has lost nothing but its last line.
const recordFile = model.DeliveryRecord

// header is the record's first line.
type header struct {
	Laurel string `json:"laurel"` // "delivery"
	Schema int    `json:"schemaVersion"`
	Site   string `json:"site"` // baseURL
}

// entry is what was written to one folder.
type entry struct {
	Folder string `json:"folder"`
	// Who is the learner's digest; empty in what laurel wrote when folders
	// were named for a recipient key, which two learners may share.
	Who string `json:"who,omitzero"`
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
// last line that was never finished is left out, and so one that has not a
// whole first line is none.
func readRecord(root *os.Root, site string) (entries map[string]entry, ok bool, err error) {
	info, err := root.Lstat(recordFile)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]entry{}, false, nil
	}
	if err == nil && !info.Mode().IsRegular() {
		return nil, false, &DamagedError{}
	}
	f, err := root.Open(recordFile)
	if err != nil {
		return nil, false, fmt.Errorf("read %s: %w", recordFile, cause(err))
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
			return nil, false, fmt.Errorf("read %s: %w", recordFile, cause(err))
		}
		if n == 1 {
			if err := checkHeader(text, site); err != nil {
				return nil, false, err
			}
			continue
		}
		var e entry
		if err := json.Unmarshal(text, &e); err != nil || !e.sound() {
			return nil, false, &DamagedError{Line: n}
		}
		if len(e.Files) == 0 {
			delete(entries, e.Folder)
		} else {
			entries[e.Folder] = e
		}
	}
}

func checkHeader(text []byte, site string) error {
	var h header
	switch err := json.Unmarshal(text, &h); {
	case err != nil || h.Laurel != "delivery":
		return &DamagedError{Line: 1}
	case h.Schema != 1:
		return fmt.Errorf("read %s: it was written by a newer laurel", recordFile)
	case h.Site != site:
		return &OtherSiteError{h.Site}
	}
	return nil
}

// sound refuses names that lead elsewhere: what an entry names may be removed.
func (e entry) sound() bool {
	return fs.ValidPath(e.Folder) && !slices.ContainsFunc(e.Files, func(name string) bool { return !fs.ValidPath(name) || name == "." })
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
	for _, folder := range slices.Sorted(maps.Keys(entries)) {
		text, err := entries[folder].line()
		if err != nil {
			return nil, err
		}
		b.Write(text)
	}
	return b.Bytes(), nil
}

// OtherSiteError says that a folder holds another site's delivery.
type OtherSiteError struct{ Site string }

func (e *OtherSiteError) Error() string {
	return "the folder contains a delivery of another site, " + e.Site
}

// ForeignError says that a folder holds what deliver did not write, and so
// leaves as it is. It names neither files in the delivery's folder nor folders,
// which may be called after people.
type ForeignError struct {
	Count int    // of what is in a folder that is no delivery, of which nothing was written
	File  string // else the one in the way, below its folder
}

func (e *ForeignError) Error() string {
	switch {
	case e.File != "":
		return fmt.Sprintf("write %s: there is already one that laurel deliver did not write, or wrote for another learner", e.File)
	case e.Count == 1:
		return "the folder contains a file or folder that laurel deliver did not write"
	}
	return fmt.Sprintf("the folder contains %d files or folders that laurel deliver did not write", e.Count)
}

// Hint says what to try.
func (*ForeignError) Hint() string {
	return "choose an empty folder, or one that an earlier laurel deliver made; it never touches files it did not write"
}

// DamagedError says that the record of a delivery cannot be read, so that
// nobody knows which files are laurel's. Nothing was written.
type DamagedError struct{ Line int } // 0: it has none, or is no file

func (e *DamagedError) Error() string {
	if e.Line == 0 {
		return fmt.Sprintf("the delivery's record, %s, is empty", recordFile)
	}
	return fmt.Sprintf("the delivery's record, %s, is damaged at line %d", recordFile, e.Line)
}

// Hint says what to try.
func (*DamagedError) Hint() string {
	return "deliver to a new folder, and remove this one when its files are no longer needed: laurel can no longer tell which of them it wrote"
}
