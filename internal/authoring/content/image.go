package content

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/authoring/model"
	"laurel/internal/material/picture"

	"gopkg.in/yaml.v3"
)

const imageDir = "content/images"

// imageName is a path below content/images that means the same on every file
// system and in every URL.
var imageName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$`)

// fileFolder is what a folder of the content holds. Files that nothing refers to are
// not opened.
type fileFolder struct {
	dir   string // such as content/images
	names []string
}

// imageFolder is content/images.
type imageFolder struct {
	fileFolder
	checked map[string]*model.Image // nil: was reported
}

// read lists a folder and reports names that are one name on some file systems.
func (f *fileFolder) read(l *loader, dir string) {
	f.dir = dir
	if !l.folder(dir) {
		return
	}
	f.list(l, dir, 1)
	folded := map[string]string{}
	for _, name := range f.names {
		if device(name) {
			l.fault(dir+"/"+name, noDevice, "rename it")
		}
		key := norm.NFC.String(strings.ToLower(name))
		if other, ok := folded[key]; ok {
			l.fault(dir+"/"+name, "differs from "+other+" only in case or in how its letters are composed", "rename one of the two")
		}
		folded[key] = name
	}
}

func (f *fileFolder) list(l *loader, dir string, depth int) {
	for _, e := range l.entries(dir) {
		name := dir + "/" + e.Name()
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.Type()&fs.ModeSymlink != 0:
			l.fault(name, "is a symbolic link, which laurel does not follow", "put the file itself here")
		case e.IsDir() && depth > 8:
			l.fault(name, "folders are nested too deeply", "")
		case e.IsDir():
			f.list(l, name, depth+1)
		case !e.Type().IsRegular():
			l.fault(name, "is not a plain file", "delete it")
		default:
			f.names = append(f.names, strings.TrimPrefix(name, f.dir+"/"))
		}
	}
}

// image reads an image property: a file name below content/images, or a
// mapping of file (or id, as Open Badges calls it) and caption.
func (l *loader) image(o object, name string) *model.Image {
	v, ok := o.get(name)
	if !ok {
		return nil
	}
	caption := ""
	if v.node.Kind == yaml.MappingNode {
		m, ok := v.mapping(imageClass)
		if !ok {
			return nil
		}
		caption = m.prose("caption")
		file, isFile := m.get("file")
		id, isID := m.get("id")
		switch {
		case isFile && isID:
			id.problem("repeats what file says", "write one of the two")
			return nil
		case isFile:
			v = file
		case isID:
			v = id
		default:
			m.missing("file", "is required, but missing", "write the name of a file in content/images")
			return nil
		}
	}
	file, ok := v.text()
	if !ok {
		return nil
	}
	found := l.imageFile(v, file)
	if found == nil {
		return nil
	}
	i := *found
	i.Caption = caption
	return &i
}

func (l *loader) imageFile(v value, file string) *model.Image {
	if i, ok := l.images.checked[file]; ok {
		return i
	}
	mediaType, hint := picture.MediaType(file)
	switch {
	case strings.Contains(file, "://"):
		v.problem("must be a file, not a URL", "copy the image into content/images")
		return nil
	case !imageName.MatchString(file) || strings.Contains(file, ".."):
		v.problem("must be the name of a file in content/images", "use letters, digits, dots, hyphens and underscores")
		return nil
	case mediaType == "":
		v.problem("is not a .png, .jpg or .svg file", hint)
		return nil
	case !slices.Contains(l.images.names, file):
		v.problem("there is no such file in content/images", cmp.Or(didYouMean(file, l.images.names), "put the picture there, or correct the name"))
		return nil
	}
	l.images.checked[file] = nil
	out := &model.Image{File: file, MediaType: mediaType}
	shown, ok := l.checkImage(file, mediaType)
	if mediaType == picture.SVG {
		stem := strings.TrimSuffix(file, path.Ext(file))
		if out.PNG = l.images.beside(stem); out.PNG == "" {
			v.problem("is an SVG, which wallets, link previews and printed certificates do not show: they need a PNG of it",
				fmt.Sprintf("put %s/%s.png beside it: the drawing exported as PNG, at least %d pixels on its longer side, from the program it was drawn with or from a browser", imageDir, stem, picture.LeastSide))
			return nil
		}
		png, whole := l.checkImage(out.PNG, picture.PNG)
		if !ok || !whole {
			return nil
		}
		if problem, hint := picture.Beside(shown, png); problem != "" {
			v.problem(imageDir+"/"+out.PNG+", the PNG beside it, "+problem, hint)
			return nil
		}
		out.SHA256 = digest(png)
	}
	if !ok {
		return nil
	}
	out.SHA256 = digest(shown) + out.SHA256
	l.images.checked[file] = out
	return out
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// beside is the PNG of a name without its ending, or nothing.
func (f *imageFolder) beside(stem string) string {
	for _, name := range f.names {
		if rest, ok := strings.CutPrefix(name, stem); ok && strings.EqualFold(rest, ".png") {
			return name
		}
	}
	return ""
}

// checkImage reads a picture and reports what is wrong with it. It returns its
// bytes, of an SVG without a byte order mark.
func (l *loader) checkImage(file, mediaType string) ([]byte, bool) {
	name := imageDir + "/" + file
	data, ok := l.read(name, picture.MaxBytes, nil)
	if !ok {
		return nil, false
	}
	if mediaType != picture.SVG {
		problems := picture.Check(data, mediaType)
		for _, p := range problems {
			l.fault(name, p.Text, p.Hint)
		}
		return data, len(problems) == 0
	}
	if len(data) > picture.MaxSVGBytes {
		l.fault(name, "is larger than "+size(picture.MaxSVGBytes), "simplify the drawing, or use a PNG image")
		return nil, false
	}
	s, ok := newSource(name, data, l.problems)
	if !ok {
		return nil, false
	}
	problems := picture.Check(s.text, mediaType)
	for _, p := range problems {
		s.report(s.position(p.Offset), p.Field, p.Text, p.Hint)
	}
	return s.text, len(problems) == 0
}
