package publish

import (
	"bufio"
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"

	"laurel/internal/material/durable"
)

// manifest is what the last build wrote: a line a file with the hex fingerprint, the
// hex SHA-256, size, modification time in Unix nanoseconds, and path.
const manifest = stateDir + "/public.txt"

const manifestHeader = "laurel public 1"

// entry is what is remembered of a file.
type entry struct {
	Fingerprint, Sum [32]byte
	Size             int64
	ModTime          int64
}

// readManifest returns an empty map where there is no manifest. A damaged one
// is an error: forgetting what was written would leave files behind.
func readManifest(root *os.Root) (map[string]entry, error) {
	b, err := root.ReadFile(manifest)
	if errors.Is(err, fs.ErrNotExist) {
		return map[string]entry{}, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", manifest, err)
	}
	entries := make(map[string]entry, bytes.Count(b, []byte{'\n'}))
	s := bufio.NewScanner(bytes.NewReader(b))
	for n := 1; s.Scan(); n++ {
		if n == 1 {
			if s.Text() != manifestHeader {
				return nil, fmt.Errorf("%s:1: not a list of published files; remove it and public/, and build again", manifest)
			}
			continue
		}
		p, e, ok := parseEntry(s.Text())
		if !ok {
			return nil, fmt.Errorf("%s:%d: damaged; remove it and public/, and build again", manifest, n)
		}
		entries[p] = e
	}
	return entries, s.Err()
}

func parseEntry(line string) (p string, e entry, ok bool) {
	f := strings.SplitN(line, " ", 5)
	if len(f) != 5 || len(f[0]) != 64 || len(f[1]) != 64 || !fs.ValidPath(f[4]) {
		return "", e, false
	}
	_, err1 := hex.Decode(e.Fingerprint[:], []byte(f[0]))
	_, err2 := hex.Decode(e.Sum[:], []byte(f[1]))
	var err3, err4 error
	e.Size, err3 = strconv.ParseInt(f[2], 10, 64)
	e.ModTime, err4 = strconv.ParseInt(f[3], 10, 64)
	return f[4], e, errors.Join(err1, err2, err3, err4) == nil
}

func writeManifest(root *os.Root, entries map[string]entry) error {
	var b bytes.Buffer
	b.WriteString(manifestHeader + "\n")
	for _, p := range slices.Sorted(maps.Keys(entries)) {
		e := entries[p]
		fmt.Fprintf(&b, "%x %x %d %d %s\n", e.Fingerprint, e.Sum, e.Size, e.ModTime, p)
	}
	temporary := manifest + ".new"
	err := root.WriteFile(temporary, b.Bytes(), 0o644)
	if err == nil {
		err = durable.Rename(root, temporary, manifest)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", manifest, err)
	}
	return nil
}
