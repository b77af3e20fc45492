package cli

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"laurel/internal/standards/tlog"
	"laurel/internal/standards/verify"
)

// Limits on a ZIP archive, which is small and may hold much.
const (
	maxEntries  = 1000
	maxExpanded = 64 << 20 // bytes, all entries together
)

// fromZIP is every credential in a ZIP archive. It is read in memory and never
// unpacked to disk, so that the names in it lead nowhere.
func (a *app) fromZIP(name string, data []byte) []input {
	malformed := func(format string, args ...any) []input {
		return []input{{name: name, report: verify.NotRead("zip-malformed", fmt.Sprintf(format, args...))}}
	}
	if len(data) > maxExpanded {
		return malformed("it is larger than %d MiB", maxExpanded>>20)
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return malformed("it cannot be read: %v", err)
	}
	if len(archive.File) > maxEntries {
		return malformed("it has %d entries, and laurel looks at no more than %d", len(archive.File), maxEntries)
	}
	slices.SortStableFunc(archive.File, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	var list []input
	left := int64(maxExpanded)
	var skipped []string
	places := map[string][]byte{} // by folder
	for _, file := range archive.File {
		if !file.Mode().IsRegular() || hidden(file.Name) {
			continue
		}
		entry := name + "/" + file.Name
		refuse := func(key, detail string) {
			list = append(list, input{name: entry, report: verify.NotRead(key, detail)})
		}
		content, err := expand(file, min(left, maxInput+1))
		if left -= int64(len(content)); left <= 0 {
			list = append(list, malformed("the entries together expand to more than %d MiB; those after %s were not looked at", maxExpanded>>20, file.Name)...)
			break
		}
		if err != nil {
			refuse("input-unreadable", err.Error())
			continue
		}
		format, claims := verify.Recognize(content)
		folder := path.Dir(file.Name)
		switch {
		case path.Base(file.Name) == tlog.PlaceFile && len(content) <= verify.MaxLogFile:
			places[folder] = content
		case format == verify.FormatZIP:
			refuse("zip-nested", "")
		case !claims:
			skipped = append(skipped, file.Name)
			a.detailf("%s: not a credential\n", clean(entry))
		case len(content) > maxInput:
			refuse("input-too-large", "")
		default:
			place := func(context.Context, string, string) ([]byte, error) { return places[folder], nil }
			i := input{name: entry, data: content, place: place}
			if beside, err := fs.Sub(archive, folder); err == nil { // a name that leads out of it has nothing beside it
				i.files = filesIn(beside)
			}
			list = append(list, i)
		}
	}
	a.noteLeftOut(name, skipped)
	if len(list) == 0 {
		return []input{{name: name, report: verify.NotRead("zip-malformed.empty", "")}}
	}
	return list
}

// hidden tells what archives carry along for one system or another.
func hidden(name string) bool {
	return strings.HasPrefix(path.Base(name), ".") || strings.HasPrefix(name, "__MACOSX/")
}

// expand reads an entry, at most so many bytes of it, whatever size it claims to have.
func expand(file *zip.File, most int64) ([]byte, error) {
	r, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, most))
}
