package cli

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"laurel/internal/publishing/privacy"
	"laurel/internal/standards/bake"
	"laurel/internal/standards/fetch"
	"laurel/internal/standards/tlog"
	"laurel/internal/standards/verify"
)

// maxInput is the largest input but a ZIP archive: a picture with a credential.
const maxInput = bake.MaxImage

// input is one thing to judge: its bytes, a way to read them, or why there are
// none.
type input struct {
	name  string
	data  []byte
	read  func() ([]byte, error)
	place verify.Place // what came with it of its place in the log; nil: nothing
	// files are those that lie beside it; nil: none.
	files  verify.FileAtHand
	report *verify.Report
}

// judge makes a report on each credential in the input, which are several in an array,
// for example.
func (i input) judge(ctx context.Context, v *verify.Verifier) ([]*verify.Report, error) {
	switch {
	case i.report != nil:
		return []*verify.Report{i.report}, nil
	case i.read != nil:
		data, err := i.read()
		if err != nil {
			return nil, err
		}
		i.data = data
	}
	reports := v.All(ctx, i.data, i.place)
	for _, r := range reports {
		if i.files != nil {
			r.Compare(ctx, i.files)
		}
	}
	return reports, nil
}

// toJudge is all that the arguments name, in their order; what is in a folder or
// ZIP archive sorted by name.
func (a *app) toJudge(ctx context.Context, args []string, v verifying) ([]input, error) {
	var list []input
	for _, arg := range args {
		more, err := a.inputsOf(ctx, arg, v)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	copies := a.siteCopies(v.documents)
	for i := range list {
		list[i].place = orCopies(list[i].place, copies)
		list[i].files = orSite(list[i].files, copies)
	}
	return list, nil
}

func (a *app) inputsOf(ctx context.Context, name string, v verifying) ([]input, error) {
	switch {
	case name == "-":
		data, err := io.ReadAll(io.LimitReader(a.stdin, maxExpanded+1))
		if err != nil {
			return nil, fmt.Errorf("read standard input: %w", err)
		}
		return a.fromBytes(name, data), nil
	case a.isClaimLink(name):
		return a.fromClaimLink(name, v.documents)
	case strings.HasPrefix(name, "https://"):
		page, _, _ := strings.Cut(name, "#") // the rest is for browsers
		return a.fromURL(ctx, page, v.offline)
	case strings.HasPrefix(name, "http://"):
		return nil, misuse("use its https address", "%s is not https", clean(name))
	}
	path := a.env.path(name)
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read a document: %w", err)
	}
	if info.IsDir() {
		return a.fromFolder(path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read a document: %w", err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxExpanded+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	return placed(a.fromBytes(name, data), besideFile(path), filesIn(os.DirFS(filepath.Dir(path)))), nil
}

// placed are inputs of which one place in the log is told, and what lies beside it:
// those of a ZIP archive have their own.
func placed(list []input, place verify.Place, files verify.FileAtHand) []input {
	if len(list) == 1 && list[0].place == nil {
		list[0].place, list[0].files = place, files
	}
	return list
}

// fromBytes is one input, or those in the ZIP archive that it is.
func (a *app) fromBytes(name string, data []byte) []input {
	if format, _ := verify.Recognize(data[:min(len(data), 1024)]); format == verify.FormatZIP {
		return a.fromZIP(name, data)
	}
	if len(data) > maxInput {
		return []input{{name: name, report: verify.NotRead("input-too-large", "")}}
	}
	return []input{{name: name, data: data, report: holdsClaimLink(data)}}
}

func (a *app) fromURL(ctx context.Context, name string, offline bool) ([]input, error) {
	if offline {
		return nil, misuse("download it first, or leave out --offline", "%s is on the network", clean(name))
	}
	a.detailf("asking %s\n", clean(name))
	r, err := fetch.New(fetch.Options{}).Get(ctx, name)
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return []input{{name: name, report: verify.NotRead("input-unavailable", err.Error())}}, nil
	}
	return placed(a.fromBytes(name, r.Body), a.besideURL(name), a.filesOf(name)), nil
}

// fromFolder is every credential below a folder. Names with a dot in front, links
// and what claims to be no credential are left out.
func (a *app) fromFolder(dir string) ([]input, error) {
	if privacy.IsBuiltSite(dir) {
		return nil, misuse("laurel audit "+dir, "%s is a built site", dir)
	}
	var list []input
	skipped := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") && path != dir {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || d.Name() == tlog.PlaceFile {
			return nil
		}
		data, err := readInput(path)
		if err != nil {
			return err
		}
		if format, claims := verify.Recognize(data); !claims && format != verify.FormatZIP || len(data) > maxInput {
			skipped++
			a.detailf("%s: not a credential\n", clean(path))
			return nil
		} else if format == verify.FormatZIP {
			list = append(list, input{name: path, report: verify.NotRead("zip-file", "")})
			return nil
		}
		// Read again when its turn comes: a folder may hold more than memory.
		list = append(list, input{name: path, place: besideFile(path), files: filesIn(os.DirFS(filepath.Dir(path))), read: func() ([]byte, error) { return readInput(path) }})
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read folder %s: %w", dir, err)
	}
	if skipped > 0 {
		a.notef("%s in %s left out: not credentials\n", plural(skipped, "file"), clean(dir))
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("there is no credential in %s", dir)
	}
	return list, nil
}

// readInput reads a byte more than is allowed, so that the size is seen.
func readInput(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxInput+1))
}
