package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"laurel/internal/material/hint"
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
		if err != nil { // it was there before
			return []*verify.Report{verify.NotRead("input-unreadable", err.Error())}, nil
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
// ZIP archive sorted by name. Those that name nothing to judge are told at once, and
// unread counts them.
func (a *app) toJudge(ctx context.Context, args []string, v verifying) (list []input, unread int, err error) {
	for _, arg := range args {
		more, err := a.inputsOf(ctx, arg, v)
		switch {
		case ctx.Err() != nil:
			return nil, 0, ctx.Err()
		case err != nil && len(args) == 1:
			return nil, 0, misused(err)
		case err != nil:
			unread++
			a.report(misused(err))
		}
		list = append(list, more...)
	}
	copies := a.siteCopies(v.documents)
	for i := range list {
		list[i].place = orCopies(list[i].place, copies)
		list[i].files = orSite(list[i].files, copies)
	}
	return list, unread, nil
}

// misused is an error for which the command line is to be put right: a file that it
// names is not there, or not what it ought to be.
func misused(err error) error {
	var usage *usageError
	if err == nil || errors.As(err, &usage) || errors.Is(err, context.Canceled) {
		return err
	}
	help := hint.Of(err)
	if help == "" && errors.Is(err, fs.ErrNotExist) {
		help = "check the name, and the folder that it is in; a name with spaces needs quotes"
	}
	return &usageError{err: err, hint: help, command: "laurel verify"}
}

// cannotRead is why a file that the command line names cannot be read, without the
// system call that says so.
func cannotRead(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%s: %w", clean(name), err)
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
		return nil, cannotRead(name, err)
	}
	if info.IsDir() {
		return a.fromFolder(path)
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, cannotRead(name, err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, maxExpanded+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if isPage(data) {
		beside := filepath.Join(filepath.Dir(path), besidePage)
		if found, err := readInput(beside); err == nil && isClaim(found) {
			a.notef("%s is a page; the credential beside it is judged\n", clean(name))
			name, data = filepath.Join(filepath.Dir(name), besidePage), found
		}
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
	if beside := name[:strings.LastIndexByte(name, '/')+1] + besidePage; isPage(r.Body) && !strings.Contains(name, "?") {
		a.detailf("asking %s\n", clean(beside))
		if found, err := fetch.New(fetch.Options{}).Get(ctx, beside); err == nil && isClaim(found.Body) {
			a.notef("%s is a page; the credential beside it is judged\n", clean(name))
			name, r = beside, found
		}
	}
	return placed(a.fromBytes(name, r.Body), a.besideURL(name), a.filesOf(name)), nil
}

// besidePage is where the page of an award has its credential, in the same folder.
const besidePage = "credential.json"

// isPage tells a web page that holds no credential itself.
func isPage(data []byte) bool {
	format, claims := verify.Recognize(data)
	return format == verify.FormatHTML && !claims
}

func isClaim(data []byte) bool {
	_, claims := verify.Recognize(data)
	return claims
}

// fromFolder is every credential below a folder, and every file that looks as if there
// were one in it that cannot be read. Names with a dot in front, links and what is no
// credential are left out.
func (a *app) fromFolder(dir string) ([]input, error) {
	if privacy.IsBuiltSite(dir) {
		return nil, misuse("laurel audit "+hint.Arg(dir), "%s is a built site", dir)
	}
	var list []input
	var skipped []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		refuse := func(key, detail string) {
			list = append(list, input{name: path, report: verify.NotRead(key, detail)})
		}
		switch {
		case err != nil && path == dir:
			return err
		case err != nil:
			refuse("input-unreadable", err.Error())
			return nil
		case strings.HasPrefix(d.Name(), ".") && path != dir && d.IsDir():
			return fs.SkipDir
		case d.IsDir(), strings.HasPrefix(d.Name(), "."), d.Name() == tlog.PlaceFile:
			return nil
		case !d.Type().IsRegular():
			skipped = append(skipped, path)
			a.detailf("%s: a link, or no file\n", clean(path))
			return nil
		}
		data, err := readInput(path)
		if err != nil {
			refuse("input-unreadable", err.Error())
			return nil
		}
		switch format, claims := verify.Recognize(data); {
		case format == verify.FormatZIP:
			refuse("zip-file", "")
		case !claims:
			skipped = append(skipped, path)
			a.detailf("%s: not a credential\n", clean(path))
		case len(data) > maxInput:
			refuse("input-too-large", "")
		default:
			// Read again when its turn comes: a folder may hold more than memory.
			list = append(list, input{name: path, place: besideFile(path), files: filesIn(os.DirFS(filepath.Dir(path))), read: func() ([]byte, error) { return readInput(path) }})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read folder %s: %w", dir, err)
	}
	a.noteLeftOut(dir, skipped)
	if len(list) == 0 {
		return nil, hint.Errorf("ask for the file that the issuer provided, a .json, .jwt, .png, .svg or .pdf", "there is no credential in %s", clean(dir))
	}
	return list, nil
}

// maxNamed is the most files that were left out of a run that are named without -v.
const maxNamed = 10

// noteLeftOut names what was not judged, so that nobody's application is passed over
// unseen; with -v each was named before.
func (a *app) noteLeftOut(of string, files []string) {
	if len(files) == 0 {
		return
	}
	told := plural(len(files), "file") + " in " + clean(of) + " left out: not credentials"
	if a.verbose {
		a.notef("%s\n", told)
		return
	}
	a.notef("%s:\n", told)
	for i, file := range files {
		if i == maxNamed {
			a.notef("  and %d more; -v names each\n", len(files)-i)
			break
		}
		a.notef("  %s\n", clean(file))
	}
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
