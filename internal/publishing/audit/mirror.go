package audit

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"slices"
	"time"
)

// mirror is a site as it is online, as a file system: a file that is the same as the
// built one is read from there, so that only others take memory.
type mirror struct {
	built fs.FS
	files map[string]*onlineFile
	dirs  map[string][]fs.DirEntry
}

type onlineFile struct {
	body []byte // nil: as built
	size int64
}

func newMirror(built fs.FS) *mirror {
	return &mirror{built: built, files: map[string]*onlineFile{}, dirs: map[string][]fs.DirEntry{".": nil}}
}

// put adds a file; a nil body stands for the built one, of that size.
func (m *mirror) put(p string, body []byte, size int64) {
	if m.files[p] == nil {
		m.enter(path.Dir(p), place{path.Base(p), size, 0o444})
	}
	m.files[p] = &onlineFile{body, size}
}

func (m *mirror) enter(dir string, it place) {
	if _, ok := m.dirs[dir]; !ok {
		m.enter(path.Dir(dir), place{path.Base(dir), 0, fs.ModeDir | 0o555})
	}
	m.dirs[dir] = append(m.dirs[dir], fs.FileInfoToDirEntry(it))
}

// place is what is known of a file or folder of a mirror.
type place struct {
	name string
	size int64
	mode fs.FileMode
}

func (p place) Name() string       { return p.name }
func (p place) Size() int64        { return p.size }
func (p place) Mode() fs.FileMode  { return p.mode }
func (p place) ModTime() time.Time { return time.Time{} }
func (p place) IsDir() bool        { return p.mode.IsDir() }
func (p place) Sys() any           { return nil }

func (m *mirror) Stat(name string) (fs.FileInfo, error) {
	if f := m.files[name]; f != nil {
		return place{path.Base(name), f.size, 0o444}, nil
	}
	if _, ok := m.dirs[name]; ok {
		return place{path.Base(name), 0, fs.ModeDir | 0o555}, nil
	}
	return nil, &fs.PathError{Op: "stat", Path: name, Err: fs.ErrNotExist}
}

func (m *mirror) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, ok := m.dirs[name]
	if !ok {
		return nil, &fs.PathError{Op: "readdir", Path: name, Err: fs.ErrNotExist}
	}
	return slices.SortedFunc(slices.Values(entries), func(x, y fs.DirEntry) int { return bytes.Compare([]byte(x.Name()), []byte(y.Name())) }), nil
}

func (m *mirror) ReadFile(name string) ([]byte, error) {
	f := m.files[name]
	switch {
	case f == nil:
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	case f.body == nil:
		return fs.ReadFile(m.built, name)
	}
	return f.body, nil
}

// Open opens a file; folders are read by ReadDir alone.
func (m *mirror) Open(name string) (fs.File, error) {
	b, err := m.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return &openFile{bytes.NewReader(b), place{path.Base(name), int64(len(b)), 0o444}}, nil
}

type openFile struct {
	io.Reader
	it place
}

func (f *openFile) Stat() (fs.FileInfo, error) { return f.it, nil }
func (f *openFile) Close() error               { return nil }

var _ interface {
	fs.ReadFileFS
	fs.ReadDirFS
	fs.StatFS
} = (*mirror)(nil)
