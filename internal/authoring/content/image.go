package content

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash/crc32"
	"image"
	_ "image/jpeg" // authors' pictures
	_ "image/png"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"

	"laurel/internal/authoring/model"

	"gopkg.in/yaml.v3"
)

const (
	imageDir    = "content/images"
	imagePixels = 4096 // each side
)

// imageName is a path below content/images that means the same on every file
// system and in every URL.
var imageName = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*$`)

var mediaTypes = map[string]string{
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".svg": "image/svg+xml",
}

// imageFolder is what content/images holds. Files that nothing refers to are
// not opened.
type imageFolder struct {
	names   []string
	checked map[string]*model.Image // nil: was reported
}

// read lists the folder and reports names that are one name on some file
// systems.
func (f *imageFolder) read(l *loader) {
	f.checked = map[string]*model.Image{}
	if !l.folder(imageDir) {
		return
	}
	f.list(l, imageDir, 1)
	folded := map[string]string{}
	for _, name := range f.names {
		key := norm.NFC.String(strings.ToLower(name))
		if other, ok := folded[key]; ok {
			l.fault(imageDir+"/"+name, "differs from "+other+" only in case or in how its letters are composed", "rename one of the two")
		}
		folded[key] = name
	}
}

func (f *imageFolder) list(l *loader, dir string, depth int) {
	for _, e := range l.entries(dir) {
		name := dir + "/" + e.Name()
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.Type()&fs.ModeSymlink != 0:
			l.fault(name, "is a symbolic link, which laurel does not follow", "put the file itself here")
		case e.IsDir() && depth > 8:
			l.fault(name, "folders nest too deep", "")
		case e.IsDir():
			f.list(l, name, depth+1)
		case !e.Type().IsRegular():
			l.fault(name, "is not a plain file", "delete it")
		default:
			f.names = append(f.names, strings.TrimPrefix(name, imageDir+"/"))
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
			id.problem("says again what file says", "write one of the two")
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
	switch {
	case strings.Contains(file, "://"):
		v.problem("must be a file, not a URL", "copy the image into content/images")
		return nil
	case !imageName.MatchString(file) || strings.Contains(file, ".."):
		v.problem("must be the name of a file in content/images", "use letters, digits, dots, hyphens and low lines")
		return nil
	case mediaTypes[path.Ext(file)] == "":
		v.problem("is not a .png, .jpg or .svg file", "")
		return nil
	case !slices.Contains(l.images.names, file):
		v.problem("there is no such file in content/images", didYouMean(file, l.images.names))
		return nil
	}
	l.images.checked[file] = nil
	name := imageDir + "/" + file
	text, ok := l.read(name, imageBytes, nil)
	if !ok {
		return nil
	}
	mediaType := mediaTypes[path.Ext(file)]
	if mediaType == "image/svg+xml" {
		ok = l.svg(name, text)
	} else if fault := rasterFault(text, mediaType); fault != "" {
		l.fault(name, fault, "")
		ok = false
	}
	if !ok {
		return nil
	}
	sum := sha256.Sum256(text)
	l.images.checked[file] = &model.Image{File: file, MediaType: mediaType, SHA256: hex.EncodeToString(sum[:])}
	return l.images.checked[file]
}

// rasterFault says why bytes are not the PNG or JPEG their name promises.
// Pixels are not decoded: a picture of 4096 by 4096 takes 64 MiB.
func rasterFault(text []byte, mediaType string) string {
	config, format, err := image.DecodeConfig(bytes.NewReader(text))
	switch {
	case err != nil:
		return "is not an image that can be read"
	case "image/"+format != mediaType:
		return "is a " + strings.ToUpper(format) + " image, which its file name does not say"
	case config.Width > imagePixels || config.Height > imagePixels:
		return fmt.Sprintf("is %d by %d pixels, but at most %d on a side are allowed", config.Width, config.Height, imagePixels)
	case config.Width == 0 || config.Height == 0:
		return "is an image without pixels"
	case format == "png" && !wholePNG(text):
		return "is a damaged PNG image"
	case format == "jpeg" && !bytes.Contains(text[len(text)/2:], []byte{0xff, 0xd9}):
		return "is a JPEG image that was cut off"
	}
	return ""
}

// wholePNG walks the chunks up to IEND (PNG Specification, "Chunk layout").
func wholePNG(text []byte) bool {
	const signature = 8
	pixels := false
	for i := signature; len(text)-i >= 12; {
		n := binary.BigEndian.Uint32(text[i:])
		if n > uint32(len(text)-i-12) {
			return false
		}
		body := text[i+4 : i+8+int(n)]
		if crc32.ChecksumIEEE(body) != binary.BigEndian.Uint32(text[i+8+int(n):]) {
			return false
		}
		switch string(body[:4]) {
		case "IDAT":
			pixels = true
		case "IEND":
			return pixels
		}
		i += 12 + int(n)
	}
	return false
}
