package content

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/material/markdown"
	"laurel/internal/material/table"
)

// Size limits of files, in bytes. 10,000 awards with evidence and results are
// about 6 MiB of YAML.
const (
	yamlBytes  = 1 << 20  // site.yaml and definitions
	awardBytes = 16 << 20 // award lists
	csvBytes   = 32 << 20
	pageBytes  = markdown.MaxSize
)

var slugShape = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

const slugLimit = 64

func isSlug(s string) bool { return len(s) <= slugLimit && slugShape.MatchString(s) }

// devices are the names that Windows has for devices: there, no file can bear one,
// whatever follows behind a dot, and git cannot check one out.
var devices = regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)`)

const noDevice = "is a name that Windows keeps for a device: a site with it could not be opened there"

// device tells whether a path has a part that is the name of one.
func device(name string) bool {
	return slices.ContainsFunc(strings.Split(name, "/"), devices.MatchString)
}

// contentFile is a file whose name is a slug.
type contentFile struct{ name, slug string }

// fault reports a problem of a whole file or folder.
func (l *loader) fault(name, text, hint string) {
	l.problems.add(Problem{File: name, Text: text, Hint: hint})
}

// folder tells whether there is a folder of that name, and reports anything
// else in its place. Nothing there is reported for content/ itself only.
func (l *loader) folder(name string) bool {
	info, err := l.root.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if name == "content" {
			l.fault(name, "is missing", "a site folder has content/site.yaml; `laurel new DIR` creates one")
		}
		return false
	case err != nil:
		l.fault(name, reason(err), "")
		return false
	case info.Mode()&fs.ModeSymlink != 0:
		l.fault(name, "is a symbolic link, which laurel does not follow", "put the folder itself here")
		return false
	case !info.IsDir():
		l.fault(name, "is not a folder", "")
		return false
	}
	return true
}

// entries lists a folder, sorted by name.
func (l *loader) entries(dir string) []fs.DirEntry {
	d, err := l.root.Open(dir)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			l.fault(dir, reason(err), "")
		}
		return nil
	}
	defer d.Close()
	list, err := d.ReadDir(-1)
	if err != nil {
		l.fault(dir, reason(err), "")
	}
	slices.SortFunc(list, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return list
}

// contentFiles lists the files of a folder with that extension whose names
// are slugs, sorted, and reports what does not belong there. Names that start
// with a dot are left to editors and operating systems, tables to cohorts,
// JSON files to who names them among the endorsements.
func (l *loader) contentFiles(dir, ext string) []contentFile {
	if !l.folder(dir) {
		return nil
	}
	var files []contentFile
	for _, e := range l.entries(dir) {
		name := e.Name()
		full := dir + "/" + name
		base, isExt := strings.CutSuffix(name, ext)
		switch {
		case strings.HasPrefix(name, ".") && (!isExt || base == ""):
		case isLock(name), dir == "content/awards" && (table.IsText(name) || table.IsWorkbook(name)):
		case dir == "content/endorsements" && strings.HasSuffix(name, ".json"):
		case e.IsDir():
			l.fault(full, "is a folder, but only files are read here", "")
		case !isExt:
			hint := "move it out of " + dir
			if got := strings.ToLower(path.Ext(name)); got == ext || ext == ".yaml" && got == ".yml" || ext == ".md" && got == ".markdown" {
				hint = "rename it to " + strings.TrimSuffix(name, path.Ext(name)) + ext
			}
			l.fault(full, "is not a "+ext+" file", hint)
		case !isSlug(base):
			hint := ""
			if s := Slugify(base); isSlug(s) {
				hint = "rename it to " + s + ext
			}
			l.fault(full, fmt.Sprintf("the file name must be lower-case letters a to z, digits and single hyphens, at most %d characters", slugLimit), hint)
		case device(name):
			l.fault(full, noDevice, "rename it to "+base+"-1"+ext)
		default:
			files = append(files, contentFile{full, base})
		}
	}
	return files
}

// isLock tells a file that Excel has beside one that is open.
func isLock(name string) bool { return strings.HasPrefix(name, "~$") }

// Slugify proposes a slug for a file name or a text that is none; it may be too long, or
// empty.
func Slugify(s string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case r < 0x80 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	return strings.Trim(b.String(), "-")
}

// onDisk is the name that a file has on disk, where a folder that came from a Mac
// may have it decomposed; what content says is composed.
func (l *loader) onDisk(name string) string {
	if apart := norm.NFD.String(name); apart != name {
		if _, err := l.root.Lstat(name); errors.Is(err, fs.ErrNotExist) {
			if _, err := l.root.Lstat(apart); err == nil {
				return apart
			}
		}
	}
	return name
}

// read returns a file's bytes. It reports a file that cannot be read, is not
// a plain one, or is larger than limit, at value v if there is one, and
// returns false.
func (l *loader) read(name string, limit int64, v *value) ([]byte, bool) {
	text, err := l.readPlain(name, limit)
	if err == nil {
		return text, true
	}
	if v != nil {
		v.problem(name+" "+err.Error(), "")
	} else {
		l.fault(name, err.Error(), "")
	}
	return nil, false
}

// readPlain refuses symbolic links, FIFOs and devices before it opens them,
// and checks again what it opened: opening a FIFO waits for a writer unless
// told not to.
func (l *loader) readPlain(name string, limit int64) ([]byte, error) {
	for i := range name {
		if name[i] != '/' {
			continue
		}
		if info, err := l.root.Lstat(name[:i]); err != nil {
			return nil, errors.New(reason(err))
		} else if info.Mode()&fs.ModeSymlink != 0 {
			return nil, errors.New("is reached through a symbolic link, which laurel does not follow")
		}
	}
	before, err := l.root.Lstat(name)
	if err != nil {
		return nil, errors.New(reason(err))
	}
	if err := isPlain(before, limit); err != nil {
		return nil, err
	}
	f, err := l.root.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, errors.New(reason(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, errors.New(reason(err))
	}
	if err := isPlain(info, limit); err != nil {
		return nil, err
	}
	if !os.SameFile(before, info) {
		return nil, errors.New("was replaced while it was read")
	}
	text := make([]byte, 0, info.Size()+1)
	for {
		n, err := f.Read(text[len(text):cap(text)])
		text = text[:len(text)+n]
		switch {
		case errors.Is(err, io.EOF):
			return text, nil
		case err != nil:
			return nil, errors.New(reason(err))
		case int64(len(text)) > info.Size():
			return nil, errors.New("grew while it was read")
		}
	}
}

func isPlain(info fs.FileInfo, limit int64) error {
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		return errors.New("is a symbolic link, which laurel does not follow")
	case info.IsDir():
		return errors.New("is a folder, not a file")
	case !info.Mode().IsRegular():
		return errors.New("is not a plain file")
	case info.Size() > limit:
		return tooLarge(limit)
	}
	return nil
}

// tooLarge says of a file that it is larger than that many bytes.
type tooLarge int64

func (limit tooLarge) Error() string { return "is larger than " + size(int64(limit)) }

func size(n int64) string {
	if n >= 1<<20 {
		return fmt.Sprintf("%d MiB", n>>20)
	}
	return fmt.Sprintf("%d KiB", n>>10)
}

// reason is why the operating system refused, without the path of this
// machine that its error holds.
func reason(err error) string {
	if errors.Is(err, fs.ErrNotExist) {
		return "is missing"
	}
	if errors.Is(err, fs.ErrPermission) {
		return "cannot be read: permission denied"
	}
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		return "cannot be read: " + pathErr.Err.Error()
	}
	return "cannot be read: " + err.Error()
}

// open reads a text file.
func (l *loader) open(name string, limit int64) (*source, bool) {
	text, ok := l.read(name, limit, nil)
	if !ok {
		return nil, false
	}
	return newSource(name, text, l.problems)
}

// document reads and parses a YAML file into its top mapping.
func (l *loader) document(name string, limit int64, c *class) (object, bool) {
	s, ok := l.open(name, limit)
	if !ok {
		return object{}, false
	}
	v, ok := s.yaml()
	if !ok {
		return object{}, false
	}
	return v.mapping(c)
}
