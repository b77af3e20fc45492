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
	left, skipped := int64(maxExpanded), 0
	places := map[string][]byte{} // by folder
	for _, file := range archive.File {
		if !file.Mode().IsRegular() || hidden(file.Name) {
			continue
		}
		content, err := expand(file, left)
		if err != nil {
			return malformed("an entry is damaged, or the entries together expand to more than %d MiB", maxExpanded>>20)
		}
		left -= int64(len(content))
		entry := name + "/" + file.Name
		format, claims := verify.Recognize(content)
		folder := path.Dir(file.Name)
		switch {
		case path.Base(file.Name) == tlog.PlaceFile && len(content) <= verify.MaxLogFile:
			places[folder] = content
		case format == verify.FormatZIP:
			list = append(list, input{name: entry, report: verify.NotRead("zip-nested", "")})
		case len(content) > maxInput:
			list = append(list, input{name: entry, report: verify.NotRead("input-too-large", "")})
		case !claims:
			skipped++
			a.detailf("%s: not a credential\n", clean(entry))
		default:
			place := func(context.Context, string, string) ([]byte, error) { return places[folder], nil }
			i := input{name: entry, data: content, place: place}
			if beside, err := fs.Sub(archive, folder); err == nil { // a name that leads out of it has nothing beside it
				i.files = filesIn(beside)
			}
			list = append(list, i)
		}
	}
	if skipped > 0 {
		a.notef("%s in %s left out: not credentials\n", plural(skipped, "file"), clean(name))
	}
	if len(list) == 0 {
		return []input{{name: name, report: verify.NotRead("zip-malformed.empty", "")}}
	}
	return list
}

// hidden tells what archives carry along for one system or another.
func hidden(name string) bool {
	return strings.HasPrefix(path.Base(name), ".") || strings.HasPrefix(name, "__MACOSX/")
}

// expand reads an entry, whatever size it claims to have.
func expand(file *zip.File, left int64) ([]byte, error) {
	r, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, left+1))
	if err != nil {
		return nil, err
	}
	if int64(len(data)) > left {
		return nil, fmt.Errorf("longer than %d bytes", left)
	}
	return data, nil
}
