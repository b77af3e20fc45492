package lettering

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path"
	"slices"
	"strings"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
)

// Limits of a folder with fonts.
const (
	maxFolderFiles = 50_000
	maxFolderDepth = 12
	maxFaces       = 64 // in a collection
)

// Folder is a folder with fonts of the machine, such as /usr/share/fonts.
type Folder struct {
	Name  string // for people
	Files fs.FS

	but []string // files that are not looked at
}

// family is a font in its weights.
type family struct {
	name          string
	regular, bold *Face // bold: nil where there is none
}

// in are the faces to set text in, the better one first.
func (f *family) in(bold bool) []*Face {
	if bold && f.bold != nil {
		return []*Face{f.bold, f.regular}
	}
	return []*Face{f.regular}
}

// families reads what fonts a folder and those below it have: TrueType and
// OpenType fonts and collections of them, regular files only, sorted by path.
// Of each only the tables are read that say what it has. What is broken is left
// out; note is told which and why.
func (d Folder) families(note func(file string, why error)) ([]*family, error) {
	files, err := d.walk()
	if err != nil {
		return nil, fmt.Errorf("read the fonts in %s: %w", d.Name, err)
	}
	var faces []*Face
	for _, name := range files {
		found, err := d.faces(name, note)
		if err != nil {
			note(path.Join(d.Name, name), err)
			continue
		}
		faces = append(faces, found...)
	}
	return familiesOf(faces), nil
}

// walk finds the files that are called as fonts are.
func (d Folder) walk() ([]string, error) {
	var files []string
	seen := 0
	err := fs.WalkDir(d.Files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil && name == "." {
			return err
		}
		if err != nil {
			return nil // a folder that may not be read holds no fonts for us
		}
		if seen++; seen > maxFolderFiles {
			return fmt.Errorf("more than %d files", maxFolderFiles)
		}
		if e.IsDir() {
			if strings.Count(name, "/") >= maxFolderDepth {
				return fs.SkipDir
			}
			return nil
		}
		if e.Type().IsRegular() && slices.Contains([]string{".ttf", ".otf", ".ttc", ".otc"}, strings.ToLower(path.Ext(name))) && !slices.Contains(d.but, name) {
			files = append(files, name)
		}
		return nil
	})
	slices.Sort(files)
	return files, err
}

// faces reads what the fonts of a file have.
func (d Folder) faces(name string, note func(file string, why error)) (all []*Face, err error) {
	defer orBroken(&err, unreadable)
	f, err := d.Files.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, errors.New("not a regular file")
	}
	if info.Size() > maxFont {
		return nil, fmt.Errorf("larger than %d bytes", maxFont)
	}
	file, ok := f.(opentype.Resource)
	if !ok {
		return nil, errors.New("cannot be read at any place")
	}
	loaders, err := opentype.NewLoaders(file)
	if err != nil {
		return nil, err
	}
	if len(loaders) > maxFaces {
		return nil, fmt.Errorf("a collection of more than %d fonts", maxFaces)
	}
	for i, l := range loaders {
		one, err := newFace(l)
		if err != nil {
			return nil, err
		}
		one.path = path.Join(d.Name, name)
		if len(loaders) > 1 {
			one.path = fmt.Sprintf("%s (%d)", one.path, i)
		}
		one.load = func() (*font.Font, error) {
			read, err := d.read(name, i)
			if err != nil {
				note(one.path, err)
			}
			return read, err
		}
		all = append(all, one)
	}
	return all, nil
}

// read reads one font of a file whole.
func (d Folder) read(name string, i int) (*font.Font, error) {
	data, err := readWhole(d.Files, name)
	if err != nil {
		return nil, err
	}
	return parseFont(data, i)
}

// newFace reads what a font is called and has, and refuses one that has no
// outlines or may not be embedded (OpenType Specification 1.9, "OS/2", fsType).
func newFace(l *opentype.Loader) (*Face, error) {
	if !slices.ContainsFunc([]string{"glyf", "CFF ", "CFF2"}, func(name string) bool { return l.HasTable(opentype.MustNewTag(name)) }) {
		return nil, errors.New("a font without outlines")
	}
	if os2, err := l.RawTable(opentype.MustNewTag("OS/2")); err == nil && len(os2) >= 10 {
		if rights := binary.BigEndian.Uint16(os2[8:]); rights&0xf == 2 {
			return nil, errors.New("a font whose licence forbids to embed it")
		}
	}
	f := &Face{variable: l.HasTable(opentype.MustNewTag("fvar"))}
	var err error
	if f.cmap, err = characters(l); err != nil {
		return nil, err
	}
	description, _ := font.Describe(l, nil)
	f.family, f.aspect = font.NormalizeFamily(description.Family), description.Aspect
	f.aspect.SetDefaults()
	// The head of a font has a checksum of all of it.
	head, err := l.RawTable(opentype.MustNewTag("head"))
	if err != nil {
		return nil, err
	}
	cmap, err := l.RawTable(opentype.MustNewTag("cmap"))
	if err != nil {
		return nil, err
	}
	f.digest = sha256.Sum256(slices.Concat(head, cmap))
	return f, nil
}

const notToSetIn = ": not a TrueType font to set text in: "

// builtIn is a face of a font that is at hand.
func builtIn(path string, data []byte) (f *Face, err error) {
	defer orBroken(&err, path+notToSetIn+unreadable)
	l, err := opentype.NewLoader(bytes.NewReader(data))
	if err == nil {
		f, err = newFace(l)
	}
	if err != nil {
		return nil, fmt.Errorf("%s%s%w", path, notToSetIn, err)
	}
	f.path, f.load = path, func() (*font.Font, error) { return parseFont(data, 0) }
	return f, nil
}

// familiesOf puts faces together by family, in the order of their paths, and
// takes of each what is closest to upright, of normal width, and regular or
// bold.
func familiesOf(faces []*Face) []*family {
	var all []*family
	members := map[string][]*Face{}
	for _, f := range faces {
		if f.family == "" {
			f.family = f.path
		}
		if members[f.family] == nil {
			all = append(all, &family{name: f.family})
		}
		members[f.family] = append(members[f.family], f)
	}
	for _, f := range all {
		f.regular = closest(members[f.name], font.WeightNormal)
		f.bold = closest(members[f.name], font.WeightBold)
		if f.bold.aspect.Weight < font.WeightSemibold {
			f.bold = f.regular.heavier()
		}
	}
	return all
}

// closest is the face that is most like an upright one of a weight.
func closest(faces []*Face, weight font.Weight) *Face {
	distance := func(f *Face) float64 {
		d := math.Abs(float64(f.aspect.Weight-weight))/100 + 10*math.Abs(float64(f.aspect.Stretch-font.StretchNormal))
		if f.aspect.Style != font.StyleNormal {
			d += 100
		}
		return d
	}
	return slices.MinFunc(faces, func(a, b *Face) int { return cmp.Compare(distance(a), distance(b)) })
}

// heavier is the bold instance of a variable font, or nil.
func (f *Face) heavier() *Face {
	if !f.variable {
		return nil
	}
	return &Face{path: f.path, family: f.family, aspect: f.aspect, heavy: true, variable: true, cmap: f.cmap, digest: f.digest, load: f.load}
}
